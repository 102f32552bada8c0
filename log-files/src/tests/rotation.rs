//! Which file a line goes into, and which files go.

use std::fs;

use super::super::{Identity, LogFiles};
use super::support::{TestFolder, assert_whole};

/// 37 bytes as a line: the third reaches 100.
const STATEMENT: &str = "### 67";

fn append(logs: &LogFiles, lines: usize) {
    let _ = logs.append_regular(&Identity::new(logs), &vec![STATEMENT; lines]);
}

fn logs(folder: &TestFolder, keep: usize, first: u32) -> LogFiles {
    folder.logs().0.max_bytes(100).keep(keep).reporter(|_| {}).regular(first).build().unwrap()
}

#[test]
fn the_line_that_reaches_the_limit_is_the_last_of_its_file() {
    for batch in [1, 2, 3, 4, 10] {
        let folder = TestFolder::new();
        let logs = logs(&folder, 0, 1);
        for _ in 0..30 / batch {
            append(&logs, batch);
        }
        for number in 1..=30 / batch * batch / 3 {
            assert_eq!(3, assert_whole(&folder.read(&format!("SMTPLog_{number}.txt"))));
        }
    }
}

#[test]
fn exactly_the_limit_is_full_and_one_less_is_not() {
    for (limit, lines) in [(74, 2), (75, 3)] {
        let folder = TestFolder::new();
        let logs = folder.logs().0.max_bytes(limit).regular(1).build().unwrap();
        append(&logs, 5);
        assert_eq!(lines, assert_whole(&folder.read("SMTPLog_1.txt")));
    }
}

#[test]
fn the_newest_files_are_kept() {
    let folder = TestFolder::new();
    fs::write(folder.join("SMTPLog_99.txt"), "").unwrap();
    fs::write(folder.join("SMTPLog_01.txt"), "not ours").unwrap();
    append(&logs(&folder, 2, 1), 3 * 5);
    assert_eq!(["SMTPLog_01.txt", "SMTPLog_5.txt", "SMTPLog_6.txt", "SMTPLog_99.txt"], folder.names()[..]);
}

#[test]
fn none_is_replaced() {
    let folder = TestFolder::new();
    fs::write(folder.join("SMTPLog_2.txt"), "8 2019-01-01T00:00:00.000 1 1 ### before\n").unwrap();
    fs::write(folder.join("SMTPLog_3.txt"), "x".repeat(100)).unwrap();
    append(&logs(&folder, 0, 1), 3 + 2 + 1);
    let second = folder.read("SMTPLog_2.txt");
    assert!(second.starts_with("8 2019-01-01") && second.contains("\n9 2019-02-06") && second.contains("\n10 "));
    assert_eq!("x".repeat(100), folder.read("SMTPLog_3.txt"));
    assert_eq!(1, assert_whole(&folder.read("SMTPLog_4.txt")));
}

#[test]
fn all_come_to_the_same_file() {
    let folder = TestFolder::new();
    let (one, other) = (logs(&folder, 0, 1), logs(&folder, 0, 1));
    for lines in [1, 2, 1, 5, 1, 1, 7] {
        append(&one, lines);
        append(&other, lines);
    }
    // 36 lines.
    assert_eq!(13, folder.names().len());
    assert!((1..=12).all(|number| assert_whole(&folder.read(&format!("SMTPLog_{number}.txt"))) == 3));
}

#[test]
fn who_comes_late_finds_the_newest_though_the_first_is_gone() {
    for keep in [1, 2, 3] {
        let folder = TestFolder::new();
        let early = logs(&folder, keep, 1);
        append(&early, 3 * 7);
        append(&logs(&folder, keep, 1), 1);
        append(&early, 1);
        assert_eq!(2, assert_whole(&folder.read("SMTPLog_8.txt")));
        assert_eq!(keep, folder.names().len());
    }
}

#[test]
fn who_slept_finds_the_newest_though_its_file_is_gone() {
    let folder = TestFolder::new();
    let (sleeper, other) = (logs(&folder, 2, 1), logs(&folder, 2, 1));
    append(&sleeper, 1);
    append(&other, 2 + 3 * 5 + 1);
    append(&sleeper, 1);
    assert_eq!(2, assert_whole(&folder.read("SMTPLog_7.txt")));
}

#[test]
fn another_number_is_another_file() {
    let folder = TestFolder::new();
    let logs = logs(&folder, 50, 5);
    append(&logs, 1);
    logs.set_regular(1).unwrap();
    append(&logs, 1);
    logs.set_regular(5).unwrap();
    append(&logs, 1);
    assert_eq!([1, 2], ["SMTPLog_1.txt", "SMTPLog_5.txt"].map(|name| assert_whole(&folder.read(name))));
}

#[test]
fn switching_leaves_no_empty_file_and_pushes_none_out() {
    let folder = TestFolder::new();
    let logs = logs(&folder, 3, 1);
    for number in [1, 2, 3] {
        logs.set_regular(number).unwrap();
        append(&logs, 1);
    }
    for number in (5..50).chain((10..20).rev()) {
        logs.set_regular(number).unwrap();
        logs.set_regular(number).unwrap();
        logs.set_regular(number % 2 * number).unwrap();
    }
    logs.set_regular(0).unwrap();
    assert_eq!(["SMTPLog_2.txt", "SMTPLog_3.txt"], folder.names()[..]);
}

#[test]
fn there_is_no_number_after_the_last() {
    let folder = TestFolder::new();
    let logs = logs(&folder, 50, u32::MAX);
    append(&logs, 3);
    append(&logs, 1);
    assert_eq!(3, assert_whole(&folder.read("SMTPLog_4294967295.txt")));
    assert_eq!(1, folder.names().len());
}
