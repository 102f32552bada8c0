//! Bytes of a log, cut anywhere, become items.

mod item;
mod mend;

pub use item::{Entry, Item};

use mend::{Held, Mender};
use std::io::{self, Read};

/// Bytes of a line that are kept in memory: no line that the client writes is longer.
pub const LONGEST_LINE: usize = 8 << 20;

/// Bytes that [`Reader::read`] asks for at once.
const PIECE: usize = 256 << 10;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads a log. It takes bytes as they come and calls back for each item; what it gives does not depend on how the bytes
/// were cut. Memory: what is left of the last line, [`LONGEST_LINE`] at the most, and a line that was broken in two.
///
/// ```
/// use smtp_logs::reader::{Entry, Reader};
///
/// let mut reader = Reader::new();
/// let mut lines = 0;
/// for piece in ["1 2026-11-25T10:00:00.000 1 1 ### SMTP Conn", "ection closed\n2 2026-1"] {
///     reader.push(piece.as_bytes(), |item| lines += usize::from(matches!(item.entry, Entry::Line(_))));
/// }
/// reader.end(|item| assert!(matches!(item.entry, Entry::Torn(_))));
/// assert_eq!(lines, 1);
/// ```
pub struct Reader {
    mender: Mender,
    /// The beginning of a line whose end has not come yet.
    carry: Vec<u8>,
    /// Bytes of it, those that are not kept included.
    carried: u64,
    /// The last of them.
    last: u8,
    /// Where that line begins.
    start: u64,
    number: u64,
    longest: usize,
}

impl Default for Reader {
    fn default() -> Reader {
        Reader::new()
    }
}

impl Reader {
    /// Begins at the first byte of a file.
    pub fn new() -> Reader {
        Reader::at(0, 1)
    }

    /// Goes on at a byte where a line begins: its offset, and its number.
    pub fn at(start: u64, number: u64) -> Reader {
        Reader {
            mender: Mender::default(),
            carry: Vec::new(),
            carried: 0,
            last: 0,
            start,
            number,
            longest: LONGEST_LINE,
        }
    }

    /// Keeps fewer bytes of a line.
    #[must_use]
    pub fn longest_line(mut self, bytes: usize) -> Reader {
        self.longest = bytes.clamp(64, LONGEST_LINE);
        self
    }

    /// Where the line begins that has not ended yet, and its number: what [`Reader::at`] takes.
    pub fn position(&self) -> (u64, u64) {
        match &self.mender.held {
            Some(held) => (held.start, held.number),
            None => (self.start, self.number),
        }
    }

    /// The next bytes.
    pub fn push(&mut self, mut bytes: &[u8], mut each: impl FnMut(&Item<'_>)) {
        while let Some(at) = memchr::memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(at);
            bytes = &rest[1..];
            if self.carried == 0 {
                let end = self.start + at as u64 + 1;
                let length = at - usize::from(line.last() == Some(&b'\r'));
                self.emit(&line[..length.min(self.longest)], length as u64, end, &mut each);
            } else {
                self.keep(line);
                let length = self.carried - u64::from(self.last == b'\r');
                let end = self.start + self.carried + 1;
                self.emit_carry(length, end, &mut each);
            }
            self.number += 1;
        }
        self.keep(bytes);
    }

    /// There are no more bytes.
    pub fn end(&mut self, mut each: impl FnMut(&Item<'_>)) {
        if self.carried > 0 {
            let (length, end) = (self.carried, self.start + self.carried);
            self.emit_carry(length, end, &mut each);
            self.number += 1;
        }
        self.mender.end(&mut each);
    }

    /// Everything from `source` to its end.
    ///
    /// # Errors
    /// Those of `source`. What was read until then was given out.
    pub fn read(&mut self, mut source: impl Read, mut each: impl FnMut(&Item<'_>)) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        loop {
            match source.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => self.push(&piece[..length], &mut each),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.end(each);
        Ok(())
    }

    fn keep(&mut self, bytes: &[u8]) {
        if let Some(last) = bytes.last() {
            let room = (self.longest + 1).saturating_sub(self.carry.len());
            self.carry.extend_from_slice(&bytes[..bytes.len().min(room)]);
            self.carried += bytes.len() as u64;
            self.last = *last;
        }
    }

    #[inline(never)]
    fn emit_carry(&mut self, length: u64, end: u64, each: &mut impl FnMut(&Item<'_>)) {
        let mut carry = std::mem::take(&mut self.carry);
        let kept = usize::try_from(length).unwrap_or(usize::MAX).min(self.longest).min(carry.len());
        self.emit(&carry[..kept], length, end, each);
        carry.clear();
        // One endless line does not make us keep its room.
        carry.shrink_to(PIECE);
        self.carry = carry;
        self.carried = 0;
    }

    #[inline(always)]
    fn emit(&mut self, mut text: &[u8], mut length: u64, end: u64, each: &mut impl FnMut(&Item<'_>)) {
        let mut start = self.start;
        self.start = end;
        if start == 0
            && let Some(rest) = text.strip_prefix(BOM)
        {
            (text, length, start) = (rest, length - BOM.len() as u64, BOM.len() as u64);
        }
        let missing = length - text.len() as u64;
        self.mender.line(Held { text, missing, number: self.number, start, end }, each);
    }
}

#[cfg(test)]
mod tests;
