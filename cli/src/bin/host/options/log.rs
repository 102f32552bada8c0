//! Which conversations are logged, and where.

use clap::{Args, ValueEnum};
use smtp_host::log_files::{self, LogFiles};
use smtp_host::types;
use std::path::PathBuf;

use crate::exit::Failure;

/// The logs.
#[derive(Args)]
#[command(next_help_heading = "Logs")]
pub struct LogOptions {
    /// The extended log of this conversation: everything, the mail's content too.
    #[arg(long, value_name = "FILE", env = "SMTP_LOG_FILE")]
    log_file: Option<String>,

    /// Turn the regular log on; N is the number of its first file.
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "1",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    log: Option<u32>,

    /// The folder of the regular log [default: the platform's folder for state].
    #[arg(long, value_name = "DIR", requires = "log")]
    log_dir: Option<PathBuf>,

    /// How many files of the regular log are kept; 0 = all.
    #[arg(long, value_name = "N", default_value_t = 50)]
    log_keep: usize,

    /// The language of the events in the logs.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", env = "SMTP_LOG_LANGUAGE")]
    log_language: Language,

    /// Stamp the lines in UTC, not in local time.
    #[arg(long)]
    log_utc: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    En,
    Es,
}

impl LogOptions {
    /// The logs, opened.
    pub fn open(&self) -> Result<LogFiles, Failure> {
        let mut logs = LogFiles::builder().keep(self.log_keep).utc(self.log_utc).language(match self.log_language {
            Language::En => log_files::Language::English,
            Language::Es => log_files::Language::Spanish,
        });
        if let Some(first) = self.log {
            logs = logs.folder(self.folder()?).regular(first);
        }
        if let Some(file) = &self.log_file {
            logs = logs.extended_file(file);
        }
        logs.build().map_err(|error| Failure::cant_create(error.to_string()))
    }

    /// The name by which the transporter asks for its extended log.
    pub fn extended(&self) -> Option<String> {
        self.log_file.clone()
    }

    /// The language of the events.
    pub fn language(&self) -> types::Language {
        match self.log_language {
            Language::En => types::Language::English,
            Language::Es => types::Language::Spanish,
        }
    }

    fn folder(&self) -> Result<PathBuf, Failure> {
        self.log_dir
            .clone()
            .or_else(state_folder)
            .ok_or_else(|| Failure::usage("--log: this machine says no folder for state (no HOME): give --log-dir"))
    }
}

/// Where a program's own state belongs on this platform.
pub fn state_folder() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = if cfg!(windows) {
        from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        from("HOME").map(|home| home.join("Library/Logs"))
    } else {
        from("XDG_STATE_HOME").or_else(|| from("HOME").map(|home| home.join(".local/state")))
    };
    base.map(|base| base.join("smtp-transporter"))
}
