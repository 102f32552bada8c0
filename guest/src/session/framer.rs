//! The one framer of content: what DATA needs so that no line of a mail can end it. RFC 5321 section 4.5.2.

use memchr::memmem;

/// Doubles the dot at the start of a line, across any split.
pub(super) struct Framer {
    /// The last two bytes that went; a mail begins as if after a line end.
    last: [u8; 2],
}

impl Framer {
    pub fn new() -> Framer {
        Framer { last: *b"\r\n" }
    }

    /// Appends `content`, stuffed.
    pub fn push(&mut self, content: &[u8], into: &mut Vec<u8>) {
        let mut from = 0;
        // A line feed alone counts as a line end too: servers that take it for one must not see a dot behind it.
        if self.last[1] == b'\n' && content.first() == Some(&b'.') {
            into.push(b'.');
        }
        for at in memmem::find_iter(content, b"\n.") {
            into.extend_from_slice(&content[from..=at]);
            into.push(b'.');
            from = at + 1;
        }
        into.extend_from_slice(&content[from..]);
        match content {
            [] => {}
            [one] => self.last = [self.last[1], *one],
            [.., before, last] => self.last = [*before, *last],
        }
    }

    /// Appends the line end that the content may lack. What follows is the lone dot, as a line of its own.
    pub fn finish(self, into: &mut Vec<u8>) {
        if self.last != *b"\r\n" {
            into.extend_from_slice(b"\r\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn framed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
        let (mut framer, mut out) = (Framer::new(), Vec::new());
        pieces.into_iter().for_each(|piece| framer.push(piece, &mut out));
        framer.finish(&mut out);
        out
    }

    #[test]
    fn dots_at_the_start_of_a_line_are_doubled() {
        for (content, wire) in [
            (&b""[..], &b""[..]),
            (b".", b"..\r\n"),
            (b"a", b"a\r\n"),
            (b"a\r\n.\r\nb.\r\n..c", b"a\r\n..\r\nb.\r\n...c\r\n"),
            (b"a\n.\n", b"a\n..\n\r\n"),
            (b"a\r", b"a\r\r\n"),
            (b"\r\n", b"\r\n"),
        ] {
            assert_eq!(framed([content]), wire, "{content:?}");
        }
    }

    proptest! {
        #[test]
        fn splits_do_not_matter(content in r"[.a\r\n]{0,40}", size in 1usize..9) {
            let whole = framed([content.as_bytes()]);
            prop_assert_eq!(&framed(content.as_bytes().chunks(size)), &whole);
            prop_assert!(!whole.windows(5).any(|five| five == b"\r\n.\r\n"));
            prop_assert!(!whole.starts_with(b".\r\n"));
        }
    }
}
