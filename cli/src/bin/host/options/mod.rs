//! The options that several commands share, and what they come to.

mod attach;
mod dkim;
mod log;
mod mail;
mod mailbox;
mod recipient;
mod secret;
mod server;
mod text;
mod url;

pub use dkim::DkimOptions;
pub use log::{LogGrants, LogOptions, LogSetting, state_folder};
pub use mail::{MailOptions, Message};
pub use secret::{NamedSecret, Sources, named as named_secret};
pub use server::ServerOptions;
pub use url::Url;

use clap::Args;
use smtp_cli::mailbox::domain;

/// How the result is printed.
#[derive(Args)]
#[command(next_help_heading = "Output")]
pub struct OutputOptions {
    /// Print the result as one JSON object a line.
    #[arg(long)]
    pub json: bool,
}
