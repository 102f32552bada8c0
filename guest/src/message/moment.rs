//! The Date field.

use chrono::{DateTime, Datelike, FixedOffset};

/// When a mail is sent, on the sender's clock: the guest has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
    /// Minutes that local time is ahead of UTC.
    pub offset_minutes: i32,
}

/// `send_at` as the Date field has it, RFC 5322 §3.3.
pub(super) fn from_rfc3339(text: &str) -> Result<String, String> {
    let date = DateTime::parse_from_rfc3339(text).map_err(|error| {
        format!("{text:?} is no RFC 3339 date with offset, as 2026-02-06T15:03:11+01:00 is ({error})")
    })?;
    written(date).ok_or_else(|| format!("{text:?}: a Date can't be written for this year (1900 to 9999)"))
}

impl Moment {
    /// As the Date field has it, RFC 5322 §3.3.
    pub(super) fn to_date(self) -> Result<String, String> {
        let offset = self.offset_minutes.checked_mul(60).and_then(FixedOffset::east_opt);
        let date = DateTime::from_timestamp_millis(self.unix_ms);
        (date.zip(offset))
            .and_then(|(date, offset)| written(date.with_timezone(&offset)))
            .ok_or_else(|| "the clock's time can't be written as a Date".to_owned())
    }
}

fn written(date: DateTime<FixedOffset>) -> Option<String> {
    (1900..=9999).contains(&date.year()).then(|| date.to_rfc2822())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_keeps_its_offset() {
        assert_eq!(from_rfc3339("2026-02-06T15:03:11.586+01:00").unwrap(), "Fri, 6 Feb 2026 15:03:11 +0100");
        assert_eq!(from_rfc3339("2024-02-29T23:59:60Z").unwrap(), "Thu, 29 Feb 2024 23:59:60 +0000");
        let moment = Moment { unix_ms: 1_549_465_391_586, offset_minutes: -210 };
        assert_eq!(moment.to_date().unwrap(), "Wed, 6 Feb 2019 11:33:11 -0330");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "yesterday", "2026-02-30T00:00:00Z", "2026-02-06T15:03:11", "1850-01-01T00:00:00Z"] {
            assert!(from_rfc3339(text).is_err(), "{text}");
        }
        assert!(Moment { unix_ms: i64::MAX, offset_minutes: 0 }.to_date().is_err());
        assert!(Moment { unix_ms: 0, offset_minutes: i32::MAX }.to_date().is_err());
    }
}
