//! Greeting, EHLO, STARTTLS.

use super::talk::{Heard, Setup, What};
use crate::Secret;
use crate::error::{Delivery, Kind, Phase, Retry};
use crate::sasl::Credentials;
use crate::session::Outcome;

pub fn password(setup: &mut Setup) {
    let (user, password) = (Some("joe".to_owned()), Some(Secret::new("s3cret-w0rd")));
    setup.settings.credentials = Some(Credentials { user, password, token: None });
}

fn required(setup: &mut Setup) {
    setup.settings.accept_unsecure = false;
}

pub fn failed(heard: &Heard) -> (Phase, Kind, Retry) {
    let error = heard.error();
    assert_eq!(error.delivery, Delivery::NotAccepted);
    (error.phase, error.kind, error.retry)
}

#[test]
fn a_check_in_the_clear() {
    let heard = Setup::check().hold(
        "S: 220 mx.example ESMTP
         C: EHLO [192.0.2.1]
         S: 250-mx.example
         S: 250 PIPELINING
         C: NOOP
         S: 250 2.0.0 OK",
    );
    assert!(matches!(heard.last(), Outcome::Checked(reply) if reply.text() == "2.0.0 OK"));
    assert!(heard.is_live);
    assert_eq!(heard.log[0], "S < \"220 mx.example ESMTP\"");
    assert_eq!(heard.log[1], "C > \"EHLO [192.0.2.1]\"");
}

#[test]
fn quit_is_said_where_there_is_somebody_to_say_it_to() {
    let heard = Setup::plain(vec![What::Check, What::Quit]).hold(
        "S: 220 x
         C: EHLO [192.0.2.1]
         S: 250 x
         C: NOOP
         S: 250 OK
         C: QUIT
         S: 221 bye",
    );
    assert_eq!(heard.last(), &Outcome::Quit);
    assert!(!heard.is_live);
    assert_eq!(Setup::plain(vec![What::Quit]).hold("").last(), &Outcome::Quit);
}

#[test]
fn without_keep_alive_the_connection_is_closed() {
    for end in ["S: 221 bye", "!close", "!reset", "!silence", "S: 421 now\n", "S: garbage"] {
        let heard = Setup::check().with(|setup| setup.settings.keep_alive = false).hold(&format!(
            "S: 220 x
             C: EHLO [192.0.2.1]
             S: 250 x
             C: NOOP
             S: 250 OK
             C: QUIT
             {end}",
        ));
        assert!(matches!(heard.last(), Outcome::Checked(_)), "{end}");
        assert!(!heard.is_live);
    }
}

#[test]
fn helo_where_ehlo_is_refused() {
    for refusal in ["500 what?", "501 no", "502 no", "504 no", "550 no", "554 no"] {
        let heard = Setup::mail(&["b@x.example"]).hold(&format!(
            "S: 220 old
             C: EHLO [192.0.2.1]
             S: {refusal}
             C: HELO [192.0.2.1]
             S: 250 old
             C: MAIL FROM:<a@x.example>
             S: 250
             C: RCPT TO:<b@x.example>
             S: 250
             C: DATA
             S: 354
             C: Subject: hi
             C:
             C: ..dot
             C: .
             S: 250"
        ));
        assert_eq!(heard.sent().reply.text(), "");
    }
}

#[test]
fn refusals_of_the_opening() {
    for (script, expected) in [
        ("S: 554 no", (Phase::Greeting, Kind::Refused, Retry::Never)),
        ("S: 451 later", (Phase::Greeting, Kind::Refused, Retry::Later)),
        ("S: 220 x\nC: EHLO [192.0.2.1]\nS: 450 later", (Phase::Ehlo, Kind::Refused, Retry::Later)),
        (
            "S: 220 x\nC: EHLO [192.0.2.1]\nS: 500 no\nC: HELO [192.0.2.1]\nS: 550 no",
            (Phase::Ehlo, Kind::Refused, Retry::AfterChange),
        ),
        ("S: 220 x\nC: EHLO [192.0.2.1]\nS: 250 x\nC: NOOP\nS: 500 no", (Phase::Noop, Kind::Refused, Retry::Never)),
    ] {
        let heard = Setup::check().hold(&format!("{script}\nC: QUIT\nS: 221 bye"));
        assert_eq!(failed(&heard), expected, "{script}");
        assert!(heard.error().reply.is_some());
        assert!(!heard.is_live);
    }
}

/// Everything up to each wait of the opening, and the phase of that wait.
const WAITS: [(&str, Phase); 6] = [
    ("", Phase::Greeting),
    ("S: 220 x\nC: EHLO [192.0.2.1]", Phase::Ehlo),
    ("S: 220 x\nC: EHLO [192.0.2.1]\nS: 500 x\nC: HELO [192.0.2.1]", Phase::Ehlo),
    ("S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS", Phase::StartTls),
    ("S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 AUTH CRAM-MD5\nC: AUTH CRAM-MD5", Phase::Auth),
    ("S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AGpvZQBzM2NyZXQtdzByZA==", Phase::Auth),
];

