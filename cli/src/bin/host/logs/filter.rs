//! Which conversations are wanted.

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, Timelike, Utc};
use clap::Args;
use regex::bytes::Regex;
use smtp_logs::conversation::Process;
use smtp_logs::{Conversation, Stamp};

/// Filters that `view`, `follow`, `explain` and `report` share.
#[derive(Args, Default)]
pub struct Filter {
    /// Only conversations of this process: field 3, or fields 3 and 4 as 5/7
    #[arg(long, value_name = "N", value_parser = process)]
    pub process: Option<(u64, Option<u64>)>,
    /// Only this conversation: its number, as `view` and `explain` show it (repeatable)
    #[arg(long = "conversation", value_name = "N")]
    pub conversations: Vec<u64>,
    /// Only what goes on at or after this: 2026-11-25, 2026-11-25T14:30, or 90s, 15m, 2h, 3d ago
    #[arg(long, value_name = "WHEN", value_parser = when)]
    pub since: Option<When>,
    /// Only what begins before this
    #[arg(long, value_name = "WHEN", value_parser = when)]
    pub until: Option<When>,
    /// Only conversations in which something failed
    #[arg(long)]
    pub errors: bool,
    /// Only conversations with a line in which this regular expression matches
    #[arg(long, value_name = "REGEX")]
    pub grep: Option<Regex>,
}

/// A moment, as local and as UTC digits: a log may have either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    local: i64,
    utc: i64,
}

impl When {
    fn of(self, stamp: Stamp) -> i64 {
        if stamp.utc { self.utc } else { self.local }
    }
}

impl Filter {
    /// Whether the conversation passes; `--grep` is not asked here, since it is about lines.
    pub fn wants(&self, told: &Conversation) -> bool {
        self.wants_process(told.process)
            && (self.conversations.is_empty() || self.conversations.contains(&told.number))
            && (!self.errors || told.outcome().is_failure())
            && self.is_after(told.last.stamp)
            && self.is_before(told.first.stamp)
    }

    pub fn wants_process(&self, process: Process) -> bool {
        self.process.is_none_or(|(id, unique)| process.id == id && unique.is_none_or(|unique| process.unique == unique))
    }

    /// Whether this is not before `--since`. What has no time is let through.
    pub fn is_after(&self, stamp: Option<Stamp>) -> bool {
        self.since.zip(stamp).is_none_or(|(since, stamp)| stamp.ms >= since.of(stamp))
    }

    pub fn is_before(&self, stamp: Option<Stamp>) -> bool {
        self.until.zip(stamp).is_none_or(|(until, stamp)| stamp.ms < until.of(stamp))
    }

    /// Whether text that is of no conversation is of interest.
    pub fn wants_everything(&self) -> bool {
        self.process.is_none()
            && self.conversations.is_empty()
            && self.since.is_none()
            && self.until.is_none()
            && !self.errors
            && self.grep.is_none()
    }
}

fn process(text: &str) -> Result<(u64, Option<u64>), String> {
    let (id, unique) = text.split_once('/').map_or((text, None), |(id, unique)| (id, Some(unique)));
    let number = |text: &str| text.parse().map_err(|_| "a number like 5, or two like 5/7".to_owned());
    Ok((number(id)?, unique.map(number).transpose()?))
}

fn when(text: &str) -> Result<When, String> {
    let ago = |unit: &str| text.strip_suffix(unit).and_then(|count| count.parse::<u32>().ok()).map(i64::from);
    let units = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];
    if let Some(seconds) = units.iter().find_map(|(unit, seconds)| Some(ago(unit)? * seconds)) {
        let then = Utc::now() - chrono::Duration::seconds(seconds);
        let local = then.with_timezone(&Local).naive_local().and_utc().timestamp_millis();
        return Ok(When { local, utc: then.timestamp_millis() });
    }
    let time =
        moment(text.trim_end_matches('Z')).ok_or("no time: 2026-11-25, 2026-11-25T14:30, 14:30, or 15m (ago)")?;
    let ms = time.and_utc().timestamp_millis();
    Ok(When { local: ms, utc: ms })
}

fn moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.replace(' ', "T");
    if let Ok(date) = NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        return date.and_hms_opt(0, 0, 0);
    }
    let today: DateTime<Local> = Local::now();
    let with_date = if text.contains('T') { text } else { format!("{}T{text}", today.format("%Y-%m-%d")) };
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|shape| NaiveDateTime::parse_from_str(&with_date, shape).ok())
        .and_then(|time| time.with_nanosecond(time.nanosecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        let When { local, utc } = when(text).expect(text);
        assert_eq!(local, utc);
        local
    }

    #[test]
    fn moments() {
        let stamp = |text: &str| Stamp::parse(text.as_bytes()).expect(text).ms;
        assert_eq!(ms("2026-11-25"), stamp("2026-11-25T00:00:00.000"));
        assert_eq!(ms("2026-11-25T14:30"), stamp("2026-11-25T14:30:00.000"));
        assert_eq!(ms("2026-11-25 14:30:01.5"), stamp("2026-11-25T14:30:01.500"));
        assert_eq!(ms("2026-11-25T14:30:01Z"), stamp("2026-11-25T14:30:01.000"));
        assert!(when("2h").is_ok() && when("14:30").is_ok());
        for text in ["", "yesterday", "2026-02-30", "25:00", "-5m", "5 minutes"] {
            assert!(when(text).is_err(), "{text}");
        }
    }

    #[test]
    fn processes() {
        assert_eq!(process("5"), Ok((5, None)));
        assert_eq!(process("5/7"), Ok((5, Some(7))));
        assert!(process("five").is_err() && process("5/").is_err());
    }
}
