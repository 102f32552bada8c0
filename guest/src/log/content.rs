//! The content of a mail on its way over the wire: cut into lines, header and body told apart, never held as a whole.

use super::logs::{Logs, Place};
use super::mask::Mask;

/// A line longer than this goes into the extended log in pieces.
const PIECE: usize = 64 * 1024;

/// Where in the content we are.
#[derive(Default)]
pub struct Content {
    /// What of the line is not logged yet.
    line: Vec<u8>,
    /// Whether `line` lacks nothing: the log was on when the line began.
    kept: bool,
    /// Bytes of the line so far.
    length: u64,
    /// Whether the first of them is a CR.
    begins_with_cr: bool,
    /// Whether a piece of the line is logged already.
    in_pieces: bool,
    in_body: bool,
    body: u64,
}

impl Content {
    /// Bytes of the body so far.
    pub fn body(&self) -> u64 {
        self.body
    }

    pub fn push(&mut self, bytes: &[u8], mask: &Mask, logs: &mut Logs) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.in_body && !logs.extended_on() {
                return self.skip(rest);
            }
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1).min(PIECE);
            let (part, behind) = rest.split_at(length);
            if self.length == 0 && part.ends_with(b"\n") {
                self.whole_line(part, mask, logs);
            } else {
                self.take(part, mask, logs);
            }
            rest = behind;
        }
    }

    /// The content is over: what is left is a line without an end.
    pub fn end(&mut self, mask: &Mask, logs: &mut Logs) {
        if self.length > 0 {
            self.end_of_line(mask, logs);
        }
    }

    /// Body that nobody wants to read.
    fn skip(&mut self, bytes: &[u8]) {
        self.body += bytes.len() as u64;
        self.line = Vec::new();
        self.kept = false;
        self.in_pieces = false;
        self.length = u64::from(bytes.last() != Some(&b'\n'));
    }

    fn take(&mut self, part: &[u8], mask: &Mask, logs: &mut Logs) {
        if self.length == 0 {
            self.kept = true;
            self.begins_with_cr = part.starts_with(b"\r");
        }
        self.kept &= !logs.off();
        if self.kept {
            self.line.extend_from_slice(part);
        }
        self.length += part.len() as u64;
        if self.in_body {
            self.body += part.len() as u64;
        }
        if part.ends_with(b"\n") {
            self.end_of_line(mask, logs);
        } else if self.line.len() > PIECE {
            self.piece(mask, logs);
        }
    }

    /// A line that came in one piece needs not be held.
    fn whole_line(&mut self, line: &[u8], mask: &Mask, logs: &mut Logs) {
        if self.in_body {
            self.body += line.len() as u64;
        }
        let text = line.strip_suffix(b"\r\n").unwrap_or(line);
        let ends_header = !self.in_body && matches!(line, b"\n" | b"\r\n");
        if !logs.off() {
            logs.content(&mask.hide(text, 0), Place::Only, !self.in_body && !ends_header);
        }
        self.in_body |= ends_header;
    }

    fn end_of_line(&mut self, mask: &Mask, logs: &mut Logs) {
        // A line that ends with LF alone keeps it: the log leaves out nothing but CRLF.
        let line = self.line.strip_suffix(b"\r\n").unwrap_or(&self.line);
        let ends_header = !self.in_body && (self.length == 1 || (self.length == 2 && self.begins_with_cr));
        let in_header = !self.in_body && !ends_header;
        if self.kept {
            let place = if self.in_pieces { Place::Last } else { Place::Only };
            logs.content(&mask.hide(line, 0), place, in_header);
        }
        self.in_body |= ends_header;
        self.in_pieces = false;
        self.length = 0;
        self.line.clear();
    }

    /// Logs the beginning of a line that is too long to be held, but for so much as a secret may begin in.
    fn piece(&mut self, mask: &Mask, logs: &mut Logs) {
        let mut end = self.line.len() - mask.longest().clamp(4, PIECE / 2);
        end = super::statement::boundary(&self.line, end);
        let mut secrets = mask.find(&self.line, 0);
        secrets.sort_unstable_by_key(|range| range.start);
        for range in secrets {
            if range.start < end && end < range.end {
                end = range.end;
            }
        }
        let place = if self.in_pieces { Place::Middle } else { Place::First };
        logs.content(&mask.hide(&self.line[..end], 0), place, !self.in_body);
        self.in_pieces = true;
        self.line.drain(..end);
    }
}
