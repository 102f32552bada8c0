//! LIMITS (RFC 9422) in front of an Exim that enforces them. The Exim of Debian 12 does not say its limits yet (4.98 does),
//! so the gate says them in its place, and what it would do to a client that does not keep them is shown without.

use super::run::{Desk, all_arrived, mails, number};
use crate::servers::{Client, Gate, Server};
use std::fs;
use std::path::Path;

const SAYS: &str = "250-LIMITS MAILMAX=3 RCPTMAX=2\r\n250-PIPELINING";

fn exim() -> Option<Server> {
    Server::start_with("exim", &[("TLS_HOSTS", ""), ("MAILS_PER_CONNECTION", "3"), ("RECIPIENTS", "2")], &[])
}

/// How often the log of the client has these words.
fn heard(folder: &Path, words: &str) -> usize {
    fs::read_to_string(folder.join("logs/SMTPLog_1.txt")).expect("a log").matches(words).count()
}

#[test]
fn mails_a_connection() {
    let Some(server) = exim() else { return };
    let gate = Gate::translating(server.mx, "250-PIPELINING", SAYS);
    for (run, port, refused, connections) in [(1, gate.port, 0, 4), (2, server.mx, 3, 4)] {
        let desk = Desk::plain(port);
        desk.write("batch.jsonl", mails(10));
        let ran = desk.run(&["--log", "--log-dir", "logs"]).exits(0);
        assert!(ran.results.iter().map(number).eq(1..=10), "{ran:#?}");
        assert_eq!(heard(&desk.folder, "S < \"421 "), refused, "run {run}");
        assert_eq!(heard(&desk.folder, "### SMTP Connected"), connections, "run {run}");
        let counts = all_arrived(&server.folder.join("mail/new"), 10 * run);
        assert!(counts.len() == 10 && counts.values().all(|count| *count == run), "run {run}: {counts:?}");
    }
}

#[test]
fn recipients_a_mail() {
    let Some(server) = exim() else { return };
    let gate = Gate::translating(server.mx, "250-PIPELINING", SAYS);
    for (port, asked, status) in [(gate.port, 2, 0), (server.mx, 3, 452)] {
        let client = Client::plain(port).small_mail().args(["--to", "carl@mail.test", "--to", "dora@mail.test"]);
        let answer = client.send().sent();
        let recipients = &answer.json["recipients"];
        assert_eq!(recipients[0]["accepted"], true, "{}", answer.told());
        assert_eq!(recipients[1]["accepted"], true, "{}", answer.told());
        assert_eq!((&recipients[2]["accepted"], &recipients[2]["status"]), (&false.into(), &status.into()));
        let said = answer.extended.client().iter().filter(|line| line.starts_with("RCPT ")).count();
        assert_eq!(said, asked, "{}", answer.told());
    }
}
