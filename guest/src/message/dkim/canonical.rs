//! The relaxed canonical forms, RFC 6376 §3.4.2 and §3.4.4.

use sha2::{Digest, Sha256};

use super::Hash;

/// The hash of a body that comes in pieces, cut anywhere. Its line ends are CRLF.
#[derive(Clone, Default)]
pub(in crate::message) struct BodyHash {
    hash: Sha256,
    /// Line ends and a blank that count only where something comes behind.
    line_ends: u64,
    is_blank: bool,
    is_after_cr: bool,
    is_begun: bool,
}

impl BodyHash {
    pub fn push(&mut self, mut bytes: &[u8]) {
        while let Some(&first) = bytes.first() {
            if core::mem::take(&mut self.is_after_cr) {
                if first == b'\n' {
                    self.line_ends += 1;
                    self.is_blank = false;
                    bytes = &bytes[1..];
                    continue;
                }
                self.text(b"\r");
            }
            match first {
                b'\r' => self.is_after_cr = true,
                b' ' | b'\t' => self.is_blank = true,
                _ => {
                    let length = memchr::memchr3(b'\r', b' ', b'\t', bytes).unwrap_or(bytes.len());
                    self.text(&bytes[..length]);
                    bytes = &bytes[length..];
                    continue;
                }
            }
            bytes = &bytes[1..];
        }
    }

    fn text(&mut self, text: &[u8]) {
        for _ in 0..core::mem::take(&mut self.line_ends) {
            self.hash.update(b"\r\n");
        }
        if core::mem::take(&mut self.is_blank) {
            self.hash.update(b" ");
        }
        self.hash.update(text);
        self.is_begun = true;
    }

    /// Empty lines at the end don't count, and a body that has any text ends with one line end.
    pub fn finish(mut self) -> Hash {
        if self.is_after_cr {
            self.text(b"\r");
        }
        if self.is_begun {
            self.hash.update(b"\r\n");
        }
        self.hash.finalize().into()
    }
}

impl core::fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("BodyHash")
    }
}

/// Appends a header field without its last line end: `name:value`.
pub(super) fn field(name: &str, value: &[u8], into: &mut Vec<u8>) {
    into.extend(name.bytes().map(|byte| byte.to_ascii_lowercase()));
    into.push(b':');
    let start = into.len();
    let mut is_blank = false;
    for &byte in value.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
        if matches!(byte, b' ' | b'\t') {
            is_blank = true;
            continue;
        }
        if core::mem::take(&mut is_blank) && into.len() > start {
            into.push(b' ');
        }
        into.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hash(pieces: &[&[u8]]) -> Hash {
        let mut hash = BodyHash::default();
        pieces.iter().for_each(|piece| hash.push(piece));
        hash.finish()
    }

    fn plain(text: &[u8]) -> Hash {
        Sha256::digest(text).into()
    }

    #[test]
    fn the_example_of_the_rfc() {
        assert_eq!(hash(&[b" C \r\nD \t E\r\n\r\n\r\n"]), plain(b" C\r\nD E\r\n"));
        let mut fields = Vec::new();
        field("A", b" X\r\n", &mut fields);
        fields.push(b'\n');
        field("B ".trim_end(), b" Y\t\r\n\tZ  \r\n", &mut fields);
        assert_eq!(fields, b"a:X\nb:Y Z");
    }

    #[test]
    fn what_ends_a_body() {
        assert_eq!(hash(&[]), plain(b""));
        assert_eq!(hash(&[b"\r\n \r\n\t\r\n"]), plain(b""));
        assert_eq!(hash(&[b"a"]), plain(b"a\r\n"));
        assert_eq!(hash(&[b"\r\n\r\na\r\n"]), plain(b"\r\n\r\na\r\n"));
    }

    proptest! {
        #[test]
        fn splits_do_not_matter(body in r"([a. \t]{0,3}(\r\n)?){0,9}", size in 1usize..5) {
            let pieces: Vec<&[u8]> = body.as_bytes().chunks(size).collect();
            prop_assert_eq!(hash(&pieces), hash(&[body.as_bytes()]));
        }
    }
}
