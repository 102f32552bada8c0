//! What the host's owner decides about the logs.

use std::path::PathBuf;
use std::sync::Arc;

use super::clock::{Clock, SystemClock};
use super::folder::Folder;
use super::name::Grants;
use super::observer::{Appended, Observer};
use super::{Language, LogError, LogFiles, Settings};

/// Settings of [`LogFiles`]; without any, both logs are denied.
#[must_use]
pub struct LogFilesBuilder {
    folder: Option<PathBuf>,
    prefix: String,
    keep: usize,
    max_bytes: u64,
    utc: bool,
    language: Language,
    first: u32,
    unique: u64,
    grants: Grants,
    clock: Arc<dyn Clock>,
    reporter: Arc<dyn Fn(&str) + Send + Sync>,
    observer: Option<Observer>,
}

impl Default for LogFilesBuilder {
    fn default() -> Self {
        Self {
            folder: None,
            prefix: "SMTPLog".to_owned(),
            keep: 50,
            max_bytes: 10_000_000,
            utc: false,
            language: Language::English,
            first: 0,
            unique: 1,
            grants: Grants::default(),
            clock: Arc::new(SystemClock),
            reporter: Arc::new(to_standard_error),
            observer: None,
        }
    }
}

impl LogFilesBuilder {
    /// The folder of the regular log; made where it is missing, when the log is turned on. Default: none, and the
    /// regular log is denied.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// What stands before `_1.txt`; default `SMTPLog`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How many files of the regular log are kept, the newest; 0 = all; default 50.
    pub fn keep(mut self, files: usize) -> Self {
        self.keep = files;
        self
    }

    /// The size that makes a file of the regular log full; default 10,000,000 bytes.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes.max(1);
        self
    }

    /// Stamps in UTC, with a `Z`; default: local time without zone.
    pub fn utc(mut self, utc: bool) -> Self {
        self.utc = utc;
        self
    }

    /// The language of the host's own events; default English.
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Turns the regular log on from the start, as [`LogFiles::set_regular`] does; default 0, off.
    pub fn regular(mut self, first: u32) -> Self {
        self.first = first;
        self
    }

    /// The first unique process ID, field 4; default 1. Hosts that append to the same files at the same time need numbers
    /// of their own: where fields 3 and 4 are the same, nobody can tell their lines apart.
    pub fn unique_from(mut self, first: u64) -> Self {
        self.unique = first;
        self
    }

    /// Guests may open extended logs in this folder. Repeatable: a relative name is looked for in the first.
    pub fn extended_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.grants.folders.push(folder.into());
        self
    }

    /// Guests may open exactly this file as an extended log, by exactly this name. Repeatable.
    pub fn extended_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.grants.files.push(file.into());
        self
    }

    /// Where the time comes from; default [`SystemClock`].
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Who is told, once an outage, that a log can't be written; default: standard error. It must not write to these
    /// logs itself.
    pub fn reporter(mut self, reporter: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.reporter = Arc::new(reporter);
        self
    }

    /// Who is told of every line of the regular log that this host has written, in the order of the file. It is called
    /// while the log is locked: it must be quick, and must not use these logs itself. Default: nobody.
    pub fn observer(mut self, observer: impl Fn(Appended<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The logs.
    ///
    /// # Errors
    /// `Unwritable` or `Denied` where the regular log was to be on and can't be; `InvalidName` for a prefix that is
    /// no part of a file name.
    pub fn build(self) -> Result<LogFiles, LogError> {
        if self.prefix.is_empty() || self.prefix.contains(['/', '\\', ':']) || self.prefix.contains(char::is_control) {
            return Err(LogError::InvalidName(format!("'{}' is no part of a file name", self.prefix.escape_debug())));
        }
        let Self { prefix, keep, max_bytes: full, utc, language, clock, reporter, observer, unique, .. } = self;
        let folder = self.folder.map(|path| Folder { path, prefix, keep, full });
        let grants = Grants { regular: folder.clone(), ..self.grants };
        let logs = LogFiles::new(folder, unique, Settings { utc, language, grants, clock, reporter, observer });
        logs.set_regular(self.first)?;
        Ok(logs)
    }
}

/// The default settings, without a folder to open.
pub(super) fn nothing_granted() -> LogFiles {
    let LogFilesBuilder { utc, language, clock, reporter, observer, grants, .. } = LogFilesBuilder::default();
    LogFiles::new(None, 1, Settings { utc, language, grants, clock, reporter, observer })
}

fn to_standard_error(text: &str) {
    use std::io::Write;
    // Not `eprintln!`: it panics where standard error is closed.
    let _ = writeln!(std::io::stderr(), "warning: {text}");
}
