//! The client's own conversations: what the client came to, its log must tell.
//!
//! `tests/conversations` has some 270 of them, each with the log and the outcome that the client gave.

use crate::conversation::{Delivery, Ending};
use crate::{Conversation, conversations};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// One conversation file: its log with all five fields, and what each operation came to.
struct Case {
    name: String,
    log: String,
    operations: Vec<String>,
    is_patchy: bool,
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the conversations of the client's tests") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("contents") {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            found.push(path);
        }
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conversations");
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths.sort();
    paths.iter().map(|path| case(path)).collect()
}

fn case(path: &Path) -> Case {
    let text = std::fs::read_to_string(path).expect("a file");
    let parts: Vec<_> = text.splitn(3, "\n---\n").collect();
    let [script, log, outcome] = parts[..] else { panic!("{}", path.display()) };
    let mut lines = Vec::new();
    for line in log.lines().filter(|line| !line.is_empty()) {
        let (line, times) = line.rsplit_once(" × ").unwrap_or((line, "1"));
        lines.extend(std::iter::repeat_n(line, times.parse().expect("a number")));
    }
    let mut stamped = String::new();
    for (counter, line) in (1..).zip(lines) {
        // One line each 10 ms.
        let (second, milli) = (counter / 100, counter % 100 * 10);
        writeln!(stamped, "{counter} 2026-02-06T15:{:02}:{:02}.{milli:03} 3 9 {line}", second / 60 % 60, second % 60)
            .expect("it fits");
    }
    let operations = outcome.lines().filter(|line| !line.starts_with(' ') && !line.is_empty());
    Case {
        name: format!(
            "{}/{}",
            path.parent().unwrap().file_name().unwrap().display(),
            path.file_stem().unwrap().display()
        ),
        log: stamped,
        operations: operations.map(str::to_owned).collect(),
        is_patchy: script.contains("\nlog off\n"),
    }
}

/// `accepted`, or the delivery and the phase of each failure, in order: as the client told it.
fn told(operations: &[String]) -> Vec<String> {
    let mut told = Vec::new();
    for operation in operations {
        let (what, result) = operation.split_once(": ").unwrap_or((operation, ""));
        match (what, result.strip_prefix("failed, ")) {
            ("mail", None) => told.push("accepted".to_owned()),
            ("mail" | "check", Some(failed)) => {
                let words: Vec<_> = failed.split(", ").collect();
                told.push(format!("{} {}", words[2], words[0]).to_lowercase());
            }
            // A mail or setting that was refused before anything was said.
            ("settings", _) | ("check", None) | ("close", _) => {}
            _ => panic!("not understood: {operation}"),
        }
    }
    told
}

/// The same, as the log tells it.
fn read(all: &[Conversation]) -> Vec<String> {
    let mut read = Vec::new();
    for conversation in all {
        let phase = |place: Option<usize>| {
            place.map_or("?".into(), |place| format!("{:?}", conversation.troubles[place].phase).to_lowercase())
        };
        for mail in &conversation.mails {
            match mail.delivery {
                Delivery::Accepted => read.push("accepted".to_owned()),
                Delivery::NotAccepted => read.push(format!("notaccepted {}", phase(mail.decisive))),
                Delivery::Unknown => read.push(format!("unknown {}", phase(mail.decisive))),
                Delivery::Unfinished => read.push("unfinished".to_owned()),
                Delivery::MovedOn => {}
            }
        }
        for place in &conversation.failures {
            if conversation.troubles[*place].mail.is_none() {
                read.push(format!("notaccepted {}", phase(Some(*place))));
            }
        }
    }
    read
}

/// Without the phases.
fn deliveries(told: &[String]) -> Vec<&str> {
    told.iter().filter_map(|line| line.split(' ').next()).collect()
}

/// In the same order, with some perhaps left out.
fn is_part_of(read: &[&str], told: &[&str]) -> bool {
    let mut rest = told.iter();
    !read.is_empty() && read.iter().all(|one| rest.any(|other| other == one))
}

fn group(log: &str) -> Vec<Conversation> {
    let mut all = Vec::new();
    conversations(log.as_bytes(), |conversation| all.push(conversation)).expect("no error from memory");
    all
}

#[test]
fn every_conversation_of_the_client_is_told_as_it_went() {
    let cases = cases();
    assert!(cases.len() >= 250, "{} conversations", cases.len());
    let mut wrong = String::new();
    for case in &cases {
        let all = group(&case.log);
        let expected = told(&case.operations);
        // A mail that was refused before anything was said leaves no trace.
        let is_silent = case.log.is_empty() || case.operations.iter().any(|line| line.contains("failed, Input, "));
        let is_told = if case.name.starts_with("overlap/") {
            // Of several mails under way, where a connection ends is the same for all; those not begun leave no trace.
            is_part_of(&deliveries(&read(&all)), &deliveries(&expected))
        } else {
            read(&all) == expected
        };
        if !case.is_patchy && !is_silent && !is_told {
            let _ = writeln!(wrong, "{}: told {expected:?}, read {:?}\n{}", case.name, read(&all), case.log);
        }
        for conversation in &all {
            assert!(case.is_patchy || conversation.ending == Ending::Closed, "{}\n{}", case.name, case.log);
            assert!(!conversation.damaged, "{}", case.name);
        }
        let lines: u64 = all.iter().map(|conversation| conversation.lines).sum();
        assert_eq!(lines, case.log.lines().count() as u64, "{}: every line is of a conversation", case.name);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_connection_that_breaks_leaves_each_of_several_mails_where_it_was() {
    let phases = |name: &str| {
        let case = cases().into_iter().find(|case| case.name == name).expect(name);
        group(&case.log).iter().flat_map(|told| read(std::slice::from_ref(told))).collect::<Vec<_>>()
    };
    // The first reply that is missing of each.
    let known = [
        ("cut-in-the-middle", ["unknown content", "unknown rset", "unknown rset"]),
        ("lost-in-the-middle", ["accepted", "unknown mailfrom", "unknown rset"]),
        ("silence-in-the-middle", ["accepted", "unknown rset", "unknown rset"]),
        // The reset was answered with 421.
        ("421-in-the-middle", ["accepted", "notaccepted mailfrom", "notaccepted rset"]),
        ("421-to-the-first", ["notaccepted mailfrom", "notaccepted rset", "notaccepted rset"]),
    ];
    for (name, expected) in known {
        assert_eq!(phases(&format!("overlap/{name}")), expected, "{name}");
    }
    assert_eq!(phases("overlap/dead-connection"), ["unknown mailfrom", "unknown rset"]);
}
