//! Which Content-Transfer-Encoding, RFC 2045 §6.

use super::shape::{Body, Offer};
use super::{MAX_LINE, base64, quoted};

/// How a part's bytes go into the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    SevenBit,
    EightBit,
    Quoted,
    Base64,
    Binary,
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Encoding::SevenBit => "7bit",
            Encoding::EightBit => "8bit",
            Encoding::Quoted => "quoted-printable",
            Encoding::Base64 => "base64",
            Encoding::Binary => "binary",
        }
    }

    /// What the server must take.
    pub fn body(self) -> Body {
        match self {
            Encoding::SevenBit | Encoding::Quoted | Encoding::Base64 => Body::SevenBit,
            Encoding::EightBit => Body::EightBit,
            Encoding::Binary => Body::Binary,
        }
    }
}

/// What one pass over a content finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Census {
    /// Every line ends with CRLF, none is over 998 bytes, no NUL: RFC 2045 §2.7 and §2.8.
    lines: bool,
    ascii: bool,
    len: u64,
    /// In quoted-printable; counted only where 7bit is not enough.
    quoted: u64,
}

impl Census {
    pub fn of(bytes: &[u8]) -> Census {
        let lines = is_lines(bytes);
        let ascii = bytes.is_ascii();
        let quoted = if lines && ascii { 0 } else { quoted::size(bytes) };
        Census { lines, ascii, len: bytes.len() as u64, quoted }
    }

    /// The encoding of a text, or of a message that `must_stay_plain`: none where it can't.
    pub fn choose(self, offer: Offer, must_stay_plain: bool) -> Option<Encoding> {
        match (self.lines, self.ascii) {
            (true, true) => Some(Encoding::SevenBit),
            (true, false) if offer.eight_bit => Some(Encoding::EightBit),
            _ if must_stay_plain => offer.binary.then_some(Encoding::Binary),
            _ if self.quoted <= base64::size(self.len) + 2 => Some(Encoding::Quoted),
            _ if offer.binary => Some(Encoding::Binary),
            _ => Some(Encoding::Base64),
        }
    }

    /// Bytes in the message, with the CRLF behind the content.
    pub fn size(self, encoding: Encoding) -> u64 {
        match encoding {
            Encoding::Quoted => self.quoted,
            _ => size(encoding, self.len),
        }
    }
}

/// Bytes that content of `len` bytes becomes in an encoding whose size depends on nothing else.
pub(super) fn size(encoding: Encoding, len: u64) -> u64 {
    match encoding {
        Encoding::Base64 => base64::size(len).max(2),
        _ => len.saturating_add(2),
    }
}

fn is_lines(bytes: &[u8]) -> bool {
    let mut start = 0;
    for lf in memchr::memchr_iter(b'\n', bytes) {
        if lf == start || bytes[lf - 1] != b'\r' || lf - 1 - start > MAX_LINE {
            return false;
        }
        start = lf + 1;
    }
    let crs = memchr::memchr_iter(b'\r', bytes).count();
    let lfs = memchr::memchr_iter(b'\n', bytes).count();
    crs == lfs && bytes.len() - start <= MAX_LINE && memchr::memchr(0, bytes).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Offer = Offer { eight_bit: false, binary: false, utf8: false };
    const EIGHT: Offer = Offer { eight_bit: true, binary: false, utf8: false };

    #[test]
    fn the_plainest_encoding_is_taken() {
        let choose = |text: &str, offer| Census::of(text.as_bytes()).choose(offer, false).unwrap();
        assert_eq!(choose("", NONE), Encoding::SevenBit);
        assert_eq!(choose("plain\r\n.\r\n", NONE), Encoding::SevenBit);
        assert_eq!(choose("naïve, but long enough", EIGHT), Encoding::EightBit);
        assert_eq!(choose("naïve, but long enough", NONE), Encoding::Quoted);
        assert_eq!(choose("日本語日本語日本語", NONE), Encoding::Base64);
        for text in ["a\rb, and some more", "a\nb, and some more", "a\0b, and some more", &"x".repeat(999)] {
            assert_eq!(choose(text, EIGHT), Encoding::Quoted, "{text:?}");
        }
        assert_eq!(choose(&"x".repeat(998), NONE), Encoding::SevenBit);
        assert_eq!(Census::of(&[0xff, 0]).choose(EIGHT, true), None);
    }
}
