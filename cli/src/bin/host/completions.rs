//! Completions for shells, and manual pages: made of the definitions of the command line itself.

use clap::{Args, CommandFactory};

use crate::Cli;
use crate::exit::{Exit, Failure};
use crate::terminal;

/// Prints the completions for a shell.
#[derive(Args)]
#[command(after_help = "Example:\n  host completions bash > ~/.local/share/bash-completion/completions/host")]
pub struct Completions {
    /// Which shell.
    shell: clap_complete::Shell,
}

/// Prints a manual page.
#[derive(Args)]
#[command(after_help = "Example:\n  host man send | man -l -")]
pub struct Man {
    /// The command that it is about; without it, all of `host`.
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl Completions {
    pub fn run(self) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "host", &mut script);
        end(terminal::document(&script))
    }
}

impl Man {
    pub fn run(self) -> Exit {
        let mut page = Vec::new();
        let made = self.about().and_then(|command| {
            let rendered = clap_mangen::Man::new(command).render(&mut page);
            rendered.map_err(|error| Failure::defect(error.to_string()))
        });
        end(made.and_then(|()| terminal::document(&page)))
    }

    fn about(&self) -> Result<clap::Command, Failure> {
        let mut all = Cli::command();
        let Some(name) = &self.command else { return Ok(all) };
        all.build();
        let found = all.find_subcommand(name).cloned();
        found.ok_or_else(|| Failure::usage(format!("there is no command '{}'", terminal::safe(name))))
    }
}

fn end(result: Result<(), Failure>) -> Exit {
    match result {
        Ok(()) => Exit::Done,
        Err(failure) => {
            terminal::say_failure(&failure);
            failure.exit
        }
    }
}
