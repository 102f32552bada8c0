//! The lines of a reply, held until it is whole, so that a secret cut over two of them is found.

use super::mask::{Mask, hide};
use core::ops::Range;

/// Bytes held at most, beside one line; each line counts [`OVERHEAD`] more.
const MOST: usize = 64 * 1024;
const OVERHEAD: usize = 64;

/// A line that is ready for the logs.
pub struct Ready {
    pub line: Vec<u8>,
    /// The logs that were on when it came.
    pub regular: bool,
    pub extended: bool,
}

struct Line {
    bytes: Vec<u8>,
    hidden: Vec<Range<usize>>,
    regular: bool,
    extended: bool,
}

/// The lines of a reply that is not over.
#[derive(Default)]
pub struct Held {
    lines: Vec<Line>,
    weight: usize,
}

impl Held {
    pub fn push(&mut self, line: &[u8], regular: bool, extended: bool) {
        self.weight += line.len() + OVERHEAD;
        self.lines.push(Line { bytes: line.to_vec(), hidden: Vec::new(), regular, extended });
    }

    /// All lines: the reply is over.
    pub fn release(&mut self, mask: &Mask) -> Vec<Ready> {
        if self.lines.is_empty() {
            return Vec::new();
        }
        self.mark(mask);
        self.weight = 0;
        self.lines.drain(..).map(Line::ready).collect()
    }

    /// Where more than the most is held: the first lines, but for as many as a secret may begin in that the next line
    /// ends.
    pub fn overflow(&mut self, mask: &Mask) -> Vec<Ready> {
        if self.weight <= MOST {
            return Vec::new();
        }
        self.mark(mask);
        let enough = mask.longest().min(MOST / 4);
        let (mut kept, mut weight) = (0, 0);
        let mut first = self.lines.len();
        while first > 0 && kept <= enough && weight < MOST / 2 {
            first -= 1;
            kept += self.lines[first].bytes.len();
            weight += self.lines[first].bytes.len() + OVERHEAD;
        }
        let ready: Vec<_> = self.lines.drain(..first).map(Line::ready).collect();
        self.weight = self.lines.iter().map(|line| line.bytes.len() + OVERHEAD).sum();
        ready
    }

    fn mark(&mut self, mask: &Mask) {
        let lines: Vec<_> = self.lines.iter().map(|line| line.bytes.as_slice()).collect();
        let found = mask.find_in_reply(&lines);
        for (line, found) in self.lines.iter_mut().zip(found) {
            line.hidden.extend(found);
        }
    }
}

impl Line {
    fn ready(self) -> Ready {
        let line = hide(&self.bytes, self.hidden).into_owned();
        Ready { line, regular: self.regular, extended: self.extended }
    }
}
