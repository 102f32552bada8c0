//! `host check`: is the server there, and does it know us?

use clap::Args;

use crate::exit::{Exit, Failure};
use crate::job::{self, Job, Stop};
use crate::options::{LogOptions, OutputOptions, ServerOptions};
use crate::result::Outcome;
use crate::terminal;

/// Opens the connection, authenticates, says NOOP and closes; no mail is sent.
#[derive(Args)]
#[command(after_help = "\
Example:
  SMTP_PASSWORD=… host check --server smtp://ana@mail.example.com --log-file conversation.txt")]
pub struct Check {
    #[command(flatten)]
    server: ServerOptions,
    #[command(flatten)]
    log: LogOptions,
    #[command(flatten)]
    output: OutputOptions,
}

impl Check {
    pub fn run(&self) -> Exit {
        job::block_on(self.check(), self.output.json)
    }

    async fn check(&self) -> Result<(), Stop> {
        let mut transporter = Job::prepare(&self.server, &self.log)?.transporter().await?;
        let checked = transporter.check_connection().await;
        let said = checked.map(|reply| -> Result<(), Failure> {
            if self.output.json {
                return Outcome::checked(&reply).print();
            }
            terminal::result(&terminal::safe(&format!("The server answers: {} {}", reply.status, reply.text)))
        });
        transporter.close().await;
        said?.map_err(Stop::from)
    }
}
