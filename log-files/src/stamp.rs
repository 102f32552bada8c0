//! The second field of a line: `YYYY-MM-DDThh:mm:ss.mmm`, local, or UTC with a `Z`.

use chrono::{DateTime, Datelike, NaiveDate, Timelike};

use super::clock::Clock;

/// Length of a stamp without its `Z`.
const LENGTH: usize = 23;
/// 0000-01-01T00:00:00.000 and 9999-12-31T23:59:59.999: what four digits of a year can say.
const RANGE: (i64, i64) = (-62_167_219_200_000, 253_402_300_799_999);

/// Makes the stamps of one log; whatever stays the same within a second is kept from line to line.
pub(super) struct Stamper {
    utc: bool,
    offset: Cached<i64>,
    text: Cached<[u8; LENGTH + 1]>,
}

struct Cached<T> {
    second: i64,
    value: T,
}

impl Stamper {
    pub(super) fn new(utc: bool) -> Self {
        let mut text = *b"0000-00-00T00:00:00.000 ";
        if utc {
            text[LENGTH] = b'Z';
        }
        Self { utc, offset: Cached { second: i64::MIN, value: 0 }, text: Cached { second: i64::MIN, value: text } }
    }

    /// Now, in milliseconds as the digits of a stamp count them.
    pub(super) fn now(&mut self, clock: &dyn Clock) -> i64 {
        let unix_ms = clock.unix_ms();
        let offset = if self.utc { 0 } else { self.offset(unix_ms.div_euclid(1000), clock) };
        (unix_ms.saturating_add(offset)).clamp(RANGE.0, RANGE.1)
    }

    /// A stamp found in a file, in this log's own digits: a file may have been begun in UTC and be gone on with in
    /// local time, or the other way round.
    pub(super) fn own(&mut self, found: Stamp, clock: &dyn Clock) -> i64 {
        let offset = if found.utc == self.utc { 0 } else { self.offset(found.ms.div_euclid(1000), clock) };
        let ms = if self.utc { found.ms - offset } else { found.ms + offset };
        ms.clamp(RANGE.0, RANGE.1)
    }

    /// The text of a stamp.
    pub(super) fn text(&mut self, ms: i64) -> &[u8] {
        let (second, milli) = (ms.div_euclid(1000), ms.rem_euclid(1000));
        let text = &mut self.text.value;
        if self.text.second != second {
            let at = DateTime::from_timestamp(second, 0).unwrap_or_default();
            digits(&mut text[0..4], at.year().unsigned_abs());
            digits(&mut text[5..7], at.month());
            digits(&mut text[8..10], at.day());
            digits(&mut text[11..13], at.hour());
            digits(&mut text[14..16], at.minute());
            digits(&mut text[17..19], at.second());
            self.text.second = second;
        }
        digits(&mut text[20..23], u32::try_from(milli).unwrap_or(0));
        &text[..LENGTH + usize::from(self.utc)]
    }

    /// Milliseconds that local time is ahead of UTC.
    fn offset(&mut self, unix_second: i64, clock: &dyn Clock) -> i64 {
        if self.offset.second != unix_second {
            let value = i64::from(clock.offset_seconds(unix_second)) * 1000;
            self.offset = Cached { second: unix_second, value };
        }
        self.offset.value
    }
}

/// A stamp as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Its digits, as if they were UTC, since 1970.
    pub(super) ms: i64,
    /// It ends with a `Z`.
    pub(super) utc: bool,
}

impl Stamp {
    /// `None` where the text is no stamp.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let (text, utc) = match text.strip_suffix(b"Z") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        if text.len() != LENGTH || [4, 7, 10, 13, 16, 19].map(|at| text[at]) != *b"--T::." {
            return None;
        }
        let part = |from: usize, to: usize| number(&text[from..to]);
        let date = NaiveDate::from_ymd_opt(i32::try_from(part(0, 4)?).ok()?, part(5, 7)?, part(8, 10)?)?;
        let time = date.and_hms_milli_opt(part(11, 13)?, part(14, 16)?, part(17, 19)?, part(20, 23)?)?;
        Some(Self { ms: time.and_utc().timestamp_millis(), utc })
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0')))
}

fn digits(into: &mut [u8], mut value: u32) {
    for digit in into.iter_mut().rev() {
        *digit = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
}
