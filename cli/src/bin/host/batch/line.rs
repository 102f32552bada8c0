//! The lines of a batch: read one by one, no longer than can be held.

use std::cell::OnceCell;
use std::fmt;
use std::io::{self, BufRead};

/// The longest line: an attachment as base64 may stand in it, a larger one belongs into a file.
pub const LONGEST: usize = 32 << 20;

/// One line with a mail in it.
pub struct Line {
    /// Its place among the results, from 0 on without gaps.
    pub place: u64,
    /// Its number in the input, from 1.
    pub number: u64,
    /// Without its line end; empty where it is too long.
    pub text: Vec<u8>,
    /// Whether it was longer than [`LONGEST`].
    pub is_too_long: bool,
    /// How often it was begun in this run.
    pub tries: u32,
    fingerprint: OnceCell<Fingerprint>,
}

impl Line {
    pub fn new(place: u64, number: u64, text: Vec<u8>, is_too_long: bool) -> Line {
        Line { place, number, text, is_too_long, tries: 0, fingerprint: OnceCell::new() }
    }

    /// What tells it from another line of the same number: only a journal asks, and more than once.
    pub fn fingerprint(&self) -> Fingerprint {
        *self.fingerprint.get_or_init(|| Fingerprint::of(&self.text))
    }
}

/// The first half of the line's SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    fn of(text: &[u8]) -> Fingerprint {
        let digest = ring::digest::digest(&ring::digest::SHA256, text);
        let mut half = [0; 16];
        half.copy_from_slice(&digest.as_ref()[..16]);
        Fingerprint(half)
    }

    pub fn parse(hex: &str) -> Option<Fingerprint> {
        u128::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 32).map(|value| Fingerprint(value.to_be_bytes()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// What was read.
pub enum Read {
    Line(Vec<u8>),
    TooLong,
    End,
}

/// Reads up to the next line end.
pub fn next(input: &mut impl BufRead) -> io::Result<Read> {
    let mut line = Vec::new();
    let mut is_too_long = false;
    loop {
        let piece = input.fill_buf()?;
        if piece.is_empty() {
            return Ok(if is_too_long {
                Read::TooLong
            } else if line.is_empty() {
                Read::End
            } else {
                Read::Line(line)
            });
        }
        let end = memchr::memchr(b'\n', piece);
        let part = &piece[..end.unwrap_or(piece.len())];
        if line.len() + part.len() > LONGEST {
            is_too_long = true;
            line = Vec::new();
        }
        if !is_too_long {
            line.extend_from_slice(part);
        }
        let taken = part.len() + usize::from(end.is_some());
        input.consume(taken);
        if end.is_some() {
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(if is_too_long { Read::TooLong } else { Read::Line(line) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let long = vec![b'x'; LONGEST + 1];
        let input = [b"a\r\n\nb\n".as_slice(), &long, b"\nlast"].concat();
        let mut input = io::BufReader::with_capacity(7, input.as_slice());
        let mut read = || match next(&mut input).unwrap() {
            Read::Line(line) => String::from_utf8(line).unwrap(),
            Read::TooLong => "too long".to_owned(),
            Read::End => "end".to_owned(),
        };
        assert_eq!([read(), read(), read(), read(), read(), read()], ["a", "", "b", "too long", "last", "end"]);
    }

    #[test]
    fn fingerprints() {
        let one = Fingerprint::of(b"one");
        assert_eq!(Fingerprint::parse(&one.to_string()), Some(one));
        assert_ne!(Fingerprint::of(b"two"), one);
        assert_eq!(Fingerprint::parse("12"), None);
    }
}
