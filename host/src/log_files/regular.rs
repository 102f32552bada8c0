//! The regular log: one file after the other.

use std::io;
use std::time::Duration;

use super::Settings;
use super::file::{Numbered, Pen, Step};
use super::folder::Folder;
use super::line::Who;
use super::outage::Outage;
use super::stamp::Stamper;

/// Bytes of a statement; longer ones are cut. The guest cuts at 4,096, so this is for one that doesn't.
const LONGEST_STATEMENT: usize = 1 << 20;
/// Files that one append may go through: other processes may fill a file faster than we get to write into it.
const ROUNDS: usize = 100;
/// How long a file may be locked by somebody else before lines are lost.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// The regular log of one host, on or off.
pub(super) struct Regular {
    folder: Folder,
    current: Option<(u32, Numbered)>,
    stamper: Stamper,
    buffer: Vec<u8>,
    outage: Outage,
}

impl Regular {
    pub(super) fn new(folder: Folder, utc: bool) -> Self {
        let (stamper, buffer) = (Stamper::new(utc), Vec::new());
        Self { folder, current: None, stamper, buffer, outage: Outage::default() }
    }

    /// Goes on in the file that `first` leads to; where that fails, all stays as it was.
    pub(super) fn turn_on(&mut self, first: u32) -> io::Result<()> {
        self.current = Some(self.folder.open_from(first, PATIENCE)?);
        Ok(())
    }

    pub(super) fn turn_off(&mut self) {
        self.current = None;
    }

    /// True where every statement was written, or the log is off.
    pub(super) fn append<S: AsRef<str>>(&mut self, settings: &Settings, who: Who, statements: &[S]) -> bool {
        if self.current.is_none() || statements.is_empty() {
            return true;
        }
        if self.outage.is_on() {
            let marker = self.outage.statement(settings.language);
            match self.deliver(settings, who, &[marker]) {
                Ok(()) => self.outage.end(),
                Err((error, _)) => return self.lose(settings, statements.len(), &error),
            }
        }
        match self.deliver(settings, who, statements) {
            Ok(()) => true,
            Err((error, lost)) => self.lose(settings, lost, &error),
        }
    }

    fn lose(&mut self, settings: &Settings, lines: usize, error: &io::Error) -> bool {
        if let Some((_, file)) = &self.current {
            let now = settings.clock.unix_ms();
            self.outage.lose(lines, error, file.place().path(), now, &*settings.reporter);
        }
        false
    }

    /// Writes, from file to file; or says how many statements were not.
    fn deliver<S: AsRef<str>>(
        &mut self,
        settings: &Settings,
        who: Who,
        mut rest: &[S],
    ) -> Result<(), (io::Error, usize)> {
        let patience = if self.outage.is_on() { Duration::ZERO } else { PATIENCE };
        for _ in 0..ROUNDS {
            let Some((number, file)) = &mut self.current else { return Ok(()) };
            let number = *number;
            let mut pen = Pen {
                clock: &*settings.clock,
                stamper: &mut self.stamper,
                buffer: &mut self.buffer,
                longest: LONGEST_STATEMENT,
                full: Some(self.folder.full),
                patience,
            };
            let Step { taken, full, moved, error } = file.append(&mut pen, who, rest);
            rest = &rest[taken..];
            if let Some(error) = error {
                return Err((error, rest.len()));
            }
            if full || moved {
                match self.folder.open_from(number, patience) {
                    Ok(next) => self.current = Some(next),
                    // The full file is found full again by the next append, which then tries again.
                    Err(_) if rest.is_empty() => {}
                    Err(error) => return Err((error, rest.len())),
                }
            }
            if rest.is_empty() {
                return Ok(());
            }
        }
        Err((io::Error::other("the log's files change faster than they can be written"), rest.len()))
    }
}
