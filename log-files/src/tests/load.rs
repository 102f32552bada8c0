//! Many writers in several processes on one log; a process that is killed while it writes.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::super::{Identity, LogFiles, Written};
use super::support::{TestFolder, assert_whole, statements};

const WRITERS: usize = 32;
const LINES: usize = 50_000;
/// What a process of this test reads: the folder to write into, its own number and the lines to write.
const ROLE: &str = "LOG_FILES_TEST_ROLE";

/// Another process of this test's binary, in [`a_process_of_writers`].
fn process(folder: &Path, number: usize, lines: usize) -> Child {
    let module = module_path!().split_once("::").map_or("", |(_, module)| module);
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::a_process_of_writers")])
        .env(ROLE, format!("{number}:{lines}:{}", folder.display()))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Does nothing unless it was started by another test.
#[test]
fn a_process_of_writers() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let mut role = role.splitn(3, ':');
    let (process, lines): (usize, usize) =
        (role.next().unwrap().parse().unwrap(), role.next().unwrap().parse().unwrap());
    let logs = LogFiles::builder().folder(role.next().unwrap()).keep(0).regular(1).build().unwrap();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let logs = &logs;
            scope.spawn(move || write(logs, process, writer, lines / WRITERS + usize::from(writer < lines % WRITERS)));
        }
    });
}

/// Statements that say in which order they were written, in batches of 1 to 5.
fn write(logs: &LogFiles, process: usize, writer: usize, lines: usize) {
    let identity = Identity::new(logs);
    let filler = "x".repeat(100);
    let mut next = 0;
    while next < lines {
        let batch: Vec<_> = (next..lines.min(next + 1 + next % 5))
            .map(|line| format!("S < \"250 {process}.{writer} {line} {filler}\""))
            .collect();
        // Half of them as a component writes, whose lines may wait for a moment.
        let soon = writer % 2 == 1;
        let written =
            if soon { logs.append_regular_soon(&identity, &batch) } else { logs.append_regular(&identity, &batch) };
        assert_eq!(Written::All, written);
        next += batch.len();
    }
}

#[test]
fn two_processes_of_many_writers() {
    let folder = TestFolder::new();
    for mut child in [0, 1].map(|number| process(folder.path(), number, LINES)) {
        assert!(child.wait().unwrap().success());
    }

    let mut next = vec![0; 2 * WRITERS];
    let names = folder.names();
    for number in 1..=names.len() {
        let text = folder.read(&format!("SMTPLog_{number}.txt"));
        assert_whole(&text);
        let last = text.lines().last().map_or(0, |line| line.len() + 1);
        if number == names.len() {
            assert!(text.len() < 10_000_000);
        } else {
            assert!(text.len() >= 10_000_000 && text.len() - last < 10_000_000, "{number}: {}", text.len());
        }
        for statement in statements(&text) {
            let mut words = statement.split(' ').skip(3);
            let (process, writer) = words.next().unwrap().split_once('.').unwrap();
            let who = process.parse::<usize>().unwrap() * WRITERS + writer.parse::<usize>().unwrap();
            assert_eq!(next[who].to_string(), words.next().unwrap(), "lost, twice or out of order: {statement}");
            next[who] += 1;
        }
    }
    assert_eq!(2 * LINES, next.iter().sum::<usize>());
    assert!(names.len() >= 2, "no change of file: {names:?}");
}

#[test]
fn a_killed_process_leaves_a_log_that_goes_on() {
    let folder = TestFolder::new();
    let logs = LogFiles::builder().folder(folder.path()).keep(0).regular(1).build().unwrap();
    let identity = Identity::new(&logs);
    const KILLS: usize = 5;
    for _ in 0..KILLS {
        let mut child = process(folder.path(), 0, 10_000_000);
        for _ in 0..100 {
            assert_eq!(Written::All, logs.append_regular(&identity, &["### here"]));
            thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(Written::All, logs.append_regular(&identity, &["### still here"]));
    }
    let (mut whole, mut torn) = (0, 0);
    for number in 1..=folder.names().len() {
        let text = folder.read(&format!("SMTPLog_{number}.txt"));
        assert!(text.ends_with('\n'), "the last line is torn");
        for (line, number) in text.lines().zip(1..) {
            if is_whole(line) {
                assert_eq!(Some(number.to_string().as_str()), line.split(' ').next(), "{line}");
                whole += 1;
            } else {
                // It has its number, or the beginning of it, and the next line has the next.
                let beginning = format!("{number} ");
                let length = line.len().min(beginning.len());
                assert_eq!(beginning[..length], line[..length], "no beginning of line {number}: {line}");
                torn += 1;
            }
        }
    }
    assert!(whole > KILLS * 101, "{whole}");
    // The system may break a write off between two pages of the file, and nowhere else.
    assert!(torn <= KILLS, "{torn} torn lines after {KILLS} kills");
}

/// Whether a line of [`write`] or of the test above came to its end.
fn is_whole(line: &str) -> bool {
    let statement = line.splitn(5, ' ').nth(4).unwrap_or_default();
    let answer = statement.starts_with("S < \"250 ") && statement.ends_with(&format!(" {}\"", "x".repeat(100)));
    answer || statement == "### here" || statement == "### still here"
}
