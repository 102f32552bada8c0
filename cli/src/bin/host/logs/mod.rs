//! `host logs`: reads conversation logs, follows them, explains and draws them, and takes mails out of them.

mod explain;
mod extract;
mod filter;
mod follow;
mod input;
mod language;
mod output;
mod pass;
mod report;
mod screen;
mod view;

use clap::{Args, Subcommand};

use crate::exit::{Exit, Failure};
use crate::terminal;

/// Reads conversation logs.
#[derive(Args)]
#[command(after_help = "\
Example: what went wrong, and what to do
  host logs explain SMTPLog_1.txt")]
pub struct Logs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    View(view::View),
    Follow(follow::Follow),
    Explain(explain::Explain),
    Report(report::Report),
    Extract(extract::Extract),
}

impl Logs {
    pub fn run(&self) -> Exit {
        let result = match &self.command {
            Command::View(view) => view.run(),
            Command::Follow(follow) => follow.run(),
            Command::Explain(explain) => explain.run(),
            Command::Report(report) => report.run(),
            Command::Extract(extract) => extract.run(),
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
