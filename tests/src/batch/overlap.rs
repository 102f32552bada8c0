//! Mails that overlap, with servers that bear it and one that does not.

use super::run::{Desk, all_arrived, arrived, mails, number, sink};
use crate::servers::Server;
use std::path::Path;

fn bears_it(desk: &Desk, folder: &Path) {
    desk.write("batch.jsonl", mails(120));
    let ran = desk.run(&["--overlap", "--connections", "2", "--log", "--log-dir", "logs"]).exits(0);
    assert!(ran.results.iter().map(number).eq(1..=120));
    let counts = all_arrived(folder, 120);
    assert!(counts.len() == 120 && counts.values().all(|count| *count == 1), "{counts:?}");
    // A mail's envelope went before the reply to the last one's content was in.
    let log = std::fs::read_to_string(desk.folder.join("logs/SMTPLog_1.txt")).expect("a log");
    let overlapped = log.lines().collect::<Vec<_>>();
    let is = |line: &str, words: &str| line.contains(words);
    let count =
        overlapped.windows(2).filter(|pair| is(pair[0], "Body not logged") && is(pair[1], "C > \"RSET\"")).count()
            + overlapped.windows(2).filter(|pair| is(pair[0], "C > \".\"") && is(pair[1], "C > \"RSET\"")).count();
    assert!(count > 60, "{count} overlapped");
}

#[test]
fn postfix() {
    let Some(server) = Server::start("postfix") else { return };
    bears_it(&Desk::starttls(&server, server.mx), &server.folder.join("mail/inbox/new"));
}

#[test]
fn exim() {
    let Some(server) = Server::start("exim") else { return };
    bears_it(&Desk::starttls(&server, server.mx), &server.folder.join("mail/new"));
}

#[test]
fn smtp_sink() {
    let Some((server, desk)) = sink(&[]) else { return };
    bears_it(&desk, &server.folder.join("mail"));
}

/// Its process dies: each mail that was in flight is unknown, and none is sent again.
#[test]
fn dovecot_dies() {
    let Some(relay) = Server::start("smtp-sink") else { return };
    let relay_port = relay.mx.to_string();
    let Some(server) = Server::start_with("dovecot-submission", &[("RELAY_PORT", &relay_port)], &[]) else { return };
    let desk = Desk::starttls(&server, server.submission).login("alice", "wonderland");
    desk.write("batch.jsonl", mails(12));
    let ran = desk.run(&["--overlap", "--resume", "journal"]);
    assert!(ran.results.iter().map(number).eq(1..=12), "{ran:#?}");
    let (unknown, sent) = (ran.with_delivery("unknown"), ran.with_delivery("accepted"));
    assert!(!unknown.is_empty(), "it bears it by now: {ran:#?}");
    assert_eq!(ran.code, Some(75));
    let counts = arrived(&relay.folder.join("mail"));
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    assert!(sent.iter().all(|line| counts.contains_key(line)), "{counts:?}");
    assert!(counts.keys().all(|line| sent.contains(line) || unknown.contains(line)), "{counts:?}\n{ran:#?}");
}
