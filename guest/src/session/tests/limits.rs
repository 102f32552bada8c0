//! Patience, keep-alive and what a task on a new connection takes along.

use std::rc::Rc;

use super::flights::opening;
use super::talk::{Setup, What, envelope};
use crate::error::{Kind, Phase};
use crate::log::{Language, Transcript};
use crate::session::{Host, Outcome, Patience, Session, Settings, Shape, Task, Want};

fn session(change: impl FnOnce(&mut Settings)) -> (Session, Transcript) {
    let mut settings = Settings::new(Host::parse("mx.example").unwrap());
    settings.accept_unsecure = true;
    change(&mut settings);
    let mut log = Transcript::new(Language::English);
    log.record(true, false);
    (Session::new(Rc::new(settings), [192, 0, 2, 1].into(), String::new(), None), log)
}

#[test]
fn patience_is_the_phases_under_the_callers_limits() {
    let (mut session, mut log) = session(|settings| settings.send_limit_ms = 10_000_000);
    session.start(Task::Check, 400);
    let patience = |timeout_ms, awaiting| Patience { timeout_ms, awaiting };
    assert_eq!(session.patience(1_000), patience(29_000, Phase::Greeting));
    assert_eq!(session.patience(30_000), patience(1, Phase::Greeting));
    assert_eq!(session.patience(90_000), patience(1, Phase::Greeting));
    session.received(b"220 x\r\n", &mut log);
    // STARTTLS may follow: the connection's limit goes on.
    assert_eq!(session.patience(10_000), patience(20_000, Phase::Ehlo));
    assert_eq!(session.patience(90_000), patience(1, Phase::Ehlo));
    session.wrote();
    session.received(b"250 x\r\n", &mut log);
    let _ = session.want(&mut log);
    assert_eq!(session.patience(90_000), patience(300_000, Phase::Noop));
    assert_eq!(session.patience(9_999_400), patience(1_000, Phase::Noop));
    assert_eq!(session.patience(u64::MAX), patience(1, Phase::Noop));
}

#[test]
fn a_time_out_names_the_limit_that_ran_out() {
    let text = |change: fn(&mut Settings), waited| {
        let (mut session, mut log) = session(change);
        session.start(Task::Check, 0);
        let _ = session.want(&mut log);
        session.timed_out(waited, &mut log);
        let Some(Outcome::Failed(error)) = session.outcome() else { panic!("no failure") };
        assert_eq!(error.kind, Kind::TimedOut);
        error.message
    };
    assert!(
        text(|_| {}, 30_000).contains("before the connection time-out of 30 s ran out while the server's greeting")
    );
    assert!(text(|settings| settings.send_limit_ms = 5_000, 5_000).contains("before the send time-out of 5 s ran out"));
    assert!(text(|_| {}, 300_000).contains("within 300 s"));
}

#[test]
fn quit_is_short() {
    let (mut session, mut log) = session(|settings| settings.keep_alive = false);
    session.start(Task::Check, 0);
    session.received(b"554 no\r\n", &mut log);
    let _ = session.want(&mut log);
    session.wrote();
    assert_eq!(session.patience(0), Patience { timeout_ms: 5_000, awaiting: Phase::Quit });
}

#[test]
fn a_server_that_takes_one_mail_a_connection_gets_one() {
    let heard = Setup::plain(vec![What::Mail(envelope(&["b@x.example"]))]).hold(
        &(opening(&["CHUNKING", "PIPELINING", "LIMITS MAILMAX=1"])
            + "C: MAIL FROM:<a@x.example>
               C: RCPT TO:<b@x.example>
               C: BDAT 21 LAST
               C: Subject: hi
               C:
               C: .dot
               S: 250
               S: 250
               S: 250
               C: QUIT
               S: 221 bye"),
    );
    assert!(matches!(heard.last(), Outcome::Sent(_)) && !heard.is_live);
}

/// Writes what there is and gives the replies, until something else is wanted.
fn exchange(session: &mut Session, log: &mut Transcript, replies: &[&str]) -> Vec<u8> {
    let (mut said, mut replies) = (Vec::new(), replies.iter());
    loop {
        match session.want(log) {
            Want::Write(bytes) => {
                said.extend_from_slice(bytes);
                session.wrote();
            }
            Want::Read => match replies.next() {
                Some(reply) => session.received(reply.as_bytes(), log),
                None => return said,
            },
            Want::Prepare(_) => session.prepared(Ok(Shape::default()), log),
            Want::Content { .. } => session.content(b"Subject: x\r\n\r\nx\r\n", true),
            Want::Idle | Want::Close | Want::StartTls | Want::Another => return said,
        }
    }
}

#[test]
fn a_mail_moves_to_a_new_connection_with_what_was_read_of_it() {
    // Both servers in every pair of ways: what was read for BDAT may have to go by DATA.
    let greetings = ["250 x\r\n", "250-x\r\n250-PIPELINING\r\n250 CHUNKING\r\n", "250-x\r\n250 PIPELINING\r\n"];
    for first in greetings {
        for second in greetings {
            let (mut old, mut log) = session(|_| {});
            old.start(Task::Check, 0);
            exchange(&mut old, &mut log, &["220 x\r\n", first, "250 OK\r\n"]);
            assert!(matches!(old.outcome(), Some(Outcome::Checked(_))));
            old.start(Task::Mail(envelope(&["b@x.example"])), 0);
            exchange(&mut old, &mut log, &["421 4.4.2 idle\r\n"]);
            assert!(old.is_replaceable() && !old.is_live());
            let task = old.reclaim().expect("the task");
            assert!(old.outcome().is_none());

            let (mut new, mut log) = session(|_| {});
            new.start(task, 0);
            let mut said = exchange(&mut new, &mut log, &["220 x\r\n", second]);
            for reply in ["250 1\r\n", "250 2\r\n", "354 3\r\n", "250 4\r\n"] {
                if said.ends_with(b".\r\n") && reply.starts_with("354")
                    || second.contains("CHUNKING") && reply.starts_with("354")
                {
                    continue;
                }
                said.extend(exchange(&mut new, &mut log, &[reply]));
            }
            let text = String::from_utf8_lossy(&said);
            assert!(text.contains("Subject: x\r\n\r\nx\r\n"), "{first} {second} {text}");
            assert!(matches!(new.outcome(), Some(Outcome::Sent(_))), "{first} {second} {text}");
        }
    }
}

#[test]
fn a_task_for_a_connection_that_ended_since() {
    let (mut session, mut log) = session(|_| {});
    session.start(Task::Check, 0);
    exchange(&mut session, &mut log, &["220 x\r\n", "250 x\r\n", "250 OK\r\n"]);
    session.closed(&mut log);
    assert!(!session.is_live());
    session.start(Task::Check, 0);
    assert_eq!(session.want(&mut log), Want::Close);
    assert!(matches!(session.reclaim(), Some(Task::Check)));
}
