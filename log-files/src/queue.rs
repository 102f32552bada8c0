//! Lines of a busy log that wait to be written together.
//!
//! Writing costs a few system calls, whether one line is written or a thousand. So a log that is written to more than
//! [`WRITES`] times within [`DELAY`] writes what comes beyond that at the end of that time, in one go. Whoever says less
//! than that, as one conversation with a server does, has its lines written at once.

use std::time::{Duration, Instant};

use super::clock::Clock;
use super::line::{Entry, Who};
use super::stamp::Stamper;

/// How long a line waits at most.
pub(super) const DELAY: Duration = Duration::from_millis(10);
/// Writes that are made at once within that time.
const WRITES: u32 = 16;
/// Bytes that wait at most.
const MOST: usize = 256 << 10;

/// Lines with their stamps, in the order in which they were said.
pub(super) struct Queue {
    lines: Lines,
    stamper: Stamper,
    /// When the present count of writes began, and how many there were.
    since: Instant,
    writes: u32,
}

/// Lines in one piece of memory.
#[derive(Default)]
pub(super) struct Lines {
    text: String,
    ends: Vec<(Who, i64, usize)>,
}

/// What is to be done with statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Written by the caller, behind what waits.
    Write,
    /// They wait; somebody has to see to it that they are written within [`DELAY`].
    WaitFirst,
    /// They wait with others.
    Wait,
    /// They wait, and enough wait by now: all are to be written.
    Enough,
}

impl Queue {
    pub(super) fn new(utc: bool) -> Self {
        Self { lines: Lines::default(), stamper: Stamper::new(utc), since: Instant::now(), writes: 0 }
    }

    /// Takes statements where they have to wait.
    pub(super) fn offer<S: AsRef<str>>(&mut self, clock: &dyn Clock, who: Who, statements: &[S]) -> Course {
        let is_first = self.lines.is_empty();
        if is_first && self.may_write() {
            return Course::Write;
        }
        let stamp = self.stamper.now(clock);
        for statement in statements {
            self.lines.text.push_str(statement.as_ref());
            self.lines.ends.push((who, stamp, self.lines.text.len()));
        }
        match self.lines.text.len() {
            MOST.. => Course::Enough,
            _ if is_first => Course::WaitFirst,
            _ => Course::Wait,
        }
    }

    pub(super) fn take(&mut self) -> Lines {
        std::mem::take(&mut self.lines)
    }

    /// Gives memory back that was taken, for the next lines.
    pub(super) fn recycle(&mut self, mut lines: Lines) {
        if self.lines.is_empty() {
            lines.text.clear();
            lines.ends.clear();
            self.lines = lines;
        }
    }

    fn may_write(&mut self) -> bool {
        let now = Instant::now();
        if now.duration_since(self.since) >= DELAY {
            (self.since, self.writes) = (now, 0);
        }
        self.writes += 1;
        self.writes <= WRITES
    }
}

impl Lines {
    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn entries(&self) -> Vec<Entry<'_>> {
        let mut from = 0;
        let entry = |&(who, stamp, end): &(Who, i64, usize)| {
            let statement = &self.text[from..end];
            from = end;
            Entry { who, stamp, statement }
        };
        self.ends.iter().map(entry).collect()
    }
}
