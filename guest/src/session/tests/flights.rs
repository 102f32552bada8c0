//! What goes in one write, and how its replies are matched.

use super::talk::{Heard, Setup, What, envelope};
use crate::error::{Delivery, Kind, Phase, Retry};
use crate::session::Outcome;

/// A greeting and an EHLO with these extensions.
pub fn opening(extensions: &[&str]) -> String {
    let mut script = "S: 220 x\nC: EHLO [192.0.2.1]\n".to_owned();
    let (last, others) = extensions.split_last().unwrap_or((&"HELP", &[]));
    script.push_str("S: 250-mx\n");
    others.iter().for_each(|extension| script.push_str(&format!("S: 250-{extension}\n")));
    script.push_str(&format!("S: 250 {last}\n"));
    script
}

pub fn outcome(heard: &Heard) -> (Phase, Kind, Delivery, Retry) {
    let error = heard.error();
    (error.phase, error.kind, error.delivery, error.retry)
}

const BOTH: [&str; 2] = ["PIPELINING", "CHUNKING"];

#[test]
fn one_round_trip_with_pipelining_and_chunking() {
    let heard = Setup::plain(vec![What::Mail(envelope(&["b@x.example"])), What::Mail(envelope(&["c@x.example"]))])
        .hold(
            &(opening(&BOTH)
                + "C: MAIL FROM:<a@x.example>
               C: RCPT TO:<b@x.example>
               C: BDAT 21 LAST
               C: Subject: hi
               C:
               C: .dot
               S: 250 2.1.0 sender
               S: 250 2.1.5 recipient
               S: 250 2.0.0 queued as 1
               C: MAIL FROM:<a@x.example>
               C: RCPT TO:<c@x.example>
               C: BDAT 21 LAST
               C: Subject: hi
               C:
               C: .dot
               S: 250 2.1.0 sender
               S: 251 2.1.5 will forward
               S: 250 2.0.0 queued as 2"),
        );
    let sent = heard.sent();
    assert_eq!((sent.bytes, sent.reply.text()), (21, "2.0.0 queued as 2".to_owned()));
    assert_eq!(sent.recipients[0].reply.status, 251);
    assert!(sent.recipients[0].accepted);
    assert_eq!(heard.outcomes.len(), 2);
}

#[test]
fn two_round_trips_with_pipelining_alone() {
    for change in [|_: &mut Setup| {}, |setup: &mut Setup| setup.settings.chunking = false] {
        let extensions: &[&str] = if Setup::check().with(change).settings.chunking { &["PIPELINING"] } else { &BOTH };
        Setup::mail(&["b@x.example", "c@x.example"]).with(change).hold(
            &(opening(extensions)
                + "C: MAIL FROM:<a@x.example>
                   C: RCPT TO:<b@x.example>
                   C: RCPT TO:<c@x.example>
                   C: DATA
                   S: 250
                   S: 250
                   S: 550 no
                   S: 354
                   C: Subject: hi
                   C:
                   C: ..dot
                   C: .
                   S: 250 queued"),
        );
    }
}

#[test]
fn one_command_at_a_time_without_pipelining() {
    for change in [|_: &mut Setup| {}, |setup: &mut Setup| setup.settings.pipelining = false] {
        let extensions: &[&str] = if Setup::check().with(change).settings.pipelining { &["CHUNKING"] } else { &BOTH };
        Setup::mail(&["b@x.example"]).with(change).hold(
            &(opening(extensions)
                + "C: MAIL FROM:<a@x.example>
                   S: 250
                   C: RCPT TO:<b@x.example>
                   S: 250
                   C: BDAT 21 LAST
                   C: Subject: hi
                   C:
                   C: .dot
                   S: 250 queued"),
        );
    }
}
