//! kill -9 in the middle, again and again: no mail is lost, and none arrives twice but those that were reported unknown
//! and sent again by will.

use super::run::{all_arrived, arrived, mails, number, sink};
use std::collections::BTreeSet;
use std::time::Duration;

const MAILS: u64 = 1500;

fn killed_and_resumed(options: &[&str]) {
    let Some((server, desk)) = sink(&[]) else { return };
    let folder = server.folder.join("mail");
    desk.write("batch.jsonl", mails(MAILS));
    let options = [&["--connections", "8", "--resume", "journal"], options].concat();
    let mut kills = 0;
    for results in [1, 150, 400] {
        let mut child = desk.start(&options);
        while desk.results().len() < results && child.try_wait().expect("it can be asked").is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        if child.try_wait().expect("it can be asked").is_none() {
            child.kill().expect("it can be killed");
            kills += 1;
        }
        child.wait().expect("it ends");
    }
    assert!(kills > 0, "every run was done before it was killed");

    let ran = desk.run(&options);
    let unknown: BTreeSet<u64> =
        ran.results.iter().filter(|result| result["delivery"] == "unknown").map(number).collect();
    assert_eq!(ran.code, Some(if unknown.is_empty() { 0 } else { 75 }), "{}", ran.said);
    let failed: Vec<_> = ran.results.iter().filter(|r| r["success"] == false && r["delivery"] != "unknown").collect();
    assert!(failed.is_empty(), "{failed:?}");
    let counts = all_arrived(&folder, MAILS as usize - unknown.len());
    for line in 1..=MAILS {
        match counts.get(&line) {
            Some(1) => {}
            None => assert!(unknown.contains(&line), "line {line} is lost"),
            Some(more) => panic!("line {line} arrived {more} times"),
        }
    }

    // Reported once more, and nothing sent.
    let again = desk.run(&options);
    assert_eq!(again.with_delivery("unknown").len(), unknown.len());
    assert_eq!((again.results.len(), arrived(&folder)), (unknown.len(), counts));
    // By will, they are sent; then all is done.
    let resend = [&options[..], &["--resend-unknown"]].concat();
    let resent = desk.run(&resend).exits(0);
    assert_eq!(resent.with_delivery("accepted").len(), unknown.len());
    let counts = arrived(&folder);
    assert!((1..=MAILS).all(|line| counts.contains_key(&line)));
    assert!(counts.iter().all(|(line, count)| *count == 1 || *count == 2 && unknown.contains(line)), "{counts:?}");
    assert!(desk.run(&resend).exits(0).results.is_empty());
}

#[test]
fn one_after_the_other() {
    killed_and_resumed(&[]);
}

#[test]
fn overlapping() {
    killed_and_resumed(&["--overlap"]);
}

#[test]
fn two_runs_can_not_have_one_journal() {
    let Some((_server, desk)) = sink(&["-p", "-W", "DATA:1"]) else { return };
    desk.write("batch.jsonl", mails(2));
    let first = desk.start(&["--resume", "journal"]);
    while !desk.folder.join("journal").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(200));
    let mut second = desk.command(&["--resume", "journal"]);
    let output = second.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(73));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another run is using it"));
    let mut first = first;
    assert_eq!(first.wait().unwrap().code(), Some(0));
}
