//! One line: five fields.

use crate::conversation::Process;
use crate::stamp::{self, LENGTH};

/// A line of a log. Its texts are bytes: a log may be damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Field 1.
    pub counter: u64,
    /// Field 2, which has the shape of a date and time: see [`Stamp::parse`](crate::Stamp::parse).
    pub stamp: &'a [u8],
    /// Fields 3 and 4.
    pub process: Process,
    /// Field 5.
    pub statement: Statement<'a>,
}

/// Field 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement<'a> {
    /// `C > "…"`: what stands between the quotes.
    Client(&'a [u8]),
    /// `S < "…"`: what stands between the quotes.
    Server(&'a [u8]),
    /// `### …`: the sentence.
    Event(&'a [u8]),
    /// None of these three.
    Unknown(&'a [u8]),
}

/// What a line of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parsed<'a> {
    /// A line of a log.
    Whole(Line<'a>),
    /// The beginning of one, as far as it goes.
    Cut(Option<Line<'a>>),
    /// A line without its fourth field, as older programs leave it behind.
    Leftover,
    /// Anything else.
    Foreign,
}

/// Reads a line that somebody said, which nearly all are; `None` where a closer look is needed. `known` is a stamp that is
/// known to have the shape of one: most lines have that of the line before.
#[inline(always)]
pub(crate) fn said<'a>(text: &'a [u8], known: &mut [u8; LENGTH]) -> Option<Line<'a>> {
    let (counter, rest) = number(text)?;
    let rest = rest.strip_prefix(b" ")?;
    let (stamp, after) = rest.split_first_chunk::<LENGTH>()?;
    if stamp != known {
        if !stamp::has_shape(stamp) {
            return None;
        }
        *known = *stamp;
    }
    let (stamp, after) = if after.first() == Some(&b'Z') { rest.split_at(LENGTH + 1) } else { (&stamp[..], after) };
    let (id, after) = number(after.strip_prefix(b" ")?)?;
    let (unique, after) = number(after.strip_prefix(b" ")?)?;
    let statement = match after {
        [b' ', b'C', b' ', b'>', b' ', b'"', text @ .., b'"'] => Statement::Client(text),
        [b' ', b'S', b' ', b'<', b' ', b'"', text @ .., b'"'] => Statement::Server(text),
        _ => return None,
    };
    Some(Line { counter, stamp, process: Process { id, unique }, statement })
}

/// Reads any line.
pub(crate) fn parse(text: &[u8]) -> Parsed<'_> {
    let Some((counter, after_counter)) = number(text) else {
        return Parsed::Foreign;
    };
    let Some(rest) = after_counter.strip_prefix(b" ") else {
        // A lone number is no sign of a log.
        return Parsed::Foreign;
    };
    let Some((stamp, utc)) = rest.split_first_chunk::<LENGTH>() else {
        return if begins_a_stamp(rest) { Parsed::Cut(None) } else { Parsed::Foreign };
    };
    if !stamp::has_shape(stamp) {
        return Parsed::Foreign;
    }
    let stamp = if utc.first() == Some(&b'Z') { &rest[..LENGTH + 1] } else { &stamp[..] };
    let rest = &rest[stamp.len()..];
    let Some(rest) = rest.strip_prefix(b" ") else {
        return if rest.is_empty() { Parsed::Cut(None) } else { Parsed::Foreign };
    };
    let Some((id, after_id)) = number(rest) else {
        return without_unique(rest);
    };
    let Some(rest) = after_id.strip_prefix(b" ") else {
        return if after_id.is_empty() { Parsed::Cut(None) } else { Parsed::Foreign };
    };
    let Some((unique, after_unique)) = number(rest) else {
        return if rest.is_empty() {
            Parsed::Cut(None)
        } else if rest.starts_with(b"### ") {
            Parsed::Leftover
        } else {
            Parsed::Foreign
        };
    };
    let Some(said) = after_unique.strip_prefix(b" ") else {
        return if after_unique.is_empty() { Parsed::Cut(None) } else { Parsed::Foreign };
    };
    let (statement, is_whole) = statement(said);
    let line = Line { counter, stamp, process: Process { id, unique }, statement };
    if is_whole { Parsed::Whole(line) } else { Parsed::Cut(Some(line)) }
}

/// A line whose third field is a negative number, and whose fourth is missing.
fn without_unique(rest: &[u8]) -> Parsed<'_> {
    let Some(rest) = rest.strip_prefix(b"-") else {
        return if rest.is_empty() { Parsed::Cut(None) } else { Parsed::Foreign };
    };
    match number(rest) {
        Some((_, rest)) if rest.starts_with(b" ### ") => Parsed::Leftover,
        _ => Parsed::Foreign,
    }
}

/// The statement, and whether it is whole. Of an event nobody can tell.
fn statement(text: &[u8]) -> (Statement<'_>, bool) {
    let quoted = |rest: &'_ [u8]| rest.split_last().is_some_and(|(last, _)| *last == b'"');
    match text {
        [b'C', b' ', b'>', b' ', b'"', rest @ ..] => match quoted(rest) {
            true => (Statement::Client(&rest[..rest.len() - 1]), true),
            false => (Statement::Client(rest), false),
        },
        [b'S', b' ', b'<', b' ', b'"', rest @ ..] => match quoted(rest) {
            true => (Statement::Server(&rest[..rest.len() - 1]), true),
            false => (Statement::Server(rest), false),
        },
        [b'#', b'#', b'#', b' ', rest @ ..] => (Statement::Event(rest), true),
        _ => {
            let beginnings: [&[u8]; 3] = [b"C > \"", b"S < \"", b"### "];
            (Statement::Unknown(text), !beginnings.iter().any(|beginning| beginning.starts_with(text)))
        }
    }
}

