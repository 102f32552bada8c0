//! An extended log: one file for one transporter, of any size.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::file::{Numbered, Pen, Step};
use super::identity::Identity;
use super::os::Place;
use super::outage::{Outage, reason};
use super::regular::PATIENCE;
use super::stamp::Stamper;
use super::{LogError, LogFiles, Settings, Written, tail};

/// Bytes of a statement; the tail of a file is looked at in as many bytes as hold at least one whole line.
const LONGEST_STATEMENT: usize = 7 << 20;
const _: () = assert!((LONGEST_STATEMENT as u64) < tail::FARTHEST_LOOK / 2);
/// Times that the file may be taken away and made anew within one append.
const ROUNDS: usize = 10;

/// An open extended log. Clones write to the same file; two that were opened apart may do so too.
#[derive(Clone)]
pub struct ExtendedLog {
    settings: Arc<Settings>,
    open: Arc<Mutex<Open>>,
}

struct Open {
    file: Numbered,
    stamper: Stamper,
    buffer: Vec<u8>,
    outage: Outage,
}

impl LogFiles {
    /// Opens or goes on with the extended log of this name, in the folder (or as the very file) that was granted.
    ///
    /// # Errors
    /// `Denied` where the grant does not reach it, `InvalidName` where the name is no plain file name or leads through
    /// a link or to something that is no regular file, `Unwritable` where the file can't be opened.
    pub fn open_extended(&self, name: &str) -> Result<ExtendedLog, LogError> {
        let settings = self.settings();
        let place = settings.grants.resolve(name)?;
        let file = Numbered::open(place).map_err(|error| refusal(name, &error))?;
        let (stamper, buffer) = (Stamper::new(settings.utc), Vec::new());
        let open = Open { file, stamper, buffer, outage: Outage::default() };
        Ok(ExtendedLog { settings, open: Arc::new(Mutex::new(open)) })
    }
}

/// What it means that a file could not be opened.
fn refusal(name: &str, error: &std::io::Error) -> LogError {
    use std::io::ErrorKind;
    let what = reason(error);
    match error.kind() {
        ErrorKind::InvalidInput | ErrorKind::IsADirectory => LogError::InvalidName(format!("'{name}': {what}")),
        _ => LogError::Unwritable(format!("the log file '{name}' can't be opened: {what}")),
    }
}

impl ExtendedLog {
    /// Writes statements, one line each.
    pub fn append<S: AsRef<str>>(&self, identity: &Identity, statements: &[S]) -> Written {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.append(&self.settings, identity, statements) { Written::All } else { Written::Lost }
    }
}

impl fmt::Debug for ExtendedLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtendedLog").finish_non_exhaustive()
    }
}

impl Open {
    fn append<S: AsRef<str>>(&mut self, settings: &Settings, identity: &Identity, statements: &[S]) -> bool {
        let mut lost = 0;
        let mut why = None;
        if self.outage.is_on() && !statements.is_empty() {
            let marker = self.outage.statement(settings.language);
            match self.deliver(settings, identity, &[marker]) {
                Ok(()) => self.outage.end(),
                Err((error, _)) => (why, lost) = (Some(error), statements.len()),
            }
        }
        if why.is_none() {
            if let Err((error, left)) = self.deliver(settings, identity, statements) {
                (why, lost) = (Some(error), left);
            }
        }
        if let Some(error) = &why {
            let now = settings.clock.unix_ms();
            self.outage.lose(lost, error, self.file.place().path(), now, &*settings.reporter);
        }
        why.is_none()
    }

    fn deliver<S: AsRef<str>>(
        &mut self,
        settings: &Settings,
        identity: &Identity,
        mut rest: &[S],
    ) -> Result<(), (std::io::Error, usize)> {
        let patience = if self.outage.is_on() { Duration::ZERO } else { PATIENCE };
        for _ in 0..ROUNDS {
            if rest.is_empty() {
                return Ok(());
            }
            let mut pen = Pen {
                clock: &*settings.clock,
                stamper: &mut self.stamper,
                buffer: &mut self.buffer,
                longest: LONGEST_STATEMENT,
                full: None,
                patience,
            };
            let Step { taken, moved, error, .. } = self.file.append(&mut pen, identity.who(), rest);
            rest = &rest[taken..];
            if let Some(error) = error {
                return Err((error, rest.len()));
            }
            if moved {
                let place: Place = self.file.place().clone();
                self.file = Numbered::open(place).map_err(|error| (error, rest.len()))?;
            }
        }
        Err((std::io::Error::other("the file is taken away all the time"), rest.len()))
    }
}
