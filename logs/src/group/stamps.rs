//! Reads stamps one after the other: most are of the same second as the one before.

use crate::Stamp;
use crate::stamp::LENGTH;

/// `2019-02-06T15:03:11`
const SECOND: usize = 19;

#[derive(Default)]
pub(super) struct Stamps {
    text: [u8; SECOND],
    /// Milliseconds of that second's beginning.
    ms: Option<i64>,
    /// The last text, and what it says.
    last: ([u8; LENGTH], Option<Stamp>),
}

impl Stamps {
    /// Of a text that has a stamp's shape.
    #[inline]
    pub fn read(&mut self, text: &[u8]) -> Option<Stamp> {
        match text.first_chunk::<LENGTH>() {
            Some(same) if text.len() == LENGTH && *same == self.last.0 => self.last.1,
            Some(other) if text.len() == LENGTH => {
                self.last = (*other, self.read_anew(text));
                self.last.1
            }
            _ => self.read_anew(text),
        }
    }

    fn read_anew(&mut self, text: &[u8]) -> Option<Stamp> {
        let (second, rest) = text.split_first_chunk::<SECOND>()?;
        if *second != self.text {
            self.text = *second;
            self.ms = Stamp::parse(text).map(|stamp| stamp.ms - stamp.ms.rem_euclid(1000));
        }
        let [b'.', a, b, c, zone @ ..] = rest else { return None };
        let digit = |byte: &u8| i64::from(byte.wrapping_sub(b'0'));
        Some(Stamp { ms: self.ms? + digit(a) * 100 + digit(b) * 10 + digit(c), utc: zone == b"Z" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_if_each_were_read_anew() {
        let mut stamps = Stamps::default();
        for text in [
            "2019-02-06T15:03:11.586",
            "2019-02-06T15:03:11.999",
            "2019-02-06T15:03:12.000Z",
            "2019-02-30T15:03:12.000",
            "2019-02-30T15:03:12.001",
            "1960-01-01T00:00:00.001",
            "1960-01-01T00:00:00.999",
        ] {
            assert_eq!(stamps.read(text.as_bytes()), Stamp::parse(text.as_bytes()), "{text}");
        }
    }
}
