//! How far local time is ahead of UTC, asked anew every second: the answer costs more than the rest of a clock's.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Local, Offset, TimeZone};

/// The last answer: its second in the upper bits, the minutes in the lower sixteen.
static LAST: AtomicI64 = AtomicI64::new(i64::MIN);

/// Minutes east of UTC at this Unix second.
pub(super) fn offset_minutes(unix_second: u64) -> i16 {
    // 47 bits are four million years.
    let second = i64::try_from(unix_second).unwrap_or(0) & (i64::MAX >> 16);
    let last = LAST.load(Ordering::Relaxed);
    if last >> 16 == second {
        // The lower bits are the minutes, sign and all.
        return last as i16;
    }
    let utc = DateTime::from_timestamp(second, 0).unwrap_or_default().naive_utc();
    let minutes = Local.offset_from_utc_datetime(&utc).fix().local_minus_utc() / 60;
    let minutes = i16::try_from(minutes).unwrap_or(0);
    LAST.store(second << 16 | i64::from(minutes) & 0xffff, Ordering::Relaxed);
    minutes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_the_zone_s_however_often_it_is_asked() {
        for second in [0, 1_700_000_000, 1_700_000_000, 1_720_000_000, u64::MAX] {
            let utc = DateTime::from_timestamp((second & (i64::MAX as u64 >> 16)) as i64, 0).unwrap_or_default();
            let minutes = Local.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc() / 60;
            assert_eq!(i32::from(offset_minutes(second)), minutes, "{second}");
        }
    }
}
