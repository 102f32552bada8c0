//! The content of one mail as it comes in: dots unstuffed, size and line length watched, memory bounded.

/// RFC 5321 §4.5.3.1.6, without the line end.
const LONGEST_LINE: usize = 998;

/// Why content is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    TooLarge,
    LineTooLong,
}

pub(super) struct Content {
    bytes: Vec<u8>,
    limit: usize,
    binary: bool,
    /// Bytes in the line that is being received.
    column: usize,
    /// Whether the last two bytes were CRLF, or nothing came yet: only then a dot has a meaning.
    at_line_start: bool,
    flaw: Option<Flaw>,
}

impl Content {
    /// Takes `limit` bytes at most; `binary` (BODY=BINARYMIME) has no lines.
    pub(super) fn new(limit: usize, binary: bool) -> Content {
        Content { bytes: Vec::new(), limit, binary, column: 0, at_line_start: true, flaw: None }
    }

    /// One line of DATA with its line end, or its beginning where it was too long to be kept. True at the lone dot.
    pub(super) fn line(&mut self, line: &[u8], whole: bool) -> bool {
        if self.at_line_start && line == b".\r\n" {
            return true;
        }
        let stuffed = self.at_line_start && line.first() == Some(&b'.');
        self.at_line_start = line.ends_with(b"\r\n");
        if !whole {
            self.flaw.get_or_insert(Flaw::LineTooLong);
        }
        self.chunk(&line[usize::from(stuffed)..]);
        false
    }

    /// A piece of a BDAT chunk.
    pub(super) fn chunk(&mut self, bytes: &[u8]) {
        if !self.binary {
            self.measure(bytes);
        }
        if self.bytes.len() + bytes.len() > self.limit {
            self.flaw = Some(Flaw::TooLarge);
        }
        if self.flaw.is_some() {
            self.bytes = Vec::new();
            return;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// What is wrong with it so far.
    pub(super) fn flaw(&self) -> Option<Flaw> {
        self.flaw
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn measure(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.column = if byte == b'\n' { 0 } else { self.column + usize::from(byte != b'\r') };
            if self.column > LONGEST_LINE {
                self.flaw.get_or_insert(Flaw::LineTooLong);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(lines: &[&[u8]]) -> (Content, bool) {
        let mut content = Content::new(2000, false);
        let end = lines.iter().any(|line| content.line(line, true));
        (content, end)
    }

    #[test]
    fn dots_are_unstuffed_and_the_lone_one_ends() {
        let (content, end) = data(&[b"a\r\n", b"..b\r\n", b".c\r\n", b".\r\n", b"never\r\n"]);
        assert!(end);
        assert_eq!(content.finish(), b"a\r\n.b\r\nc\r\n");
    }

    #[test]
    fn a_dot_behind_a_bare_line_feed_is_content() {
        let (content, end) = data(&[b"a\n", b".\r\n", b"b\r\n", b".\r\n"]);
        assert!(end);
        assert_eq!(content.finish(), b"a\n.\r\nb\r\n");
    }

    #[test]
    fn limits_hold_and_free_the_memory() {
        let mut content = Content::new(2000, true);
        content.chunk(&[b'x'; 1999]);
        assert_eq!(content.flaw(), None);
        content.chunk(b"yz");
        assert_eq!((content.flaw(), content.len()), (Some(Flaw::TooLarge), 0));

        let mut content = Content::new(2000, false);
        content.chunk(&[b'x'; 998]);
        content.chunk(b"\r\n");
        assert_eq!(content.flaw(), None);
        content.chunk(&[b'x'; 999]);
        assert_eq!(content.flaw(), Some(Flaw::LineTooLong));
    }
}
