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
    /// Line ends as they came.
    seen: LineEnds,
}

/// How many of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LineEnds {
    pub pairs: u64,
    pub bare_cr: u64,
    pub bare_lf: u64,
}

/// Bytes that are whole lines with CRLF, and nothing to be normalised.
pub(super) struct Clean<'a> {
    pub lines: &'a [u8],
    /// Of the first line, without its end.
    pub first: usize,
    /// Of the longest, without its end.
    pub longest: usize,
}

impl Normaliser {
    /// How the lines ended so far.
    pub fn seen(&self) -> LineEnds {
        LineEnds { bare_cr: self.seen.bare_cr + u64::from(self.after_cr), ..self.seen }
    }

    /// Takes all whole lines off the front where they need no change: the way for large contents.
    pub fn clean<'a>(&mut self, bytes: &mut &'a [u8]) -> Option<Clean<'a>> {
        if self.after_cr {
            return None;
        }
        let (lines, rest) = bytes.split_at(memchr::memrchr(b'\n', bytes)? + 1);
        let (mut start, mut longest, mut first, mut count) = (0, 0, None, 0);
        for lf in memchr::memchr_iter(b'\n', lines) {
            if lf == start || lines[lf - 1] != b'\r' {
                return None;
            }
            longest = longest.max(lf - 1 - start);
            first.get_or_insert(lf - 1 - start);
            start = lf + 1;
            count += 1;
        }
        if memchr::memchr_iter(b'\r', lines).count() != count {
            return None;
        }
        self.seen.pairs += count as u64;
        *bytes = rest;
        Some(Clean { lines, first: first.unwrap_or_default(), longest })
    }

    /// Hands on pieces of lines; a piece that is exactly `\r\n` ends a line, and no other piece holds a CR or LF.
    pub fn push(&mut self, mut bytes: &[u8], mut hand_on: impl FnMut(&[u8])) {
        if bytes.is_empty() {
            return;
        }
        if core::mem::take(&mut self.after_cr) {
            if bytes[0] == b'\n' {
                self.seen.pairs += 1;
                bytes = &bytes[1..];
            } else {
                self.seen.bare_cr += 1;
            }
        }
        while let Some(at) = memchr::memchr2(b'\r', b'\n', bytes) {
            if at > 0 {
                hand_on(&bytes[..at]);
            }
            hand_on(b"\r\n");
            let pair = bytes[at..].starts_with(b"\r\n");
            self.after_cr = bytes[at] == b'\r' && at + 1 == bytes.len();
            match bytes[at] {
                _ if pair => self.seen.pairs += 1,
                b'\n' => self.seen.bare_lf += 1,
                _ if !self.after_cr => self.seen.bare_cr += 1,
                _ => {}
            }
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
