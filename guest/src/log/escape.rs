//! What could forge a line or move a reader's terminal, made visible.

use core::fmt::Write;

/// Appends `bytes` as text: control characters (also C1, U+0080 to U+009F) and bytes that are not UTF-8 as `\xNN`,
/// one for each byte; everything else as it is, quotes too. A backslash that would read as such an escape is one, `\x5c`:
/// so the text tells exactly which bytes there were.
pub fn line(bytes: &[u8], into: &mut String) {
    escape(bytes, into, |c| c.is_control());
}

/// The same for texts inside an event, which have no quotes of their own around them: characters that change the
/// order of the text around them, or that some readers take for a line end, are escaped too.
pub fn event(bytes: &[u8], into: &mut String) {
    escape(bytes, into, |c| c.is_control() || misleads(c));
}

fn escape(bytes: &[u8], into: &mut String, refused: impl Fn(char) -> bool) {
    into.reserve(bytes.len());
    // Nearly every line: nothing in it is refused by anybody. All bytes are looked at, so that many are at once.
    if bytes.iter().fold(true, |plain, byte| plain & (b' '..=b'~').contains(byte) & (*byte != b'\\'))
        && let Ok(text) = str::from_utf8(bytes)
    {
        return into.push_str(text);
    }
    for chunk in bytes.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some((at, c)) = rest.char_indices().find(|(at, c)| refused(*c) || *c == '\\' && is_escape(rest, *at))
        {
            into.push_str(&rest[..at]);
            let next = at + c.len_utf8();
            hex(&rest.as_bytes()[at..next], into);
            rest = &rest[next..];
        }
        into.push_str(rest);
        hex(chunk.invalid(), into);
    }
}

/// Whether what stands at `at` looks like what [`hex`] writes.
fn is_escape(text: &str, at: usize) -> bool {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    matches!(text.as_bytes().get(at..at + 4), Some([b'\\', b'x', high, low]) if is_digit(high) && is_digit(low))
}

/// Appends the bytes, each as `\xNN`.
pub fn hex(bytes: &[u8], into: &mut String) {
    for byte in bytes {
        // Writing into a `String` can't fail.
        let _ = write!(into, "\\x{byte:02x}");
    }
}

/// Bidirectional controls (Unicode's `Bidi_Control`) and the line separators.
fn misleads(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    fn line(bytes: &[u8]) -> String {
        let mut text = String::new();
        super::line(bytes, &mut text);
        text
    }

    #[test]
    fn what_stands_as_it_is_and_what_does_not() {
        for (bytes, text) in [
            (&b"250 OK "[..], "250 OK "),
            (b"say \"hi\" \\ there", "say \"hi\" \\ there"),
            ("¡ñandú 日本 😀!".as_bytes(), "¡ñandú 日本 😀!"),
            (b"a\r\nb\tc\0", "a\\x0d\\x0ab\\x09c\\x00"),
            (b"\x1b[31m\x7f", "\\x1b[31m\\x7f"),
            ("\u{80}\u{9b}31m\u{9f}\u{a0}".as_bytes(), "\\xc2\\x80\\xc2\\x9b31m\\xc2\\x9f\u{a0}"),
            (b"caf\xe9 \xff\xfe", "caf\\xe9 \\xff\\xfe"),
            (b"cut \xe6\x97", "cut \\xe6\\x97"),
            ("\u{202e}\u{2028}".as_bytes(), "\u{202e}\u{2028}"),
            (br"C:\xampp \x4 \xFF \x\x41\", r"C:\xampp \x4 \xFF \x\x5cx41\"),
            (b"\\x4\xff\\x0a\x0a", r"\x4\xff\x5cx0a\x0a"),
        ] {
            assert_eq!(line(bytes), text);
        }
    }

    #[test]
    fn events_escape_what_reorders_text() {
        let mut text = String::new();
        super::event("a\u{202e}b\u{2029}ñ".as_bytes(), &mut text);
        assert_eq!(text, "a\\xe2\\x80\\xaeb\\xe2\\x80\\xa9ñ");
    }
}
