//! The lines of a reply, held until it is whole, so that a secret cut over two of them is found.

use super::mask::{Mask, hide};
use core::ops::Range;

/// Bytes held at most, beside one line; each line counts [`OVERHEAD`] more.
const MOST: usize = 64 * 1024;
const OVERHEAD: usize = 64;
/// A larger buffer is given back once it is empty.
const KEPT: usize = 512;

/// Lines that are ready: the masked line, and whether the regular and the extended log were on when it came.
pub type Ready<'a> = dyn FnMut(&[u8], bool, bool) + 'a;

struct Line {
    length: usize,
    hidden: Vec<Range<usize>>,
    regular: bool,
    extended: bool,
}

/// The lines of a reply that is not over.
#[derive(Default)]
pub struct Held {
    /// Of all lines.
    bytes: Vec<u8>,
    lines: Vec<Line>,
}

impl Held {
    pub fn push(&mut self, line: &[u8], regular: bool, extended: bool) {
        self.bytes.extend_from_slice(line);
        self.lines.push(Line { length: line.len(), hidden: Vec::new(), regular, extended });
    }

    /// All lines: the reply is over.
    pub fn release(&mut self, mask: &Mask, ready: &mut Ready) {
        if !self.lines.is_empty() {
            self.mark(mask);
            self.hand_over(self.lines.len(), ready);
        }
    }

    /// Where more than the most is held: the first lines, but for as many as a secret may begin in that the next line
    /// ends.
    pub fn overflow(&mut self, mask: &Mask, ready: &mut Ready) {
        if self.bytes.len() + self.lines.len() * OVERHEAD <= MOST {
            return;
        }
        self.mark(mask);
        let enough = mask.longest().min(MOST / 4);
        let (mut kept, mut weight) = (0, 0);
        let mut first = self.lines.len();
        while first > 0 && kept <= enough && weight < MOST / 2 {
            first -= 1;
            kept += self.lines[first].length;
            weight += self.lines[first].length + OVERHEAD;
        }
        self.hand_over(first, ready);
    }

    fn hand_over(&mut self, count: usize, ready: &mut Ready) {
        let mut at = 0;
        for line in self.lines.drain(..count) {
            let bytes = &self.bytes[at..at + line.length];
            ready(&hide(bytes, line.hidden), line.regular, line.extended);
            at += line.length;
        }
        self.bytes.drain(..at);
        if self.lines.is_empty() {
            self.bytes.shrink_to(KEPT);
            self.lines.shrink_to(KEPT / OVERHEAD);
        }
    }

    fn mark(&mut self, mask: &Mask) {
        if mask.is_empty() {
            return;
        }
        let mut rest = self.bytes.as_slice();
        let lines: Vec<_> = self
            .lines
            .iter()
            .map(|line| {
                let (bytes, behind) = rest.split_at(line.length);
                rest = behind;
                bytes
            })
            .collect();
        let found = mask.find_in_reply(&lines);
        for (line, found) in self.lines.iter_mut().zip(found) {
            line.hidden.extend(found);
        }
    }
}
