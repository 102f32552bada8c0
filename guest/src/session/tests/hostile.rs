//! Servers that say anything at all: there is always an end, never a panic, and no more memory than so much.

use std::rc::Rc;

use proptest::prelude::*;

use super::talk::{envelope, facts};
use crate::log::{Failure, Language, TlsFailure, Transcript};
use crate::sasl::Credentials;
use crate::session::{Host, Outcome, Session, Settings, Shape, Task, Want};
use crate::{Secret, heap};

/// How many wants there may be: far more than any conversation here has, and an end for one that has none.
const STEPS: usize = 20_000;

/// What a session and its log may hold at once, whatever a server says: a line of 1 MiB, a few times over while it is masked.
const MEMORY: usize = 12 << 20;

/// Drives three tasks against what a server says, whatever it is told; `odd` decides what else happens.
fn drive(settings: Settings, says: &[Vec<u8>], odd: &[u8], content: usize) -> Vec<Outcome> {
    let (outcomes, most) = heap::peak(|| drive_on(settings, says, odd, content));
    assert!(most < MEMORY, "{most} bytes were held at once");
    outcomes
}

fn drive_on(mut settings: Settings, says: &[Vec<u8>], odd: &[u8], content: usize) -> Vec<Outcome> {
    settings.accept_unsecure = true;
    let mut session = Session::new(Rc::new(settings), [192, 0, 2, 1].into(), "n".to_owned(), None);
    let mut log = Transcript::new(Language::English);
    log.record(true, true);
    let (mut says, mut odd) = (says.iter(), odd.iter().cycle());
    let mut outcomes = Vec::new();
    for task in
        [Task::Mail(envelope(&["b@x.example", "c@y.example"])), Task::Check, Task::Mail(envelope(&["d@x.example"]))]
    {
        if !session.is_live() {
            break;
        }
        session.start(task, 0);
        let (mut left, mut steps) = (content, 0);
        loop {
            steps += 1;
            assert!(steps < STEPS, "no end");
            let now = *odd.next().unwrap_or(&0);
            let patience = session.patience(u64::from(now) * 1000);
            assert!(patience.timeout_ms > 0);
            match session.want(&mut log) {
                Want::Idle | Want::Close | Want::Another => break,
                Want::Write(bytes) => {
                    assert!(!bytes.is_empty() && bytes.len() < 300_000);
                    match now {
                        250 => session.failed(Failure::Reset, &mut log),
                        251 => session.timed_out(patience.timeout_ms, &mut log),
                        _ => session.wrote(),
                    }
                }
                Want::Read => match says.next() {
                    Some(bytes) => session.received(bytes, &mut log),
                    None if now % 2 == 0 => session.closed(&mut log),
                    None => session.timed_out(patience.timeout_ms, &mut log),
                },
                Want::StartTls if now % 2 == 0 => session.secured(facts(), &mut log),
                Want::StartTls => session.tls_failed(&TlsFailure::Lost, &mut log),
                Want::Prepare(_) => session.prepared(Ok(Shape::default()), &mut log),
                Want::Content { .. } if now == 252 => session.content_failed("gone", &mut log),
                Want::Content { at_most } => {
                    let size = at_most.min(left);
                    left -= size;
                    session.content(&vec![b'.'; size], left == 0);
                }
            }
            log.take_regular();
            log.take_extended();
        }
        outcomes.extend(session.outcome());
    }
    outcomes
}

fn settings(auth: bool) -> Settings {
    let mut settings = Settings::new(Host::parse("mx.example").unwrap());
    if auth {
        let (user, password) = (Some("joe".to_owned()), Some(Secret::new("pass w0rd")));
        settings.credentials = Some(Credentials { user, password, token: Some(Secret::new("token")) });
    }
    settings
}

/// Something that a server might say, with everything that is offered in it now and then.
fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => prop::sample::select(vec!["220 x", "250 x", "250-a", "354 go", "334 ", "334 AAAA", "235 ok", "421 no", "450 no",
            "550 no", "503 no", "250", "221 bye", "252 x", "535 no", "299 x", "300 x"]).prop_map(|line| format!("{line}\r\n").into_bytes()),
        3 => Just(b"250-x\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-SIZE\r\n250 AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256 XOAUTH2\r\n".to_vec()),
        1 => Just(b"250-x\r\n250-PIPELINING\r\n250 STARTTLS\r\n".to_vec()),
        1 => Just(b"250-x\r\n250-LIMITS MAILMAX=1 RCPTMAX=1\r\n250 CHUNKING\r\n".to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..40),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_replies(says in prop::collection::vec(line(), 0..40), odd in prop::collection::vec(any::<u8>(), 1..20),
                   auth in any::<bool>(), content in prop::sample::select(vec![0usize, 10, 70_000, 1_500_000])) {
        let outcomes = drive(settings(auth), &says, &odd, content);
        prop_assert!(!outcomes.is_empty());
    }

    #[test]
    fn the_usual_way_and_then_anything(way in 0usize..3, says in prop::collection::vec(line(), 0..30),
                                       odd in prop::collection::vec(any::<u8>(), 1..20), size in 1usize..40) {
        let opening: &[u8] = [
            &b"220 x\r\n250-x\r\n250 PIPELINING\r\n"[..],
            b"220 x\r\n250-x\r\n250-PIPELINING\r\n250 CHUNKING\r\n",
            b"220 x\r\n250 x\r\n",
        ][way];
        let mut all: Vec<Vec<u8>> = Vec::new();
        for line in opening.split_inclusive(|byte| *byte == b'\n') {
            all.extend(line.chunks(size).map(<[u8]>::to_vec));
        }
        all.extend(says);
        prop_assert!(!drive(settings(false), &all, &odd, 100).is_empty());
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..3000), size in 1usize..200) {
        let says: Vec<Vec<u8>> = bytes.chunks(size).map(<[u8]>::to_vec).collect();
        prop_assert!(!drive(settings(true), &says, &[0], 10).is_empty());
    }
}

/// 16 MiB in one line, in many lines, and as replies that nobody asked for: none of it is kept.
#[test]
fn a_server_that_never_stops_does_not_fill_the_memory() {
    let opening = b"220 x\r\n250-x\r\n250-PIPELINING\r\n250 AUTH PLAIN SCRAM-SHA-256\r\n".to_vec();
    for (speech, auth) in [
        (b"x".repeat(65_536), false),
        (b"250-".iter().copied().chain(b"y".repeat(65_532)).collect(), true),
        (b"250-endless\r\n".repeat(5000), true),
        (b"250 ok\r\n".repeat(8000), false),
        (b"334 AAAA\r\n".repeat(6000), true),
        (b"250-pass w0rd\r\n".repeat(4000), true),
        (vec![0; 65_536], false),
    ] {
        for before in [0, opening.len()] {
            let mut says = vec![opening[..before].to_vec()];
            says.retain(|bytes| !bytes.is_empty());
            says.extend(std::iter::repeat_n(speech.clone(), 256));
            assert!(!drive(settings(auth), &says, &[0], 10).is_empty());
        }
    }
}

#[test]
fn a_reply_without_end_in_the_middle_of_a_mail() {
    let mut says: Vec<Vec<u8>> = [&b"220 x\r\n"[..], b"250 x\r\n"].map(<[u8]>::to_vec).to_vec();
    says.extend((0..200).map(|_| b"250-endless\r\n".repeat(5000)));
    let outcomes = drive(settings(false), &says, &[0], 10);
    assert!(matches!(&outcomes[0], Outcome::Failed(error) if error.kind == crate::error::Kind::ReplyNotUnderstood));
}
