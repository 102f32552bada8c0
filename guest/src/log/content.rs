//! The content of a mail on its way over the wire: cut into lines, header and body told apart, never held as a whole.

/// A line longer than this is logged in pieces.
pub const PIECE: usize = 64 * 1024;

/// What the caller does with a line.
pub trait Lines {
    /// A line of the header, or the first piece of one; `more` bytes of it were not kept.
    fn header(&mut self, line: &[u8], more: u64);
    /// A line of the body, the empty line before it, or any line's piece.
    fn line(&mut self, line: &[u8]);
}

/// Where in the content we are.
#[derive(Default)]
pub struct Content {
    line: Vec<u8>,
    in_body: bool,
    /// Body bytes so far.
    pub body: u64,
    /// Whether any byte came.
    pub begun: bool,
}

impl Content {
    pub fn push(&mut self, bytes: &[u8], lines: &mut impl Lines) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.begun = true;
            if self.in_body {
                self.body += part.len() as u64;
            }
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.end_of_line(lines);
            }
        }
    }

    pub fn end(&mut self, lines: &mut impl Lines) {
        if !self.line.is_empty() {
            self.end_of_line(lines);
        }
    }

    fn end_of_line(&mut self, lines: &mut impl Lines) {
        let line = self.line.strip_suffix(b"\r\n").unwrap_or(&self.line);
        if line.is_empty() {
            self.in_body = true;
        }
        if !self.in_body {
            lines.header(line, 0);
        }
        lines.line(line);
        self.line.clear();
    }
}
