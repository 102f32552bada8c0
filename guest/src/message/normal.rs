//! Line ends: CRLF and nothing else.

use std::borrow::Cow;

/// Makes every bare LF a CRLF. A bare CR is content of a text and stays.
pub(super) fn line_feeds(text: String) -> String {
    let bare = memchr::memchr_iter(b'\n', text.as_bytes()).filter(|&at| !text[..at].ends_with('\r')).count();
    if bare == 0 {
        return text;
    }
    let mut out = String::with_capacity(text.len() + bare);
    for line in text.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(inner) if !inner.ends_with('\r') => {
                out.push_str(inner);
                out.push_str("\r\n");
            }
            _ => out.push_str(line),
        }
    }
    out
}

/// Makes every bare LF and every bare CR a CRLF.
pub(super) fn all(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut lines = Normaliser::default();
    let mut out = Vec::new();
    lines.push(bytes, |piece| out.extend_from_slice(piece));
    if out == bytes { Cow::Borrowed(bytes) } else { Cow::Owned(out) }
}

/// The same for bytes that come in pieces.
#[derive(Clone, Debug, Default)]
pub(super) struct Normaliser {
    /// The last byte was a CR, whose CRLF has been handed on.
    after_cr: bool,
}

impl Normaliser {
    /// Hands on pieces of lines; a piece that is exactly `\r\n` ends a line, and no other piece holds a CR or LF.
    pub fn push(&mut self, mut bytes: &[u8], mut hand_on: impl FnMut(&[u8])) {
        if bytes.is_empty() {
            return;
        }
        if self.after_cr && bytes[0] == b'\n' {
            bytes = &bytes[1..];
        }
        self.after_cr = false;
        while let Some(at) = memchr::memchr2(b'\r', b'\n', bytes) {
            if at > 0 {
                hand_on(&bytes[..at]);
            }
            hand_on(b"\r\n");
            let pair = bytes[at..].starts_with(b"\r\n");
            self.after_cr = bytes[at] == b'\r' && at + 1 == bytes.len();
            bytes = &bytes[at + if pair { 2 } else { 1 }..];
        }
        if !bytes.is_empty() {
            hand_on(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_crlf() {
        assert_eq!(line_feeds("a\nb\r\nc\rd\n".to_owned()), "a\r\nb\r\nc\rd\r\n");
        assert_eq!(&*all(b"a\nb\r\nc\rd\r\r\n\n"), b"a\r\nb\r\nc\r\nd\r\n\r\n\r\n");
    }
}
