//! Where the time comes from: the machine's clock, or a test's.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Local, Offset, TimeZone};

/// A clock and the zone it hangs in.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn unix_ms(&self) -> i64;

    /// Seconds that local time is ahead of UTC at this Unix second.
    fn offset_seconds(&self, unix_second: i64) -> i32;
}

/// The machine's clock in the machine's zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn unix_ms(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        }
    }

    fn offset_seconds(&self, unix_second: i64) -> i32 {
        DateTime::from_timestamp(unix_second, 0)
            .map_or(0, |utc| Local.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc())
    }
}
