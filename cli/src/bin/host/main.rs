//! `host`: sends mail through the transporter component, and shows what was said.
//!
//! Results go to standard output; warnings and prose to standard error. Exit codes are those of [`exit::Exit`].

// The doc comments of options are help texts: brackets in them mean "optional".
#![allow(rustdoc::broken_intra_doc_links, rustdoc::bare_urls)]

mod answers;
mod batch;
mod check;
mod completions;
mod compose;
mod demo;
mod exit;
mod inspect;
mod job;
mod logs;
mod options;
mod paint;
mod result;
mod run;
mod send;
mod serve;
mod terminal;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Sends mail by SMTP from within a WebAssembly sandbox, and writes down every conversation.
#[derive(Parser)]
#[command(name = "host", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Example: the whole thing at work, without a mail server of your own\n  host demo")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Send(Box<send::Send>),
    Check(Box<check::Check>),
    Run(Box<run::Run>),
    Inspect(inspect::Inspect),
    Compose(compose::Compose),
    Demo(demo::Demo),
    Serve(Box<serve::Serve>),
    Logs(Box<logs::Logs>),
    Completions(completions::Completions),
    Man(completions::Man),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are what was asked for; all else is a wrong command line.
            let _ = error.print();
            return if error.use_stderr() { exit::Exit::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    match cli.command {
        Command::Send(send) => send.run(),
        Command::Check(check) => check.run(),
        Command::Run(run) => return run.run(),
        Command::Inspect(inspect) => inspect.run(),
        Command::Compose(compose) => compose.run(),
        Command::Serve(serve) => serve.run(),
        Command::Logs(logs) => logs.run(),
        Command::Demo(demo) => demo.run(),
        Command::Completions(completions) => completions.run(),
        Command::Man(man) => man.run(),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound_and_every_help_has_an_example() {
        let mut command = Cli::command();
        command.clone().debug_assert();
        for command in command.get_subcommands_mut() {
            let help = command.render_long_help().to_string();
            assert!(help.contains("Example"), "{help}");
        }
    }
}
