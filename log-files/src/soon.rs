//! The regular log as all transporters of a host share it: what is written at once, what waits, and who writes it then.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread;

use super::folder::Folder;
use super::line::Who;
use super::queue::{Course, DELAY, Queue};
use super::regular::Regular;
use super::{LogError, Settings, unwritable};

/// The regular log, with the lines that wait to be written into it.
pub(super) struct Granted {
    settings: Arc<Settings>,
    /// Locked before the queue, so that lines come into the file in the order in which they were said.
    files: Mutex<Regular>,
    queue: Mutex<Queue>,
    /// Lines are being lost: then nothing waits, and everybody hears at once what became of theirs.
    is_out: AtomicBool,
    /// How often lines were lost that had waited.
    losses: AtomicU64,
    /// Wakes the thread that writes what waits; none where it could not be started.
    timer: OnceLock<Option<SyncSender<()>>>,
}

impl Granted {
    pub(super) fn new(folder: Folder, settings: Arc<Settings>) -> Self {
        Self {
            files: Mutex::new(Regular::new(folder, settings.utc)),
            queue: Mutex::new(Queue::new(settings.utc)),
            settings,
            is_out: AtomicBool::new(false),
            losses: AtomicU64::new(0),
            timer: OnceLock::new(),
        }
    }

    /// Goes on in the file that `first` leads to; 0 closes the file.
    pub(super) fn turn(&self, first: u32) -> Result<(), LogError> {
        let mut files = self.lock();
        self.write_waiting(&mut files);
        if first == 0 {
            files.turn_off();
            return Ok(());
        }
        files.turn_on(first).map_err(|error| unwritable(files.folder(), &error))
    }

    /// Writes statements, and what waits before them. True where all of the statements were written.
    pub(super) fn append<S: AsRef<str>>(&self, who: Who, statements: &[S]) -> bool {
        let mut files = self.lock();
        self.write_waiting(&mut files);
        let written = files.append(&self.settings, who, statements);
        self.is_out.store(files.is_out(), Ordering::Relaxed);
        written
    }

    /// The same, or where the log is busy, lets them wait for [`DELAY`] at most.
    pub(super) fn append_soon<S: AsRef<str>>(self: &Arc<Self>, who: Who, statements: &[S]) -> bool {
        if statements.is_empty() || self.is_out.load(Ordering::Relaxed) {
            return self.append(who, statements);
        }
        let course = self.queue().offer(&*self.settings.clock, who, statements);
        match course {
            Course::Write => return self.append(who, statements),
            Course::Wait => {}
            Course::WaitFirst if self.wake() => {}
            Course::WaitFirst | Course::Enough => self.flush(),
        }
        true
    }

    /// Writes what waits.
    pub(super) fn flush(&self) {
        self.write_waiting(&mut self.lock());
    }

    /// Changes whenever lines are lost that had waited.
    pub(super) fn losses(&self) -> u64 {
        self.losses.load(Ordering::Relaxed)
    }

    fn write_waiting(&self, files: &mut Regular) {
        let lines = self.queue().take();
        if lines.is_empty() {
            return;
        }
        if !files.write(&self.settings, &lines.entries()) {
            self.losses.fetch_add(1, Ordering::Relaxed);
        }
        self.is_out.store(files.is_out(), Ordering::Relaxed);
        self.queue().recycle(lines);
    }

    /// False where nobody will come.
    fn wake(self: &Arc<Self>) -> bool {
        let timer = self.timer.get_or_init(|| {
            let (timer, calls) = sync_channel(1);
            let log = Arc::downgrade(self);
            let thread = thread::Builder::new().name("smtp-log".to_owned()).stack_size(256 << 10);
            thread.spawn(move || write_later(&log, &calls)).ok().map(|_| timer)
        });
        // A call that waits already will do for this one too.
        timer.as_ref().is_some_and(|timer| !matches!(timer.try_send(()), Err(error) if is_gone(&error)))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Regular> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_gone(error: &std::sync::mpsc::TrySendError<()>) -> bool {
    matches!(error, std::sync::mpsc::TrySendError::Disconnected(()))
}

/// The thread: ends with the log.
fn write_later(log: &Weak<Granted>, calls: &Receiver<()>) {
    while calls.recv().is_ok() {
        thread::sleep(DELAY);
        let Some(log) = log.upgrade() else { return };
        log.flush();
    }
}
