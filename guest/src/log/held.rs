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
        self.mark(mask);
        self.weight = 0;
        self.lines.drain(..).map(Line::ready).collect()
    }

    /// The first lines, where more than the most are held.
    pub fn overflow(&mut self, mask: &Mask) -> Vec<Ready> {
        if self.weight <= MOST { Vec::new() } else { self.release(mask) }
    }

    fn mark(&mut self, mask: &Mask) {
        for line in &mut self.lines {
            line.hidden.extend(mask.find(&line.bytes, 4));
        }
    }
}

impl Line {
    fn ready(self) -> Ready {
        let line = hide(&self.bytes, &self.hidden).into_owned();
        Ready { line, regular: self.regular, extended: self.extended }
    }
}
