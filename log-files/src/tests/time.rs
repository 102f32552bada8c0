//! Stamps never go back within one file, whatever the clock, the zone and other processes do.

use std::fs;

use super::super::stamp::{Stamp, Stamper};
use super::super::{Clock, Identity, LogFiles, SystemClock};
use super::support::{SEED, TestFolder, assert_whole};

fn stamps(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.split(' ').nth(1).unwrap()).collect()
}

fn times(text: &str) -> Vec<&str> {
    stamps(text).into_iter().map(|stamp| &stamp[11..]).collect()
}

fn append(logs: &LogFiles) {
    let _ = logs.append_regular(&Identity::new(logs), &["### x"]);
}

#[test]
fn a_clock_set_back_waits() {
    let folder = TestFolder::new();
    let (logs, clock) = folder.logs();
    let logs = logs.regular(1).build().unwrap();
    for step in [0, 1, -5000, 5000, 1] {
        clock.advance(step);
        append(&logs);
    }
    let text = folder.read("SMTPLog_1.txt");
    assert_eq!(["15:03:11.586", "15:03:11.587", "15:03:11.587", "15:03:11.587", "15:03:11.588"], times(&text)[..]);
}

#[test]
fn the_end_of_summer_time_waits() {
    let folder = TestFolder::new();
    let (logs, clock) = folder.logs();
    clock.set_offset(7200);
    let logs = logs.regular(1).build().unwrap();
    append(&logs);
    clock.advance(1000);
    clock.set_offset(3600);
    append(&logs);
    clock.advance(3_600_000);
    append(&logs);
    let text = folder.read("SMTPLog_1.txt");
    assert_eq!(["16:03:11.586", "16:03:11.586", "16:03:12.586"], times(&text)[..]);
}

#[test]
fn another_process_with_a_faster_clock_is_followed() {
    let folder = TestFolder::new();
    let (ahead, clock) = folder.logs();
    clock.advance(10_000);
    let ahead = ahead.regular(1).build().unwrap();
    let behind = folder.logs().0.regular(1).build().unwrap();
    for logs in [&behind, &ahead, &behind] {
        append(logs);
    }
    let text = folder.read("SMTPLog_1.txt");
    assert_eq!(3, assert_whole(&text));
    assert_eq!(["15:03:11.586", "15:03:21.586", "15:03:21.586"], times(&text)[..]);
}

#[test]
fn local_time_and_utc_in_one_file_are_compared_as_moments() {
    let folder = TestFolder::new();
    for utc in [false, true, false] {
        append(&folder.logs().0.utc(utc).regular(1).build().unwrap());
    }
    let text = folder.read("SMTPLog_1.txt");
    let expected = ["2019-02-06T15:03:11.586", "2019-02-06T14:03:11.586Z", "2019-02-06T15:03:11.586"];
    assert_eq!(expected, stamps(&text)[..]);
}

#[test]
fn a_line_that_is_none_has_no_say() {
    let folder = TestFolder::new();
    let file = folder.join("SMTPLog_1.txt");
    fs::write(&file, "41 2019-02-06T15:03:11.999 1 1 ### x\n99999 2099-13-01T00:00:00.000 1 1 ### y\nnot a line\n")
        .unwrap();
    append(&folder.logs().0.regular(1).build().unwrap());
    assert!(folder.read("SMTPLog_1.txt").ends_with("\n42 2019-02-06T15:03:11.999 1 1 ### x\n"));
}

#[test]
fn stamps_are_read_as_they_are_written() {
    for utc in [false, true] {
        let mut stamper = Stamper::new(utc);
        for ms in [SEED, 0, -1, 951_782_399_999, 1_709_251_199_000, -62_167_219_200_000, 253_402_300_799_999] {
            let text = stamper.text(ms).to_vec();
            assert_eq!(Some(Stamp { ms, utc }), Stamp::parse(&text), "{}", String::from_utf8_lossy(&text));
            assert_eq!(ms, stamper.own(Stamp { ms, utc }, &SystemClock));
        }
    }
    for text in
        ["", "2019-02-06 15:03:11.586", "2019-02-30T15:03:11.586", "2019-02-06T15:03:11.58", "2019-02-06T24:03:11.586"]
    {
        assert_eq!(None, Stamp::parse(text.as_bytes()), "{text}");
    }
}

#[test]
fn the_machines_clock_goes() {
    let now = SystemClock.unix_ms();
    assert!(now > SEED, "{now}");
    assert!(SystemClock.offset_seconds(now / 1000).abs() <= 15 * 3600);
}
