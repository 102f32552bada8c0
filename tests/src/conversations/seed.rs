//! The session that the format of the log comes from, with all five fields, byte for byte.
//!
//! Beside it stands what is known of it as data: when each line was written, and by whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use smtp_host::log_files::{Clock, Identity, LogFiles, Written};

use super::replay::replay;
use super::script::Script;
use super::world::Feed;

/// 2019-02-06T15:03:00, the minute in which all of it happened, in milliseconds since 1970.
const MINUTE: i64 = 1_549_465_380_000;

#[derive(Clone)]
struct Data(Arc<AtomicI64>);

impl Clock for Data {
    fn unix_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn offset_seconds(&self, _: i64) -> i32 {
        0
    }
}

/// The seconds of `2019-02-06T15:03:11.586`, as time.
fn moment(stamp: &str) -> i64 {
    let seconds = stamp.strip_prefix("2019-02-06T15:03:").expect("the minute of the session");
    MINUTE + seconds.replace('.', "").parse::<i64>().expect("seconds and milliseconds")
}

/// Process 5, the 7th that there was.
fn five_seven(logs: &LogFiles) -> (Identity, Vec<Identity>) {
    let others: Vec<Identity> = (0..4).map(|_| Identity::new(logs)).collect();
    drop(Identity::new(logs));
    drop(Identity::new(logs));
    (Identity::new(logs), others)
}

fn assert_golden(language: &str) {
    let folder = super::folder().join("seed");
    let golden =
        std::fs::read_to_string(folder.join(format!("wrong-password-{language}.log"))).expect("the golden log");
    let script = Script::read(&folder.join(format!("wrong-password-{language}.txt"))).expect("the script");
    let trace = replay(script, Feed::Whole).expect("a replay");

    let written = std::env::temp_dir().join(format!("smtp-seed-{language}-{}", std::process::id()));
    let clock = Data(Arc::new(AtomicI64::new(MINUTE)));
    let logs = LogFiles::builder().folder(&written).regular(1).clock(clock.clone()).build().expect("a log");
    let (identity, _others) = five_seven(&logs);
    for (statement, line) in trace.log.lines().zip(golden.lines()) {
        let stamp = line.split(' ').nth(1).expect("a stamp");
        clock.0.store(moment(stamp), Ordering::Relaxed);
        assert_eq!(logs.append_regular(&identity, &[statement]), Written::All);
    }
    let log = std::fs::read_to_string(written.join("SMTPLog_1.txt")).expect("the log");
    let _ = std::fs::remove_dir_all(&written);
    assert_eq!(trace.log.lines().count(), golden.lines().count());
    assert_eq!(log, golden);
}

#[test]
fn the_seed_in_spanish() {
    assert_golden("es");
}

#[test]
fn the_seed_in_english() {
    assert_golden("en");
}
