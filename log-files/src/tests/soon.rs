//! Lines of a busy log wait for each other, and not for long.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::super::{Identity, LogFiles, Written};
use super::support::{Said, TestFolder, assert_whole, statements};

/// More than is written at once within the time that lines wait.
const MANY: usize = 2000;

const NONE: [&str; 0] = [];

fn logs(folder: &TestFolder) -> (LogFiles, Identity) {
    let logs = folder.logs().0.regular(1).build().unwrap();
    let identity = Identity::new(&logs);
    (logs, identity)
}

fn lines(folder: &TestFolder) -> usize {
    assert_whole(&folder.read("SMTPLog_1.txt"))
}

#[test]
fn a_conversation_is_written_line_by_line() {
    let folder = TestFolder::new();
    let (logs, identity) = logs(&folder);
    for line in 1..=16 {
        assert_eq!(Written::All, logs.append_regular_soon(&identity, &["### x"]));
        assert_eq!(line, lines(&folder));
    }
}

#[test]
fn lines_of_a_busy_log_come_by_themselves() {
    let folder = TestFolder::new();
    let (logs, identity) = logs(&folder);
    let mut late = 0;
    for number in 1..=MANY {
        assert_eq!(Written::All, logs.append_regular_soon(&identity, &[format!("### {number}")]));
        late += usize::from(number == MANY && lines(&folder) < MANY);
    }
    assert_eq!(1, late, "no line ever waited");
    let began = Instant::now();
    while lines(&folder) < MANY {
        assert!(began.elapsed() < Duration::from_secs(10), "they never come");
        thread::sleep(Duration::from_millis(1));
    }
    let text = folder.read("SMTPLog_1.txt");
    assert!(statements(&text).into_iter().eq((1..=MANY).map(|number| format!("### {number}"))));
}

#[test]
fn they_come_at_once_where_somebody_asks_for_it() {
    type Ask = fn(&LogFiles, &Identity);
    let asks: [(&str, Ask); 5] = [
        ("flush", |logs, _| logs.flush()),
        ("no statements", |logs, identity| assert_eq!(Written::All, logs.append_regular_soon(identity, &NONE))),
        ("another line", |logs, _| assert_eq!(Written::All, logs.append_regular(&Identity::new(logs), &NONE))),
        ("off", |logs, _| logs.set_regular(0).unwrap()),
        ("another file", |logs, _| logs.set_regular(2).unwrap()),
    ];
    for (what, ask) in asks {
        let folder = TestFolder::new();
        let (logs, identity) = logs(&folder);
        for _ in 0..MANY {
            let _ = logs.append_regular_soon(&identity, &["### x"]);
        }
        ask(&logs, &identity);
        assert_eq!(MANY, lines(&folder), "{what}");
    }
}

#[test]
fn none_is_lost_with_the_logs() {
    let folder = TestFolder::new();
    let (logs, identity) = logs(&folder);
    for _ in 0..MANY {
        let _ = logs.append_regular_soon(&identity, &["### x"]);
    }
    let clone = logs.clone();
    drop(logs);
    drop(clone);
    assert_eq!(MANY, lines(&folder));
}

#[test]
fn lines_that_waited_and_were_lost_are_told_and_counted() {
    let folder = TestFolder::new();
    let said = Said::default();
    let logs = folder.logs().0.regular(1).reporter(said.reporter()).build().unwrap();
    let (one, other) = (Identity::new(&logs), Identity::new(&logs));
    let (path, kept) = (folder.join("SMTPLog_1.txt"), folder.join("kept"));
    let mut given = 0;
    // The file goes while lines wait; unless they were written just then.
    for _ in 0..1000 {
        for _ in 0..MANY {
            assert_eq!(Written::All, logs.append_regular_soon(&one, &["### x"]));
        }
        given += MANY;
        fs::rename(&path, &kept).unwrap();
        fs::create_dir(&path).unwrap();
        logs.flush();
        fs::remove_dir(&path).unwrap();
        fs::rename(&kept, &path).unwrap();
        if !said.all().is_empty() {
            break;
        }
    }
    for identity in [&one, &other] {
        assert_eq!(Written::Lost, logs.append_regular_soon(identity, &["### y"]));
        assert_eq!(Written::All, logs.append_regular_soon(identity, &["### y"]));
    }
    logs.flush();
    let text = folder.read("SMTPLog_1.txt");
    assert_whole(&text);
    let text = statements(&text);
    let written = text.iter().filter(|text| **text == "### x").count();
    assert!(written < given, "nothing was lost");
    let marker = format!("### SMTP Log: {} lines could not be written (Is a directory)", given - written);
    assert_eq!([&*marker, "### y", "### y", "### y", "### y"], text[written..]);
}
