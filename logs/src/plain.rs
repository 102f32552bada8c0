//! Text of others, made harmless: nothing in it moves a terminal or changes the order of what is shown.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with its control characters, C1 controls, bidirectional controls and line separators as `\xNN`.
///
/// The client's logs have no control characters; those of others may, and a damaged one, too.
pub fn safe(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_harmful(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing into a `String` can't fail.
                let _ = write!(safe, "\\x{byte:02x}");
            }
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// The same of bytes; those that are not UTF-8 are `\xNN`, too.
pub fn safe_bytes(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => safe(text),
        Err(_) => {
            let mut all = String::with_capacity(bytes.len() + 16);
            for chunk in bytes.utf8_chunks() {
                all.push_str(&safe(chunk.valid()));
                for byte in chunk.invalid() {
                    let _ = write!(all, "\\x{byte:02x}");
                }
            }
            Cow::Owned(all)
        }
    }
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_a_terminal() {
        assert_eq!(safe("ok\x1b[2J\u{9b}1m\u{202e}ñ\t"), "ok\\x1b[2J\\xc2\\x9b1m\\xe2\\x80\\xaeñ\\x09");
        assert_eq!(safe_bytes(b"a\xffb\x07"), "a\\xffb\\x07");
        assert!(matches!(safe_bytes("ñ".as_bytes()), Cow::Borrowed(_)));
    }
}
