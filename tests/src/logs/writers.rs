//! Programs that write into one log at the same time.

use crate::cli::{Stage, run};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn the_conversations_of_programs_that_write_at_once_are_told_apart() {
    let stage = Stage::open();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let (stage, to) = (&stage, format!("to{number}@example.org"));
            let all = ["--from", "alice@example.com", "--to", &to, "--text", "hello", "--log", "--log-dir", "logs"];
            let all: Vec<_> = all.iter().map(|word| (*word).to_owned()).collect();
            scope.spawn(move || {
                let all: Vec<_> = all.iter().map(String::as_str).collect();
                let _ = stage.send(&all).exits(0);
            });
        }
    });
    let log = fs::read_to_string(stage.folder.join("logs/SMTPLog_1.txt")).expect("the log");
    let processes: BTreeSet<_> = log.lines().map(|line| line.split(' ').nth(3)).collect();
    assert_eq!(processes.len(), 4, "{log}");
    let told = run(&stage.folder, &["logs", "explain", "logs/SMTPLog_1.txt"], b"").exits(0);
    assert!(told.out.contains("4 conversations: 4 accepted; 4 mails accepted."), "{}", told.out);
}
