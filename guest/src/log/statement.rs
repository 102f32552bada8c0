//! The two statements that carry a line: `C > "…"` and `S < "…"`.

use super::escape;
use super::logs::Place;

/// Lines over this many bytes are cut in the regular log.
pub const LONGEST: usize = 4096;

/// Where a line was cut.
const CUT: &str = "…";

/// Who said a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Client,
    Server,
}

impl Side {
    fn opening(self) -> &'static str {
        match self {
            Side::Client => "C > \"",
            Side::Server => "S < \"",
        }
    }
}

/// A statement with the whole line; `line` is masked already.
pub fn whole(side: Side, line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len() + 6);
    text.push_str(side.opening());
    escape::line(line, &mut text);
    text.push('"');
    text
}

/// A statement of the regular log: of a line over 4,096 bytes its beginning, and how much is missing. `more` counts
/// bytes of the line that the caller did not keep.
pub fn cut(side: Side, line: &[u8], more: u64) -> String {
    if line.len() <= LONGEST && more == 0 {
        return whole(side, line);
    }
    let end = boundary(line, LONGEST.min(line.len()));
    let missing = (line.len() - end) as u64 + more;
    let mut text = whole(side, &line[..end]);
    text.pop();
    text.push_str(&format!("… (+{missing} bytes)\""));
    text
}

/// A statement of the extended log with a piece of a line of content: `…` where the line goes on.
///
/// Who reads the log can tell content from what it looks like: a line that reads as a BDAT command has its first letter
/// escaped, and so has the `…` of a long line that would read as the mark of a cut.
pub fn piece(line: &[u8], place: Place) -> String {
    let before = if matches!(place, Place::Middle | Place::Last) { CUT } else { "" };
    let after = if matches!(place, Place::First | Place::Middle) { CUT } else { "" };
    let mut text = String::with_capacity(line.len() + 12);
    text.push_str(Side::Client.opening());
    text.push_str(before);
    let start = text.len();
    let own = if place == Place::Only { looks_like_bdat(line) } else { 0 };
    escape::hex(&line[..own], &mut text);
    escape::line(&line[own..], &mut text);
    if after.is_empty()
        && text.len() - start >= LONGEST
        && let Some(at) = looks_cut(&text)
    {
        let behind = text.split_off(at + CUT.len());
        text.truncate(at);
        escape::hex(CUT.as_bytes(), &mut text);
        text.push_str(&behind);
    }
    text.push_str(after);
    text.push('"');
    text
}

/// Where a text of its own has the mark of a cut: `…` or `… (+123 bytes)` at its end.
fn looks_cut(text: &str) -> Option<usize> {
    let digits = text.strip_suffix(" bytes)").map(|rest| rest.trim_end_matches(|c: char| c.is_ascii_digit()));
    let end = digits.and_then(|rest| rest.strip_suffix(" (+")).unwrap_or(text);
    end.ends_with(CUT).then(|| end.len() - CUT.len())
}

/// How many bytes to escape, so that a line of content is no `BDAT 65536` or `BDAT 149 LAST`.
fn looks_like_bdat(line: &[u8]) -> usize {
    let Some(size) = line.strip_prefix(b"BDAT ") else { return 0 };
    let size = size.strip_suffix(b" LAST").unwrap_or(size);
    usize::from(!size.is_empty() && size.iter().all(u8::is_ascii_digit))
}

/// Length of the words at the beginning of a command that are the protocol's own.
pub fn command(line: &[u8]) -> usize {
    const WORDS: [&[u8]; 11] = [
        b"MAIL FROM:",
        b"RCPT TO:",
        b"EHLO",
        b"HELO",
        b"STARTTLS",
        b"AUTH",
        b"DATA",
        b"BDAT",
        b"NOOP",
        b"RSET",
        b"QUIT",
    ];
    WORDS.iter().find(|word| line.starts_with(word)).map_or(0, |word| word.len())
}

/// The last character boundary at or before `end`; a byte that is no UTF-8 is a character of its own.
pub fn boundary(line: &[u8], end: usize) -> usize {
    (0..4.min(end + 1))
        .map(|back| end - back)
        .find(|&at| line.get(at).is_none_or(|byte| !is_continuation(*byte)))
        .unwrap_or(end)
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lines_stand_whole() {
        assert_eq!(whole(Side::Server, b"334 "), "S < \"334 \"");
        let line = vec![b'a'; LONGEST];
        assert_eq!(cut(Side::Client, &line, 0), whole(Side::Client, &line));
    }

    #[test]
    fn content_is_told_from_what_it_looks_like() {
        for (line, text) in [
            ("BDAT 5 LAST", r"\x42DAT 5 LAST"),
            ("BDAT 65536", r"\x42DAT 65536"),
            ("BDAT", "BDAT"),
            ("BDAT five", "BDAT five"),
            ("and so on…", "and so on…"),
        ] {
            assert_eq!(piece(line.as_bytes(), Place::Only), format!("C > \"{text}\""));
        }
        let long = format!("{}…", "a".repeat(LONGEST));
        assert!(piece(long.as_bytes(), Place::Only).ends_with("a\\xe2\\x80\\xa6\""));
        assert!(piece(long.as_bytes(), Place::Last).ends_with("a\\xe2\\x80\\xa6\""));
        let counted = format!("{long} (+5 bytes)");
        assert!(piece(counted.as_bytes(), Place::Only).ends_with("a\\xe2\\x80\\xa6 (+5 bytes)\""));
        assert!(piece(long.as_bytes(), Place::First).ends_with("a……\""));
    }

    #[test]
    fn long_lines_end_at_a_character() {
        let mut line = vec![b'a'; LONGEST - 1];
        line.extend("ñandú".as_bytes());
        let text = cut(Side::Client, &line, 0);
        assert!(text.ends_with("aaa… (+7 bytes)\""), "{}", &text[4080..]);
        assert!(cut(Side::Client, &line, 100).ends_with("aaa… (+107 bytes)\""));
        assert!(cut(Side::Server, &[0x80; LONGEST + 3], 0).ends_with("\\x80… (+3 bytes)\""));
    }
}
