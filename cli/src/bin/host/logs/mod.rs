//! `host logs`: reads conversation logs.

mod report;

use clap::{Args, Subcommand};

use crate::exit::{Exit, Failure};
use crate::terminal;

/// Reads conversation logs.
#[derive(Args)]
#[command(after_help = "\
Example: a page to hand on
  host logs report SMTPLog_1.txt -o report.html")]
pub struct Logs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Report(report::Report),
}

impl Logs {
    pub fn run(&self) -> Exit {
        let result = match &self.command {
            Command::Report(report) => report.run(),
        };
        match result {
            Ok(exit) => exit,
            Err(Stop::Failed(failure)) => {
                terminal::say_failure(&failure);
                failure.exit
            }
            // Who reads the output has seen enough: `| head`.
            Err(Stop::Unheard) => Exit::Done,
        }
    }
}

/// Why a command ends before its end.
enum Stop {
    Failed(Failure),
    /// Nobody reads the output any more.
    Unheard,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}
