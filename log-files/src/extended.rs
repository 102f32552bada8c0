//! An extended log: one file for one transporter, of any size.

use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::file::Numbered;
use super::identity::Identity;
use super::outage::reason;
use super::writer::{Files, Writer};
use super::{LogError, LogFiles, Settings, Written, tail};

/// An open extended log. Clones write to the same file; logs that were opened apart may do so too.
#[derive(Clone)]
pub struct ExtendedLog {
    settings: Arc<Settings>,
    open: Arc<Mutex<(Single, Writer)>>,
}

/// The one file of an extended log.
struct Single(Numbered);

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
        let open = Arc::new(Mutex::new((Single(file), Writer::new(settings.utc))));
        Ok(ExtendedLog { settings, open })
    }
}

impl ExtendedLog {
    /// Writes statements, one line each.
    pub fn append<S: AsRef<str>>(&self, identity: &Identity, statements: &[S]) -> Written {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, writer) = &mut *open;
        Written::all(writer.append(&self.settings, file, identity.who(), statements))
    }
}

impl fmt::Debug for ExtendedLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtendedLog").finish_non_exhaustive()
    }
}

impl Files for Single {
    const LONGEST_STATEMENT: usize = 7 << 20;
    const OBSERVED: bool = false;

    fn current(&mut self) -> &mut Numbered {
        &mut self.0
    }

    fn full(&self) -> Option<u64> {
        None
    }

    fn go_on(&mut self, _: Duration) -> io::Result<()> {
        self.0 = Numbered::open(self.0.place().clone())?;
        Ok(())
    }
}

// However long the last line of a file is, looking back finds a whole one.
const _: () = assert!((Single::LONGEST_STATEMENT as u64) < tail::FARTHEST_LOOK / 2);

/// What it means that a file could not be opened.
fn refusal(name: &str, error: &io::Error) -> LogError {
    let (name, why) = (name.escape_debug(), reason(error));
    match error.kind() {
        ErrorKind::InvalidInput | ErrorKind::IsADirectory => LogError::InvalidName(format!("'{name}': {why}")),
        _ => LogError::Unwritable(format!("the log file '{name}' can't be opened: {why}")),
    }
}
