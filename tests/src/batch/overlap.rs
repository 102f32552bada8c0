//! Mails that overlap, with real servers.

use super::run::{Desk, all_arrived, mails, number, sink};
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

/// Its process is known to die of mails that overlap; the RSET between them keeps it alive. Whatever it does, what is told
/// of each mail is true, and none is sent twice.
#[test]
fn dovecot() {
    let Some(relay) = Server::start("smtp-sink") else { return };
    let relay_port = relay.mx.to_string();
    let Some(server) = Server::start_with("dovecot-submission", &[("RELAY_PORT", &relay_port)], &[]) else { return };
    let desk = Desk::starttls(&server, server.submission).login("alice", "wonderland");
    desk.write("batch.jsonl", mails(100));
    let ran = desk.run(&["--overlap", "--connections", "2", "--resume", "journal"]).exits(0);
    assert!(ran.results.iter().map(number).eq(1..=100), "{ran:#?}");
    let counts = all_arrived(&relay.folder.join("mail"), 100);
    assert!(counts.len() == 100 && counts.values().all(|count| *count == 1), "{counts:?}");
    let log = std::fs::read_to_string(server.folder.join("log/dovecot.log")).expect("its log");
    assert!(!log.contains("Panic"), "{log}");
}