/// A number of up to 19 digits, and what follows it.
#[inline(always)]
fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let (mut value, mut length) = text.first_chunk().map_or((0, 0), digits);
    if length % 8 == 0 {
        for byte in &text[length..] {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            length += 1;
        }
    }
    (1..=19).contains(&length).then(|| (value, &text[length..]))
}

/// The value and the number of the digits at the beginning: all at once, since numbers are of every length and a branch
/// for each digit would often be guessed wrong.
#[inline(always)]
fn digits(text: &[u8; 8]) -> (u64, usize) {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    let values = u64::from_le_bytes(*text) ^ each(b'0');
    // The high bit of a byte that is above 9. A carry reaches only bytes behind it.
    let others = (values.wrapping_add(each(0x76)) | values) & each(0x80);
    let length = (others.trailing_zeros() / 8) as usize;
    // What is no digit goes out, and zeros come in at the front.
    let values = values.checked_shl(64 - 8 * length as u32).unwrap_or(0);
    let pairs = (values.wrapping_mul(10) + (values >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let all = (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xffff_ffff;
    (all, length)
}

/// Whether a stamp may begin so; at least its year is there.
fn begins_a_stamp(text: &[u8]) -> bool {
    let mut whole = *b"2000-01-01T00:00:00.000";
    if text.len() < 5 || text.len() > whole.len() {
        return false;
    }
    whole[..text.len()].copy_from_slice(text);
    stamp::has_shape(&whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read in both ways.
    fn whole(text: &str) -> Line<'_> {
        match parse(text.as_bytes()) {
            Parsed::Whole(line) => {
                let is_said = matches!(line.statement, Statement::Client(_) | Statement::Server(_));
                let mut known = *stamp::SHAPE;
                assert_eq!(said(text.as_bytes(), &mut known), is_said.then_some(line));
                line
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn the_three_statements() {
        let line = whole(r#"12 2019-02-06T15:03:12.162 5 7 C > "AUTH PLAIN""#);
        assert_eq!((line.counter, line.stamp), (12, &b"2019-02-06T15:03:12.162"[..]));
        assert_eq!(line.process, Process { id: 5, unique: 7 });
        assert_eq!(line.statement, Statement::Client(b"AUTH PLAIN"));
        let line = whole(r#"13 2019-02-06T15:03:12.168Z 5 7 S < "334 ""#);
        assert_eq!((line.stamp.len(), line.statement), (24, Statement::Server(b"334 ")));
        let line = whole(r#"14 2019-02-06T15:03:12.168 5 7 C > "say "hi"""#);
        assert_eq!(line.statement, Statement::Client(b"say \"hi\""));
        assert_eq!(whole("1 2019-02-06T15:03:12.168 5 7 ### ").statement, Statement::Event(b""));
        assert_eq!(whole("1 2019-02-06T15:03:12.168 5 7 ??? x").statement, Statement::Unknown(b"??? x"));
    }

    #[test]
    fn every_beginning_of_a_line_is_told_as_one() {
        let line = r#"12 2019-02-06T15:03:12.162 5 7 S < "535 5.7.8 no""#;
        for end in 0..line.len() {
            let parsed = parse(&line.as_bytes()[..end]);
            assert_eq!(said(&line.as_bytes()[..end], &mut stamp::SHAPE.clone()), None);
            match end {
                ..8 => assert_eq!(parsed, Parsed::Foreign, "{}", &line[..end]),
                _ => assert!(matches!(parsed, Parsed::Cut(_)), "{}: {parsed:?}", &line[..end]),
            }
        }
    }

    #[test]
    fn numbers_of_every_length() {
        let all = "1234567890123456789";
        for length in 1..=19 {
            for rest in ["", " 5", "x2345678", "/", ":"] {
                let text = format!("{}{rest}", &all[..length]);
                let expected = (all[..length].parse().expect("a number"), rest.as_bytes());
                assert_eq!(number(text.as_bytes()), Some(expected), "{text}");
            }
        }
        assert_eq!(number(b"00000000000000000007 "), None);
        for text in ["", " ", "x1234567", "\u{b2}345678", "12345678901234567890"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn other_texts() {
        for text in [
            "",
            "Ejemplo de archivo de registro SMTP",
            "12.162 5 7 C > \"AUTH PLAIN\"",
            "2019 was a good year",
            "12 monkeys",
            "1 2019-02-06T15:03:12.16x 5 7 ### x",
            "12345678901234567890 2019-02-06T15:03:12.162 5 7 ### x",
            "1 2019-02-06T15:03:12.162 five 7 ### x",
            " 1 2019-02-06T15:03:12.162 5 7 ### x",
        ] {
            assert_eq!(parse(text.as_bytes()), Parsed::Foreign, "{text}");
            assert_eq!(said(text.as_bytes(), &mut stamp::SHAPE.clone()), None, "{text}");
        }
        for text in ["67 2019-01-10T11:00:08.653 -5 ### closed", "67 2019-01-10T11:00:08.653 5 ### closed"] {
            assert_eq!(parse(text.as_bytes()), Parsed::Leftover, "{text}");
        }
    }
}
