//! The conversation logs: numbered, stamped files that a person can read, whatever happens around them.
//!
//! A line is `counter date slot unique statement`. The guest writes the statement; the rest is written here, since
//! only the file's owner can number lines in order, and a sandboxed guest can forge neither time nor identity.
//!
//! # What holds for every file
//! - One append is one write(2) with O_APPEND, under a flock(2) on the file. Whoever else appended in between, in this
//!   process or another, is noticed by the file's length; then the counter and the stamp go on from what the file ends
//!   with. So lines are never torn, counters never repeat, and stamps never go backwards.
//! - A last line without LF (its writer died) gets one first. It keeps its number; the next line has the one after.
//! - A file that was removed or renamed by somebody else is opened anew.
//! - When `append` returns, the lines are with the operating system. (Where a log is busy, `append_regular_soon` lets
//!   them wait for 10 ms.) They are not forced to the disk (fsync): they
//!   survive a crash of the host, not one of the machine.
//! - What can't be written is lost, and counted: mail goes on. The log tells of it when it can be written again.
//!
//! # The regular log
//! `SMTPLog_N.txt`: the file that a line brings to `max_bytes` is closed and the next number opened. A file that
//! exists is appended to, going on from its counter; a full one is passed over; none is ever replaced. So several
//! processes come to the same file, and no line is lost. All but the newest `keep` files up to the current one are
//! removed.

mod builder;
mod clock;
mod control;
mod extended;
mod file;
mod folder;
mod identity;
mod line;
mod lock;
mod name;
mod observer;
mod os;
mod outage;
mod queue;
mod regular;
mod soon;
mod stamp;
mod tail;
#[cfg(all(test, unix))]
mod tests;
mod writer;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

pub use builder::LogFilesBuilder;
pub use clock::{Clock, SystemClock};
pub use extended::ExtendedLog;
pub use identity::Identity;
pub use observer::Appended;

use folder::Folder;
use identity::Slots;
use name::Grants;
use observer::Observer;
use soon::Granted;

/// The logs of one host. Clones are the same logs.
#[derive(Clone)]
pub struct LogFiles(Arc<Shared>);

struct Shared {
    is_on: AtomicBool,
    /// `None`: not granted.
    regular: Option<Arc<Granted>>,
    settings: Arc<Settings>,
    slots: Arc<Mutex<Slots>>,
}

impl Drop for Shared {
    /// Here, and not with the regular log itself: that may go with its thread, which the end of the process cuts off.
    fn drop(&mut self) {
        if let Some(regular) = &self.regular {
            regular.flush();
        }
    }
}

/// What both logs share.
struct Settings {
    utc: bool,
    language: Language,
    grants: Grants,
    clock: Arc<dyn Clock>,
    reporter: Arc<dyn Fn(&str) + Send + Sync>,
    observer: Option<Observer>,
}

/// What became of statements that were handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Written {
    /// They are with the operating system, or their log is off.
    All,
    /// Some or all could not be written; the log will say how many.
    Lost,
}

/// The language of the host's own events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Language {
    #[default]
    English,
    Spanish,
}

/// Why a log can't be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// It was not granted; the text says what would grant it.
    #[error("{0}")]
    Denied(String),
    /// The name is no plain file name, or leaves the folder.
    #[error("{0}")]
    InvalidName(String),
    /// The file can't be written; the text says why.
    #[error("{0}")]
    Unwritable(String),
}

impl Written {
    fn all(all: bool) -> Self {
        if all { Self::All } else { Self::Lost }
    }
}

impl LogFiles {
    /// Where the settings are made.
    pub fn builder() -> LogFilesBuilder {
        LogFilesBuilder::default()
    }

    /// Logs of which none is granted.
    pub fn off() -> LogFiles {
        builder::nothing_granted()
    }

    fn new(folder: Option<Folder>, unique: u64, settings: Settings) -> Self {
        let settings = Arc::new(settings);
        Self(Arc::new(Shared {
            is_on: AtomicBool::new(false),
            regular: folder.map(|folder| Arc::new(Granted::new(folder, settings.clone()))),
            settings,
            slots: Arc::new(Mutex::new(Slots::from(unique))),
        }))
    }

    /// 0 turns the regular log off; N turns it on, with N as the number of its first file, for everybody at once.
    ///
    /// # Errors
    /// `Denied` where no folder was granted, `Unwritable` where the file can't be opened; then all stays as it was.
    pub fn set_regular(&self, first: u32) -> Result<(), LogError> {
        let Some(regular) = &self.0.regular else {
            let denied = || LogError::Denied("the regular log is not granted; --log-dir would allow it".to_owned());
            return if first == 0 { Ok(()) } else { Err(denied()) };
        };
        regular.turn(first)?;
        self.0.is_on.store(first != 0, Ordering::Relaxed);
        Ok(())
    }

    /// One relaxed load: what the log costs while it is off.
    #[inline]
    pub fn regular_is_on(&self) -> bool {
        self.0.is_on.load(Ordering::Relaxed)
    }

    /// Writes statements into the regular log, one line each; while it is off, does nothing. When this returns, they are
    /// with the operating system, and so is everything that waited.
    #[inline]
    pub fn append_regular<S: AsRef<str>>(&self, identity: &Identity, statements: &[S]) -> Written {
        let Some(regular) = self.on() else { return Written::All };
        Written::all(regular.append(identity.who(), statements))
    }

    /// The same, but where the log is busy (over 16 calls within 10 ms) the lines wait with those of others and are
    /// written together: within 10 ms, before any line that is written at once, and when the last clone of these logs
    /// goes. They bear the time of this call. Lines that waited and could not be written are `Lost` at the next call
    /// for the same identity. Without statements, what waits is written.
    #[inline]
    pub fn append_regular_soon<S: AsRef<str>>(&self, identity: &Identity, statements: &[S]) -> Written {
        let Some(regular) = self.on() else { return Written::All };
        let written = regular.append_soon(identity.who(), statements);
        Written::all(written & !identity.hears_of(regular.losses()))
    }

    /// Writes what waits in the regular log.
    pub fn flush(&self) {
        if let Some(regular) = &self.0.regular {
            regular.flush();
        }
    }

    fn on(&self) -> Option<&Arc<Granted>> {
        if self.regular_is_on() { self.0.regular.as_ref() } else { None }
    }

    /// How often lines were lost that had waited.
    fn losses(&self) -> u64 {
        self.0.regular.as_ref().map_or(0, |regular| regular.losses())
    }

    /// The language of the host's own events.
    pub fn language(&self) -> Language {
        self.0.settings.language
    }

    fn settings(&self) -> Arc<Settings> {
        self.0.settings.clone()
    }

    fn slots(&self) -> Arc<Mutex<Slots>> {
        self.0.slots.clone()
    }
}

impl fmt::Debug for LogFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogFiles").field("regular_is_on", &self.regular_is_on()).finish_non_exhaustive()
    }
}

fn unwritable(folder: &Folder, error: &std::io::Error) -> LogError {
    let why = outage::reason(error);
    LogError::Unwritable(format!("the log folder '{}' can't be written: {why}", folder.path.display()))
}
