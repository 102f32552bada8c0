//! The second field of a line: date and time.

use chrono::{DateTime, NaiveDate};
use serde::{Serialize, Serializer};
use std::fmt;

/// Bytes of a stamp without its `Z`.
pub(crate) const LENGTH: usize = 23;

/// A moment as a log tells it, to the millisecond.
///
/// Local time has no zone in a log, so two stamps can be compared where both are local or both are UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Milliseconds since 1970-01-01T00:00:00.000, the digits taken as if they were UTC.
    pub ms: i64,
    /// It ends with `Z`.
    pub utc: bool,
}

impl Stamp {
    /// `2019-02-06T15:03:11.586`, with or without `Z`. `None` where it is no stamp.
    pub fn parse(text: &[u8]) -> Option<Stamp> {
        let (text, utc) = match text.strip_suffix(b"Z") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        if !has_shape(text) {
            return None;
        }
        let part = |from: usize, to: usize| text[from..to].iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0'));
        let date = NaiveDate::from_ymd_opt(i32::try_from(part(0, 4)).ok()?, part(5, 7), part(8, 10))?;
        let time = date.and_hms_milli_opt(part(11, 13), part(14, 16), part(17, 19), part(20, 23))?;
        Some(Stamp { ms: time.and_utc().timestamp_millis(), utc })
    }

    /// Milliseconds from `earlier` to this; 0 where the clock went back, or the two can't be compared.
    pub fn since(self, earlier: Stamp) -> u64 {
        if self.utc != earlier.utc {
            return 0;
        }
        u64::try_from(self.ms.saturating_sub(earlier.ms)).unwrap_or(0)
    }
}

/// Digits, and the marks between them.
pub(crate) const SHAPE: &[u8; LENGTH] = b"0000-00-00T00:00:00.000";

/// Digits and marks where they belong; whether there is such a day is not asked.
pub(crate) fn has_shape(text: &[u8]) -> bool {
    let Ok(text) = <&[u8; LENGTH]>::try_from(text) else { return false };
    // All of it in any case: without an early end the loop becomes a few wide instructions.
    let mut wrong = 0;
    for (byte, shape) in text.iter().zip(SHAPE) {
        let digit = byte.wrapping_sub(b'0');
        wrong |= u8::from(if *shape == b'0' { digit > 9 } else { byte != shape });
    }
    wrong == 0
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::from_timestamp_millis(self.ms).unwrap_or_default();
        write!(f, "{}{}", time.format("%Y-%m-%dT%H:%M:%S%.3f"), if self.utc { "Z" } else { "" })
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for text in ["2019-02-06T15:03:11.586", "2024-02-29T23:59:59.999Z", "0001-01-01T00:00:00.000"] {
            assert_eq!(Stamp::parse(text.as_bytes()).expect(text).to_string(), text);
        }
        for text in [
            "",
            "Z",
            "2019-02-06T15:03:11.58",
            "2019-02-06 15:03:11.586",
            "2023-02-29T00:00:00.000",
            "2019-02-06T24:03:11.586",
            "2019-02-06T15:03:11.5a6",
            "2019-02-06T15:03:11.586ZZ",
        ] {
            assert_eq!(Stamp::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn time_between() {
        let at = |text: &str| Stamp::parse(text.as_bytes()).unwrap();
        assert_eq!(at("2019-02-07T00:00:00.001").since(at("2019-02-06T23:59:59.999")), 2);
        assert_eq!(at("2019-02-06T00:00:00.000").since(at("2019-02-07T00:00:00.000")), 0);
        assert_eq!(at("2019-02-07T00:00:00.000Z").since(at("2019-02-06T00:00:00.000")), 0);
    }
}
