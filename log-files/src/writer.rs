//! What both logs do alike: write, go on in another file where one is full or gone, count what is lost.

use std::io;
use std::time::Duration;

use super::Settings;
use super::file::{Numbered, Pen, Step};
use super::line::{Entry, Who};
use super::outage::Outage;
use super::stamp::Stamper;

/// How long a file may be locked by somebody else before lines are lost: far longer than writing takes, and waited for
/// once an outage only.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// Files that one append may go through: other processes may fill a file faster than we get to write into it.
const ROUNDS: usize = 100;

/// The file or files that a log writes to.
pub(super) trait Files {
    /// Bytes of a statement; longer ones are cut.
    const LONGEST_STATEMENT: usize;
    /// Whether the host's observer is told of the lines.
    const OBSERVED: bool;

    /// The file to write to now.
    fn current(&mut self) -> &mut Numbered;

    /// Bytes that make a file full, where anything does.
    fn full(&self) -> Option<u64>;

    /// Goes on where the current file is full or no longer at its path; where that fails, it stays the current one.
    fn go_on(&mut self, patience: Duration) -> io::Result<()>;
}

/// The memory of one log, beside its files.
pub(super) struct Writer {
    stamper: Stamper,
    buffer: Vec<u8>,
    outage: Outage,
}

impl Writer {
    pub(super) fn new(utc: bool) -> Self {
        Self { stamper: Stamper::new(utc), buffer: Vec::new(), outage: Outage::default() }
    }

    /// What was lost is not told yet.
    pub(super) fn is_out(&self) -> bool {
        self.outage.is_on()
    }

    /// Writes statements that are said now. True where every one was written.
    pub(super) fn append<F: Files, S: AsRef<str>>(
        &mut self,
        settings: &Settings,
        files: &mut F,
        who: Who,
        statements: &[S],
    ) -> bool {
        let stamp = self.stamper.now(&*settings.clock);
        let statements = statements.iter().map(AsRef::as_ref);
        let entries: Vec<_> = statements.map(|statement| Entry { who, stamp, statement }).collect();
        self.write(settings, files, &entries)
    }

    /// Writes lines. True where every one was written.
    pub(super) fn write<F: Files>(&mut self, settings: &Settings, files: &mut F, entries: &[Entry<'_>]) -> bool {
        let Err((error, lost)) = self.tell_and_deliver(settings, files, entries) else { return true };
        let (path, now) = (files.current().place().path(), settings.clock.unix_ms());
        self.outage.lose(lost, &error, path, now, &*settings.reporter);
        false
    }

    /// Says first how many lines are missing, if any are. The error comes with how many lines were not written.
    fn tell_and_deliver<F: Files>(
        &mut self,
        settings: &Settings,
        files: &mut F,
        entries: &[Entry<'_>],
    ) -> Result<(), (io::Error, usize)> {
        if let (true, Some(first)) = (self.outage.is_on(), entries.first()) {
            let statement = self.outage.statement(settings.language);
            let marker = [Entry { statement: &statement, ..*first }];
            self.deliver(settings, files, &marker).map_err(|(error, _)| (error, entries.len()))?;
            self.outage.end();
        }
        self.deliver(settings, files, entries)
    }

    fn deliver<F: Files>(
        &mut self,
        settings: &Settings,
        files: &mut F,
        mut rest: &[Entry<'_>],
    ) -> Result<(), (io::Error, usize)> {
        // Who has waited in vain once does not make every mail wait.
        let patience = if self.outage.is_on() { Duration::ZERO } else { PATIENCE };
        for _ in 0..ROUNDS {
            if rest.is_empty() {
                return Ok(());
            }
            let mut pen = Pen {
                clock: &*settings.clock,
                stamper: &mut self.stamper,
                buffer: &mut self.buffer,
                longest: F::LONGEST_STATEMENT,
                full: files.full(),
                patience,
                observer: settings.observer.as_ref().filter(|_| F::OBSERVED),
            };
            let Step { taken, full, moved, error } = files.current().append(&mut pen, rest);
            rest = &rest[taken..];
            if let Some(error) = error {
                return Err((error, rest.len()));
            }
            if full || moved {
                match files.go_on(patience) {
                    // Where the next file can't be opened yet, the next append finds the full one full, and tries again.
                    Err(error) if !rest.is_empty() => return Err((error, rest.len())),
                    Ok(()) | Err(_) => {}
                }
            }
        }
        if rest.is_empty() {
            return Ok(());
        }
        Err((io::Error::other("the log's files change faster than they can be written"), rest.len()))
    }
}
