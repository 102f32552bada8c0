//! flock(2) with an end: a process that was stopped while it held the lock must not stop our mails.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::thread;
use std::time::{Duration, Instant};

/// Tries that only give up the processor: a writer holds the lock for a few microseconds.
const YIELDS: u32 = 50;
const NAP: Duration = Duration::from_micros(100);

/// The lock on one file, until it is dropped.
pub(super) struct Locked<'a>(Option<&'a File>);

/// Locks, or says after `patience` that somebody else does not let go.
///
/// A file system without locks is written to without: one append is one write(2) with O_APPEND still.
pub(super) fn lock(file: &File, patience: Duration) -> io::Result<Locked<'_>> {
    let mut began = None;
    let mut tries = 0;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Locked(Some(file))),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) if is_unsupported(&error) => return Ok(Locked(None)),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if began.get_or_insert_with(Instant::now).elapsed() >= patience {
            return Err(io::Error::new(ErrorKind::WouldBlock, "another process keeps the file locked"));
        }
        tries += 1;
        if tries < YIELDS { thread::yield_now() } else { thread::sleep(NAP) }
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        if let Some(file) = self.0 {
            // Nothing can be done about it here, and closing the file unlocks it too.
            let _ = file.unlock();
        }
    }
}

fn is_unsupported(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error()) {
        return true;
    }
    error.kind() == ErrorKind::Unsupported
}
