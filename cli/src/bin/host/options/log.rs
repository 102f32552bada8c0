//! Which conversations are logged, and where.

use clap::{Args, ValueEnum};
use smtp_host::log_files::{self, LogFiles, LogFilesBuilder};
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

/// What the transporter itself is told of its logs.
#[derive(Args)]
#[command(next_help_heading = "Logs")]
pub struct LogSetting {
    /// The extended log of this conversation; --log-file or --log-dir before the component grants it.
    #[arg(long, value_name = "FILE")]
    log_file: Option<String>,

    /// The language of the events in the logs.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    log_language: Language,
}

/// The logs that a component is granted.
#[derive(Args)]
#[command(next_help_heading = "Logs")]
pub struct LogGrants {
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

    /// The folder of the regular log [default: the platform's folder for state]. Given, the component may turn the
    /// regular log on and off, and write extended logs into this folder.
    #[arg(long, value_name = "DIR")]
    log_dir: Option<PathBuf>,

    /// Let it write this extended log, by exactly this name. Repeatable.
    #[arg(long, value_name = "FILE")]
    log_file: Vec<PathBuf>,

    /// How many files of the regular log are kept; 0 = all.
    #[arg(long, value_name = "N", default_value_t = 50)]
    log_keep: usize,

    /// The language of the host's own events in the logs.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    log_language: Language,

    /// Stamp the lines in UTC, not in local time.
    #[arg(long)]
    log_utc: bool,
}

/// What a transporter's settings say of its logs.
pub trait Logged {
    /// The name by which the transporter asks for its extended log.
    fn extended(&self) -> Option<String>;
    /// The language of the events.
    fn language(&self) -> types::Language;
}

impl LogGrants {
    /// Whether the component may turn the regular log on and off.
    pub fn may_set(&self) -> bool {
        self.log_dir.is_some()
    }

    /// The logs, opened.
    pub fn open(&self) -> Result<LogFiles, Failure> {
        let mut logs = own_numbers().keep(self.log_keep).utc(self.log_utc).language(self.log_language.into());
        if let Some(folder) = &self.log_dir {
            logs = logs.folder(folder).extended_folder(folder);
        }
        if let Some(first) = self.log {
            logs = logs.folder(folder(self.log_dir.as_ref())?).regular(first);
        }
        for file in &self.log_file {
            logs = logs.extended_file(file);
        }
        logs.build().map_err(|error| Failure::cant_create(error.to_string()))
    }
}

impl Logged for LogOptions {
    fn extended(&self) -> Option<String> {
        self.log_file.clone()
    }

    fn language(&self) -> types::Language {
        self.log_language.into()
    }
}

impl Logged for LogSetting {
    fn extended(&self) -> Option<String> {
        self.log_file.clone()
    }

    fn language(&self) -> types::Language {
        self.log_language.into()
    }
}

impl From<Language> for types::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::En => types::Language::English,
            Language::Es => types::Language::Spanish,
        }
    }
}

impl From<Language> for log_files::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::En => log_files::Language::English,
            Language::Es => log_files::Language::Spanish,
        }
    }
}

impl LogOptions {
    /// The logs, opened.
    pub fn open(&self) -> Result<LogFiles, Failure> {
        let mut logs = own_numbers().keep(self.log_keep).utc(self.log_utc).language(self.log_language.into());
        if let Some(first) = self.log {
            logs = logs.folder(folder(self.log_dir.as_ref())?).regular(first);
        }
        if let Some(file) = &self.log_file {
            logs = logs.extended_file(file);
        }
        logs.build().map_err(|error| Failure::cant_create(error.to_string()))
    }
}

/// Logs of this process: others may write into the same files meanwhile, and the system gives no two of them the same number.
fn own_numbers() -> LogFilesBuilder {
    LogFiles::builder().unique_from(u64::from(std::process::id()) * 1_000_000 + 1)
}

fn folder(given: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    given
        .cloned()
        .or_else(state_folder)
        .ok_or_else(|| Failure::usage("--log: this machine says no folder for state (no HOME): give --log-dir"))
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
