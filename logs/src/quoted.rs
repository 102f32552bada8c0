//! What stands between the quotes of a line, and the bytes that went over the wire.

use std::borrow::Cow;

/// The bytes behind the text: `\xNN`, in lower case, is the byte NN; everything else stands for itself.
///
/// The client writes every byte so that this gives it back: see `docs/log.md`. Logs of other programs may hold a `\x41`
/// that is none.
pub fn unescape(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = next_escape(text, 0) else { return Cow::Borrowed(text) };
    let mut bytes = Vec::with_capacity(text.len());
    let (mut from, mut at) = (0, Some(first));
    while let Some((place, byte)) = at {
        bytes.extend_from_slice(&text[from..place]);
        bytes.push(byte);
        from = place + 4;
        at = next_escape(text, from);
    }
    bytes.extend_from_slice(&text[from..]);
    Cow::Owned(bytes)
}

/// How many bytes [`unescape`] would give.
pub fn unescaped_length(text: &[u8]) -> u64 {
    let (mut length, mut from) = (text.len() as u64, 0);
    while let Some((place, _)) = next_escape(text, from) {
        length -= 3;
        from = place + 4;
    }
    length
}

fn next_escape(text: &[u8], mut from: usize) -> Option<(usize, u8)> {
    while let Some(at) = memchr::memchr(b'\\', text.get(from..)?) {
        let place = from + at;
        if let Some([b'\\', b'x', high, low]) = text.get(place..place + 4)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            return Some((place, high << 4 | low));
        }
        from = place + 1;
    }
    None
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_behind_the_text() {
        for (text, bytes) in [
            ("plain", &b"plain"[..]),
            ("", b""),
            (r"a\x09b\xff", b"a\tb\xff"),
            (r"\x5cx41", br"\x41"),
            (r"C:\xampp \x4 \xZZ \XFF \xFF \", br"C:\xampp \x4 \xZZ \XFF \xFF \"),
            (r"\\x00", b"\\\0"),
        ] {
            assert_eq!(&*unescape(text.as_bytes()), bytes, "{text}");
            assert_eq!(unescaped_length(text.as_bytes()), bytes.len() as u64, "{text}");
        }
    }
}
