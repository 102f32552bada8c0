//! One numbered file: lines appended under its lock, going on from what it ends with.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::Duration;

use super::clock::Clock;
use super::line::{self, Entry};
use super::lock::{self, Locked};
use super::observer::{self, Observer};
use super::os::{Id, Place, State};
use super::stamp::Stamper;
use super::tail;

/// More than this is not collected before it is written.
const PIECE: usize = 1 << 20;
/// More than this is not kept for the next lines.
const KEPT: usize = 64 << 10;

/// An open log file.
pub(super) struct Numbered {
    place: Place,
    file: File,
    id: Id,
    /// How we left the file; `None` where that is not known.
    left: Option<Left>,
}

#[derive(Clone, Copy)]
struct Left {
    length: u64,
    counter: u64,
    /// In the digits of our own stamps.
    stamp: i64,
    torn: bool,
}

/// What writing needs beside the file.
pub(super) struct Pen<'a> {
    pub(super) clock: &'a dyn Clock,
    pub(super) stamper: &'a mut Stamper,
    /// Reused from append to append.
    pub(super) buffer: &'a mut Vec<u8>,
    /// Bytes of a statement.
    pub(super) longest: usize,
    /// Bytes of the file: the line that reaches this is the last.
    pub(super) full: Option<u64>,
    /// How long to wait for another process.
    pub(super) patience: Duration,
    /// Who is told of the lines.
    pub(super) observer: Option<&'a Observer>,
}

/// What an append came to.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// Statements that were written.
    pub(super) taken: usize,
    /// The file is full.
    pub(super) full: bool,
    /// At the file's path there is another file, or none: nothing was written.
    pub(super) moved: bool,
    /// Why not all were taken.
    pub(super) error: Option<io::Error>,
}

impl Numbered {
    /// Opens the file, or makes it.
    pub(super) fn open(place: Place) -> io::Result<Self> {
        let (file, state) = place.open()?;
        Ok(Self { place, file, id: state.id, left: None })
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn length(&self) -> io::Result<u64> {
        self.file.metadata().map(|data| data.len())
    }

    /// Removes the file if nothing stands in it. Under its lock, so that nobody is just writing into it; who waits for
    /// the lock finds the file gone then, and makes it anew.
    pub(super) fn discard_if_empty(&self) {
        let Ok(_locked) = lock::lock(&self.file, Duration::ZERO) else { return };
        if self.place.state().is_ok_and(|state| state.id == self.id && state.length == 0) {
            // An empty file that stays does no harm.
            let _ = fs::remove_file(self.place.path());
        }
    }

    /// Writes lines: all, or as many as the file has room for.
    pub(super) fn append(&mut self, pen: &mut Pen<'_>, entries: &[Entry<'_>]) -> Step {
        let locked = match lock::lock(&self.file, pen.patience) {
            Ok(locked) => locked,
            Err(error) => return Step { error: Some(error), ..Step::default() },
        };
        let left = match self.catch_up(pen, &locked) {
            Ok(Some(left)) => left,
            Ok(None) => return Step { moved: true, ..Step::default() },
            Err(error) => return Step { error: Some(error), ..Step::default() },
        };
        write(&self.file, self.place.path(), &mut self.left, left, pen, entries)
    }

    /// What the file ends with now; `None` where it no longer is the one at its path.
    fn catch_up(&self, pen: &mut Pen<'_>, _: &Locked<'_>) -> io::Result<Option<Left>> {
        let state = match self.place.state() {
            Ok(state) => state,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if self.is_elsewhere(&state)? {
            return Ok(None);
        }
        if let Some(left) = self.left.filter(|left| left.length == state.length) {
            return Ok(Some(left));
        }
        let tail = tail::read(&self.file, state.length)?;
        let stamp = tail.stamp.map_or(i64::MIN, |stamp| pen.stamper.own(stamp, pen.clock));
        Ok(Some(Left { length: state.length, counter: tail.counter, stamp, torn: tail.torn }))
    }

    /// Whether what stands at the path now is another file.
    fn is_elsewhere(&self, now: &State) -> io::Result<bool> {
        // Where files have no identity that can be asked for, one of the same length is taken for the same.
        let other_length = cfg!(not(unix)) && self.length()? != now.length;
        Ok(now.id != self.id || other_length)
    }
}

/// Under the lock: makes the lines and writes them, one write(2) for a piece of up to a megabyte.
fn write(
    file: &File,
    path: &Path,
    kept: &mut Option<Left>,
    mut left: Left,
    pen: &mut Pen<'_>,
    entries: &[Entry<'_>],
) -> Step {
    let is_full = |length: u64| pen.full.is_some_and(|full| length >= full);
    let mut step = Step { full: is_full(left.length), ..Step::default() };
    while !step.full && step.taken < entries.len() {
        pen.buffer.clear();
        if left.torn {
            pen.buffer.push(b'\n');
        }
        let mut stamp = left.stamp;
        for (counter, entry) in (left.counter.saturating_add(1)..).zip(&entries[step.taken..]) {
            // Never backwards within one file, whatever the clock and other processes do.
            stamp = stamp.max(entry.stamp);
            let text = pen.stamper.text(stamp);
            line::push(pen.buffer, counter, text, entry.who, entry.statement, pen.longest);
            step.full = is_full(left.length + pen.buffer.len() as u64);
            if step.full || pen.buffer.len() >= PIECE {
                break;
            }
        }
        let (written, error) = write_whole_lines(file, left.length, pen.buffer);
        observer::tell(pen.observer, path, left.length, &pen.buffer[..written.bytes as usize]);
        let lines = written.lines - u64::from(left.torn && written.bytes > 0);
        left.torn = written.torn || (left.torn && written.bytes == 0);
        left.length += written.bytes;
        left.counter = left.counter.saturating_add(lines);
        let taken = usize::try_from(lines).unwrap_or(usize::MAX);
        left.stamp = entries[step.taken..].iter().take(taken).fold(left.stamp, |last, entry| last.max(entry.stamp));
        step.taken += taken;
        if error.is_some() {
            step.full = false;
            step.error = error;
            break;
        }
    }
    // A torn line of our own has a number too: what the file ends with is read anew then.
    *kept = (!left.torn).then_some(left);
    pen.buffer.shrink_to(KEPT);
    step
}

struct Written {
    bytes: u64,
    lines: u64,
    torn: bool,
}

/// Writes; where the disk is full in mid-line, takes the half line back.
fn write_whole_lines(mut file: &File, length: u64, lines: &[u8]) -> (Written, Option<io::Error>) {
    let mut written = 0;
    let error = loop {
        match file.write(&lines[written..]) {
            Ok(0) => break Some(ErrorKind::WriteZero.into()),
            Ok(count) => written += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => break Some(error),
        }
        if written == lines.len() {
            break None;
        }
    };
    let whole = lines[..written].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let torn = whole < written && file.set_len(length + whole as u64).is_err();
    let count = lines[..whole].iter().filter(|&&byte| byte == b'\n').count() as u64;
    (Written { bytes: whole as u64, lines: count, torn }, error)
}