#[test]
fn every_wait_can_end_badly() {
    for (script, phase) in WAITS {
        for (end, kind, retry) in [
            ("S: 421 4.3.2 closing", Kind::ServiceClosing, Retry::Later),
            ("!close", Kind::ConnectionLost, Retry::Later),
            ("!reset", Kind::ConnectionLost, Retry::Later),
            ("!silence", Kind::TimedOut, Retry::Later),
            ("S. 22\n!close", Kind::ConnectionLost, Retry::Later),
            ("S: garbage", Kind::ReplyNotUnderstood, Retry::AfterChange),
            ("S: 99 x", Kind::ReplyNotUnderstood, Retry::AfterChange),
            ("S: 199 x", Kind::ReplyNotUnderstood, Retry::AfterChange),
            ("S: 600 x", Kind::ReplyNotUnderstood, Retry::AfterChange),
            ("S:", Kind::ReplyNotUnderstood, Retry::AfterChange),
        ] {
            let heard = Setup::check().with(password).hold(&format!("{script}\n{end}"));
            assert_eq!(failed(&heard), (phase, kind, retry), "{script}\n{end}");
            assert!(!heard.is_live);
            assert!(!heard.is_replaceable);
            assert!(!heard.events().is_empty(), "{script}\n{end}");
        }
    }
}

#[test]
fn a_reply_of_the_wrong_class() {
    for (number, (script, phase)) in WAITS.into_iter().enumerate().take(4) {
        let heard = Setup::check().hold(&format!("{script}\nS: 354 go on"));
        assert_eq!(failed(&heard), (phase, Kind::ReplyNotUnderstood, Retry::AfterChange), "{number}");
    }
}

#[test]
fn tls_on_a_plain_port() {
    for greeting in ["S. \x15\x03\x01\x02\x02\x46", "S. \x16\x03\x03␊␊"] {
        let heard = Setup::check().hold(greeting);
        assert_eq!(failed(&heard), (Phase::Greeting, Kind::TlsOnPlainPort, Retry::AfterChange));
        assert_eq!(heard.events().len(), 1);
    }
}

#[test]
fn starttls_and_what_was_known_is_forgotten() {
    let heard = Setup::check().with(required).hold(
        "S: 220 x
         C: EHLO [192.0.2.1]
         S: 250-x
         S: 250-SIZE 1000
         S: 250 STARTTLS
         C: STARTTLS
         S: 220 go
         !tls
         C: EHLO [192.0.2.1]
         S: 250-x
         S: 250 STARTTLS
         C: NOOP
         S: 250",
    );
    assert!(matches!(heard.last(), Outcome::Checked(_)));
}

#[test]
fn starttls_that_is_not_to_be_had() {
    for (offer, refusal, retry) in [
        ("S: 250 x", "", Retry::AfterChange),
        ("S: 250-x\nS: 250 STARTTLS", "C: STARTTLS\nS: 454 not now", Retry::Later),
        ("S: 250-x\nS: 250 STARTTLS", "C: STARTTLS\nS: 502 what?", Retry::AfterChange),
    ] {
        let script = format!("S: 220 x\nC: EHLO [192.0.2.1]\n{offer}\n{refusal}");
        let heard = Setup::check().with(required).hold(&format!("{script}\nC: QUIT\nS: 221 bye"));
        assert_eq!(failed(&heard), (Phase::StartTls, Kind::TlsNotOffered, retry));
        assert_eq!(heard.events().len(), 1);
        let heard = Setup::check().hold(&format!("{script}\nC: NOOP\nS: 250 OK"));
        assert!(matches!(heard.last(), Outcome::Checked(_)));
        assert_eq!(heard.events().len(), 1);
    }
}

#[test]
fn tls_that_fails_after_starttls_ends_the_connection() {
    for change in [required, |_: &mut Setup| {}] {
        let heard = Setup::check()
            .with(change)
            .hold("S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\n!tls-refused");
        assert_eq!(failed(&heard), (Phase::Tls, Kind::CertificateRefused, Retry::AfterChange));
        assert!(!heard.is_live);
    }
}

#[test]
fn bytes_behind_the_reply_to_starttls() {
    let setup = Setup::check().with(required);
    let script = "S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nS: 250-evil";
    // By line and by byte they come in another read: then the socket sees them, for it may not read before TLS.
    let heard = super::talk::whole(setup, script);
    assert_eq!(failed(&heard), (Phase::StartTls, Kind::InjectedBytes, Retry::AfterChange));
    assert_eq!(heard.events().len(), 1);
}

#[test]
fn a_reply_to_nothing_is_none() {
    // By line the second greeting comes after EHLO and is taken for its reply: so only the whole is compared.
    let heard = super::talk::whole(Setup::check(), "S: 220 x\nS: 250 not yet");
    assert_eq!(failed(&heard), (Phase::Ehlo, Kind::ReplyNotUnderstood, Retry::AfterChange));
}

#[test]
fn replies_in_any_form() {
    let heard = Setup::check().hold(
        "S. 220-one␊
         S. 220␊
         C: EHLO [192.0.2.1]
         S: 250-x
         S: 250-
         S: 250
         C: NOOP
         S: 250-a
         S: 299 b",
    );
    assert!(matches!(heard.last(), Outcome::Checked(reply) if reply.status == 299 && reply.text() == "a b"));
}
