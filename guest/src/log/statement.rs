//! The two statements that carry a line: `C > "…"` and `S < "…"`.

use super::escape;

/// Lines over this many bytes are cut in the regular log.
pub const LONGEST: usize = 4096;

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

/// The last character boundary at or before `end`; a byte that is no UTF-8 is a character of its own.
fn boundary(line: &[u8], end: usize) -> usize {
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
    fn long_lines_end_at_a_character() {
        let mut line = vec![b'a'; LONGEST - 1];
        line.extend("ñandú".as_bytes());
        let text = cut(Side::Client, &line, 0);
        assert!(text.ends_with("aaa… (+7 bytes)\""), "{}", &text[4080..]);
        assert!(cut(Side::Client, &line, 100).ends_with("aaa… (+107 bytes)\""));
        assert!(cut(Side::Server, &[0x80; LONGEST + 3], 0).ends_with("\\x80… (+3 bytes)\""));
    }
}
