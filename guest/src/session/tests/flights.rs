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

#[test]
fn a_large_content_waits_for_the_recipients() {
    let content = [b"Subject: hi\r\n\r\n".as_slice(), &b"x\r\n".repeat(22_000)].concat();
    let lines = String::from_utf8(content.clone()).unwrap().replace("\r\n", "\nC: ");
    let script =
        |chunks: &str| opening(&BOTH) + "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@x.example>\nS: 250\n" + chunks;
    let heard = Setup::mail(&["b@x.example"])
        .with(|setup| setup.content = content.clone())
        .hold(&script("S: 550 5.1.1 nobody"));
    assert_eq!(outcome(&heard), (Phase::RcptTo, Kind::AllRecipientsRefused, Delivery::NotAccepted, Retry::Never));
    assert!(heard.is_live);
    assert!(lines.len() > 65_536);
}

#[test]
fn rset_goes_with_the_next_mail() {
    let again = |setup: &mut Setup| setup.tasks.push(What::Mail(envelope(&["c@x.example"])));
    let heard = Setup::mail(&["b@x.example"]).with(again).hold(
        &(opening(&BOTH)
            + "C: MAIL FROM:<a@x.example>
               C: RCPT TO:<b@x.example>
               C: BDAT 21 LAST
               C: Subject: hi
               C:
               C: .dot
               S: 250
               S: 550 5.1.1 nobody
               S: 503 no recipients
               C: RSET
               C: MAIL FROM:<a@x.example>
               C: RCPT TO:<c@x.example>
               C: BDAT 21 LAST
               C: Subject: hi
               C:
               C: .dot
               S: 250
               S: 250
               S: 250
               S: 250 queued"),
    );
    assert!(matches!(heard.outcomes[0], Outcome::Failed(_)));
    assert_eq!(heard.sent().reply.text(), "queued");
    let outcomes: Vec<_> = heard.events().into_iter().filter(|event| event.contains("nobody")).collect();
    assert!(outcomes.is_empty(), "{outcomes:?}");
}

#[test]
fn a_refused_sender_needs_no_rset() {
    let again = |setup: &mut Setup| setup.tasks.push(What::Mail(envelope(&["c@x.example"])));
    let heard = Setup::mail(&["b@x.example"]).with(again).hold(
        &(opening(&["PIPELINING"])
            + "C: MAIL FROM:<a@x.example>
               C: RCPT TO:<b@x.example>
               C: DATA
               S: 553 5.7.1 not yours
               S: 503 no
               S: 503 no
               C: MAIL FROM:<a@x.example>
               C: RCPT TO:<c@x.example>
               C: DATA
               S: 250
               S: 250
               S: 354
               C: Subject: hi
               C:
               C: ..dot
               C: .
               S: 250 queued"),
    );
    let Outcome::Failed(error) = &heard.outcomes[0] else { panic!() };
    assert_eq!((error.kind, error.recipients.len()), (Kind::SenderRefused, 0));
}

#[test]
fn a_lone_dot_where_354_comes_without_recipients() {
    let heard = Setup::mail(&["b@x.example"]).hold(
        &(opening(&["PIPELINING"])
            + "C: MAIL FROM:<a@x.example>
               C: RCPT TO:<b@x.example>
               C: DATA
               S: 250
               S: 450 4.2.0 later
               S: 354 go
               C: .
               S: 554 no recipients"),
    );
    assert_eq!(outcome(&heard), (Phase::RcptTo, Kind::AllRecipientsRefused, Delivery::NotAccepted, Retry::Later));
    assert!(heard.is_live);
}

#[test]
fn no_dot_where_it_would_deliver_an_empty_mail() {
    // The sender was refused, the recipient accepted nevertheless, and 354: a lone dot would be a mail.
    let heard = Setup::mail(&["b@x.example"]).hold(
        &(opening(&["PIPELINING"])
            + "C: MAIL FROM:<a@x.example>
               C: RCPT TO:<b@x.example>
               C: DATA
               S: 550 no
               S: 250 yes
               S: 354 go"),
    );
    assert_eq!(heard.error().kind, Kind::SenderRefused);
    assert!(!heard.is_live);
}

/// The waits of a mail, each with its phase, and whether the mail is out by then.
const WAITS: [(&[&str], &str, Phase, bool); 8] = [
    (&[], "C: MAIL FROM:<a@x.example>", Phase::MailFrom, false),
    (&[], "C: MAIL FROM:<a@x.example>\nS: 250\nC: RCPT TO:<b@x.example>", Phase::RcptTo, false),
    (&["PIPELINING"], "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@x.example>\nC: DATA", Phase::MailFrom, false),
    (&["PIPELINING"], "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@x.example>\nC: DATA\nS: 250", Phase::RcptTo, false),
    (
        &["PIPELINING"],
        "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@x.example>\nC: DATA\nS: 250\nS: 250",
        Phase::Data,
        false,
    ),
    (
        &["PIPELINING"],
        "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@x.example>\nC: DATA\nS: 250\nS: 250\nS: 354\nC: Subject: hi\nC:\nC: ..dot\nC: .",
        Phase::Content,
        true,
    ),
    (
        &BOTH,
        "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@x.example>\nC: BDAT 21 LAST\nC: Subject: hi\nC:\nC: .dot",
        Phase::MailFrom,
        true,
    ),
    (
        &BOTH,
        "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@x.example>\nC: BDAT 21 LAST\nC: Subject: hi\nC:\nC: .dot\nS: 250\nS: 250",
        Phase::Content,
        true,
    ),
];

#[test]
fn every_wait_of_a_mail_can_end_badly() {
    for (extensions, script, phase, is_out) in WAITS {
        for (end, kind, retry, is_answer) in [
            ("S: 421 4.3.2 closing", Kind::ServiceClosing, Retry::Later, true),
            ("!close", Kind::ConnectionLost, Retry::Later, false),
            ("!reset", Kind::ConnectionLost, Retry::Later, false),
            ("!silence", Kind::TimedOut, Retry::Later, false),
            ("S: garbage", Kind::ReplyNotUnderstood, Retry::AfterChange, false),
            ("S: 199 x", Kind::ReplyNotUnderstood, Retry::AfterChange, false),
            ("!write-fails\n!close", Kind::ConnectionLost, Retry::Later, false),
            ("!write-fails\nS: 421 bye", Kind::ServiceClosing, Retry::Later, true),
        ] {
            let is_write = end.starts_with("!write");
            if is_write && !script.lines().last().unwrap().starts_with("C:") {
                continue;
            }
            let heard = Setup::mail(&["b@x.example"]).hold(&(opening(extensions) + script + "\n" + end));
            let delivery = if is_out && !is_answer { Delivery::Unknown } else { Delivery::NotAccepted };
            assert_eq!(outcome(&heard), (phase, kind, delivery, retry), "{script}\n{end}");
            assert!(!heard.is_live && !heard.is_replaceable);
            assert!(heard.log.last().unwrap().starts_with("### "), "{:#?}", heard.log);
        }
    }
}

#[test]
fn every_refusal_of_a_mail() {
    for (number, (extensions, script, phase, _)) in WAITS.into_iter().enumerate() {
        // In a flight the others are refused along with the first.
        let along = |codes: &[&str]| codes.iter().map(|code| format!("S: {code}\n")).collect::<String>();
        let rest = match number {
            2 | 6 => along(&["503 no", "503 no"]),
            3 => along(&["503 no"]),
            _ => String::new(),
        };
        for (code, retry) in [("451 4.3.0 later", Retry::Later), ("554 5.6.0 never", Retry::Never)] {
            let heard =
                Setup::mail(&["b@x.example"]).hold(&(opening(extensions) + script + "\nS: " + code + "\n" + &rest));
            let error = heard.error();
            assert_eq!(
                (error.phase, error.retry, error.delivery),
                (phase, retry, Delivery::NotAccepted),
                "{script}\n{code}"
            );
            assert_eq!(error.reply.as_ref().map(|reply| reply.status.to_string()), Some(code[..3].to_owned()));
            assert!(heard.is_live);
        }
    }
}

#[test]
fn last_words_tell_why_a_content_was_cut_off() {
    let script = opening(&["PIPELINING"])
        + "C: MAIL FROM:<a@x.example>
           C: RCPT TO:<b@x.example>
           C: DATA
           S: 250
           S: 250
           S: 354
           C: Subject: hi
           C:
           C: ..dot
           C: .
           !write-fails
           S: 552 5.3.4 too much";
    let heard = Setup::mail(&["b@x.example"]).hold(&script);
    assert_eq!(outcome(&heard), (Phase::Content, Kind::MessageTooLarge, Delivery::NotAccepted, Retry::AfterChange));
    assert!(!heard.is_live);
}

#[test]
fn content_that_fails() {
    for (extensions, script, is_live) in [
        // Nothing was said yet.
        (&BOTH[..], "", true),
        (
            &["PIPELINING"][..],
            "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@x.example>\nC: DATA\nS: 250\nS: 250\nS: 354\nC. Subject:",
            false,
        ),
        (&["CHUNKING"][..], "C: MAIL FROM:<a@x.example>\nS: 250\nC: RCPT TO:<b@x.example>\nS: 250", true),
    ] {
        let heard = Setup::mail(&["b@x.example"])
            .with(|setup| (setup.piece, setup.fails_after) = (4, Some(8)))
            .hold(&(opening(extensions) + script));
        let error = heard.error();
        assert_eq!((error.phase, error.kind), (Phase::Content, Kind::ContentFailed));
        assert!(error.message.contains("the disk is gone"));
        assert_eq!(heard.is_live, is_live, "{script}");
    }
}

#[test]
fn an_old_connection_that_is_dead_is_replaced() {
    let again = |setup: &mut Setup| setup.tasks.insert(0, What::Check);
    let check = "C: NOOP\nS: 250 OK\n";
    for (extensions, script, phase) in [
        (&[][..], "C: MAIL FROM:<a@x.example>", Phase::MailFrom),
        (&["PIPELINING"][..], "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@x.example>\nC: DATA", Phase::MailFrom),
    ] {
        for end in ["!close", "!reset", "S: 421 4.4.2 idle too long", "!write-fails\n!close"] {
            let heard =
                Setup::mail(&["b@x.example"]).with(again).hold(&(opening(extensions) + check + script + "\n" + end));
            assert!(heard.is_replaceable, "{script}\n{end}");
            assert_eq!(heard.error().phase, phase);
            assert!(!heard.events().iter().any(|event| event.contains("Outcome")));
        }
        // What was answered, or took its time, is not done again by itself.
        for end in ["!silence", "S: garbage", "S: 250\n!close"] {
            let more = if extensions.is_empty() { "C: RCPT TO:<b@x.example>\n!close" } else { "!close" };
            let end = end.replace("!close", more);
            let heard =
                Setup::mail(&["b@x.example"]).with(again).hold(&(opening(extensions) + check + script + "\n" + &end));
            assert!(!heard.is_replaceable, "{script}\n{end}");
        }
    }
}

#[test]
fn what_left_whole_on_an_old_connection_is_in_doubt() {
    let again = |setup: &mut Setup| setup.tasks.insert(0, What::Check);
    let script = opening(&BOTH)
        + "C: NOOP
           S: 250 OK
           C: MAIL FROM:<a@x.example>
           C: RCPT TO:<b@x.example>
           C: BDAT 21 LAST
           C: Subject: hi
           C:
           C: .dot\n";
    for end in ["!close", "!reset", "!write-fails\n!close"] {
        let heard = Setup::mail(&["b@x.example"]).with(again).hold(&(script.clone() + end));
        assert!(!heard.is_replaceable, "{end}");
        assert_eq!(heard.error().delivery, Delivery::Unknown);
    }
    // A server that says 421 has told that it took nothing.
    let heard = Setup::mail(&["b@x.example"]).with(again).hold(&(script + "S: 421 4.4.2 idle too long"));
    assert!(heard.is_replaceable);
}

#[test]
fn what_comes_while_idle_ends_the_connection() {
    let again = |setup: &mut Setup| setup.tasks.insert(0, What::Check);
    for words in ["S: 421 4.4.2 idle too long", "S: 250 what", "S: garbage", "S. 4"] {
        let script = opening(&BOTH) + "C: NOOP\nS: 250 OK\n--\n" + words;
        let heard = super::talk::whole(Setup::mail(&["b@x.example"]).with(again), &script);
        assert!(!heard.is_live, "{words}");
        assert!(heard.is_replaceable, "{words}");
    }
}
