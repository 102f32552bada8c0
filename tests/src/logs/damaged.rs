//! Logs that are not as they were written, and what is no log at all.

use super::folder;
use crate::cli::run;
use proptest::prelude::*;
use std::fs;

fn seed() -> String {
    fs::read_to_string(folder().join("seed.log")).expect("the log")
}

#[test]
fn what_is_wrong_with_the_sample_is_told() {
    let ran = run(&folder(), &["logs", "explain", "seed.log"], b"").exits(69);
    assert!(ran.out.contains("1 line was broken in two, 1 line is left over from another log."), "{}", ran.out);
    let ran = run(&folder(), &["logs", "view", "seed.log"], b"").exits(0);
    assert!(ran.out.contains("a line left over from another log: 67 2019-01-10"), "{}", ran.out);
    assert!(ran.out.contains("C > \"AUTH PLAIN\""), "{}", ran.out);
}

/// The same log with other line ends, a mark at its beginning, and in UTC.
#[test]
fn written_by_other_systems() {
    let text = seed();
    let explain = |text: &str| run(&folder(), &["logs", "explain", "-"], text.as_bytes()).exits(69).out;
    let plain = explain(&text);
    assert_eq!(explain(&text.replace('\n', "\r\n")), plain);
    assert_eq!(explain(&format!("\u{feff}{text}")), plain);
    assert_eq!(explain(text.trim_end()), plain);
    let utc: String = text.lines().map(|line| line.replacen(" 5 7 ", "Z 5 7 ", 1) + "\n").collect();
    assert!(explain(&utc).contains("2019-02-06 15:03:11.586Z"), "{}", explain(&utc));
}

#[test]
fn nothing_in_a_log_moves_the_terminal() {
    let hostile = "1 2026-11-25T10:00:00.000 1 1 ### SMTP Connected to '\x1b[2Jh\u{202e}' on port 25. (unsecured)\n\
                   2 2026-11-25T10:00:00.000 1 1 S < \"554 \x1b]0;title\x07 \u{9b}31m \u{202e}no\"\n\
                   3 2026-11-25T10:00:00.000 1 1 ### SMTP Connection closed\n\x1b[31mforeign\u{2028}\n";
    for arguments in [&["explain", "-"][..], &["view", "-"], &["explain", "--json", "-"], &["view", "--json", "-"]] {
        let all: Vec<_> = ["logs"].iter().chain(arguments).copied().collect();
        // `run` itself refuses control characters in any output.
        let ran = run(&folder(), &all, hostile.as_bytes());
        assert!(!ran.out.contains(['\u{202e}', '\u{2028}', '\u{9b}']), "{}", ran.out);
        assert!(ran.out.contains("554") && ran.out.contains("title"), "{}", ran.told());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn arbitrary_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..4000)) {
        let mut text = seed().into_bytes();
        text.splice(300..400, bytes);
        for command in ["explain", "view"] {
            let ran = run(&folder(), &["logs", command, "-"], &text);
            prop_assert!(matches!(ran.code, 0 | 65 | 69 | 75), "{}", ran.told());
        }
    }
}
