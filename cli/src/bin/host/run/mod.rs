//! `host run`: a component of somebody's, in the sandbox, with what was granted and nothing else.

mod asked;
mod command;
mod folder;
mod grants;
mod load;
mod mail;
mod output;
mod refusals;

use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::exit::Failure;
use crate::terminal;
use grants::Grants;
use load::Loaded;
pub use load::read as read_component;

/// Runs a component in the sandbox: a command that may send mail, or a transporter.
///
/// A command (exports wasi:cli/run, in any language) gets ARGS as its arguments, and a transporter where it imports one. A
/// transporter (exports smtp:transporter/transporter) takes the options of `host send` as ARGS. Nothing is granted by
/// default, not even the server that ARGS name; what was refused is said with the option that would allow it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  host run --allow mail.example.com:587 --env MAIL_USER --env MAIL_PASSWORD plugin.wasm mail.example.com 587 a@example.com b@example.org
  host run --allow mail.example.com:587 --log other-transporter.wasm --server smtp://mail.example.com \\
      --from a@example.com --to b@example.org --text Hello")]
pub struct Run {
    #[command(flatten)]
    grants: Grants,

    /// The component: a .wasm file.
    component: PathBuf,

    /// What it is to do.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Run {
    pub fn run(&self) -> ExitCode {
        let ran = load::load(&self.component, &self.grants).and_then(|loaded| match loaded {
            Loaded::Transporter(bytes) => Ok(mail::send(bytes, &self.component, &self.grants, &self.arguments)),
            Loaded::Command(bytes) => self.command(&bytes),
        });
        ran.unwrap_or_else(|failure| {
            terminal::say_failure(&failure);
            failure.exit.into()
        })
    }

    fn command(&self, component: &[u8]) -> Result<ExitCode, Failure> {
        let text = |argument: &OsString| {
            argument.clone().into_string().map_err(|_| Failure::data("an argument of the component is not UTF-8 text"))
        };
        let mut arguments = vec![self.component.to_string_lossy().into_owned()];
        for argument in &self.arguments {
            arguments.push(text(argument)?);
        }
        command::run(component, &self.grants, &arguments)
    }
}
