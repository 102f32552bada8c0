//! Mixtures, gaps, and what is too much.

use super::*;
use crate::conversation::{Authentication, Beginning, Delivery, MOST_MAILS, Outcome, Phase, Standing};
use crate::reader::Reader;
use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt::Write as _;

/// Statements as a log: each `process unique statement`, a second apart.
fn log(lines: &[(u64, u64, &str)]) -> String {
    let mut text = String::new();
    for (second, (id, unique, statement)) in lines.iter().enumerate() {
        let (minute, rest) = (second / 60, second % 60);
        writeln!(text, "{} 2026-11-25T10:{minute:02}:{rest:02}.000 {id} {unique} {statement}", second + 1).unwrap();
    }
    text
}

fn group_with(grouper: Grouper, text: &[u8]) -> Vec<Conversation> {
    let (mut grouper, mut reader, mut told) = (grouper, Reader::new(), Vec::new());
    let mut each = |item: &Item<'_>| {
        grouper.item(item, |conversation| told.push(conversation));
    };
    reader.push(text, &mut each);
    reader.end(&mut each);
    grouper.end(|conversation| told.push(conversation));
    told
}

fn group(lines: &[(u64, u64, &str)]) -> Vec<Conversation> {
    group_with(Grouper::new(), log(lines).as_bytes())
}

const CONNECTED: &str = "### SMTP Connected to 'h' on port 25. (unsecured)";
const CLOSED: &str = "### SMTP Connection closed";

#[test]
fn two_in_a_mixture() {
    let told = group(&[
        (1, 1, CONNECTED),
        (2, 2, CONNECTED),
        (1, 1, "S < \"220 one\""),
        (2, 2, "S < \"554 two\""),
        (2, 2, CLOSED),
        (1, 1, "C > \"NOOP\""),
        (1, 1, "S < \"250 ok\""),
        (1, 1, CLOSED),
    ]);
    let numbers: Vec<_> =
        told.iter().map(|told| (told.number, told.process.unique, told.outcome(), told.lines)).collect();
    assert_eq!(numbers, [(2, 2, Outcome::Failed, 3), (1, 1, Outcome::Checked, 5)]);
    assert_eq!(told[0].failure().unwrap().at.number, 4);
    assert_eq!(told[1].greeting.as_ref().unwrap().text, "one");
}

#[test]
fn pipelined_replies_find_their_commands_and_waits_are_told() {
    let told = group(&[
        (1, 1, CONNECTED),
        (1, 1, "S < \"220 h\""),
        (1, 1, "C > \"MAIL FROM:<a@b> SIZE=100\""),
        (1, 1, "C > \"RCPT TO:<c@d>\""),
        (1, 1, "C > \"RCPT TO:<e@f>\""),
        (1, 1, "C > \"DATA\""),
        (1, 1, "S < \"250 sender\""),
        (1, 1, "S < \"250 c\""),
        (1, 1, "S < \"550 5.1.1 no e\""),
        (1, 1, "### SMTP Recipient 'e@f' refused by the server with 550."),
        (1, 1, "S < \"354 go\""),
        (1, 1, "C > \"Subject: Hi\""),
        (1, 1, "C > \"Message-ID: <1@x>\""),
        (1, 1, "### SMTP Body not logged: 14 bytes."),
        (1, 1, "C > \".\""),
        (1, 1, "S < \"250 2.0.0 queued\""),
        (1, 1, "### SMTP Mail accepted by the server with 250. (recipients accepted: 1, refused: 1)"),
        (1, 1, CLOSED),
    ]);
    let [told] = &told[..] else { panic!("{told:?}") };
    let mail = &told.mails[0];
    assert_eq!((mail.accepted, mail.refused, mail.content.size), (1, 1, Some(100)));
    assert_eq!(mail.recipients[1].standing, Standing::Refused);
    assert_eq!(mail.recipients[1].reply.as_ref().unwrap().enhanced.unwrap().to_string(), "5.1.1");
    assert_eq!((mail.subject.as_deref(), mail.message_id.as_deref()), (Some("Hi"), Some("<1@x>")));
    assert_eq!(mail.reply.as_ref().unwrap().text, "2.0.0 queued");
    assert_eq!(told.outcome(), Outcome::Partly);
    assert_eq!(told.failure().unwrap().recipient.as_deref(), Some("e@f"));
    assert_eq!(told.phases.greeting, Some(1000));
    assert_eq!(told.phases.reply, Some(1000));
    assert_eq!(told.duration_ms(), Some(17_000));
}

#[test]
fn a_conversation_that_began_before_the_log() {
    let told = group(&[
        (1, 1, "C > \"a line of content\""),
        (1, 1, "C > \"another\""),
        (1, 1, "C > \".\""),
        (1, 1, "S < \"250 queued\""),
        (1, 1, "### SMTP Mail accepted by the server with 250. (recipients accepted: 1, refused: 0)"),
        (1, 1, "C > \"QUIT\""),
        (1, 1, "S < \"221 bye\""),
        (1, 1, CLOSED),
    ]);
    assert_eq!((told.len(), told[0].beginning, told[0].outcome()), (1, Beginning::Middle, Outcome::Accepted));
    assert_eq!(told[0].mails[0].content.lines, 2);
}

#[test]
fn one_that_has_no_end_and_one_that_is_overtaken() {
    let told = group(&[
        (1, 1, CONNECTED),
        (1, 1, "S < \"220 h\""),
        (1, 1, CONNECTED),
        (1, 1, "S < \"220 h\""),
        (1, 1, "C > \"MAIL FROM:<a@b>\""),
    ]);
    assert_eq!(told[0].ending, Ending::Overtaken);
    assert_eq!((told[1].ending, told[1].outcome()), (Ending::LogEnds, Outcome::Unfinished));
    assert_eq!(told[1].mails[0].delivery, Delivery::Unfinished);
}

#[test]
fn without_events_the_replies_tell() {
    let told = group(&[
        (1, 1, CONNECTED),
        (1, 1, "S < \"220 h\""),
        (1, 1, "C > \"MAIL FROM:<a@b>\""),
        (1, 1, "S < \"250 ok\""),
        (1, 1, "C > \"RCPT TO:<c@d>\""),
        (1, 1, "S < \"250 ok\""),
        (1, 1, "C > \"DATA\""),
        (1, 1, "S < \"354 go\""),
        (1, 1, "C > \"x\""),
        (1, 1, "C > \".\""),
        (1, 1, CLOSED),
    ]);
    assert_eq!(told[0].outcome(), Outcome::Unknown);
}

#[test]
fn a_long_connection_is_told_in_parts() {
    let mut lines = vec![(1, 1, CONNECTED), (1, 1, "S < \"220 h\"")];
    for _ in 0..2 * MOST_MAILS + 1 {
        lines.push((1, 1, "C > \"MAIL FROM:<a@b>\""));
        lines.push((1, 1, "### SMTP Mail not accepted, the server said 550. (recipients accepted: 0, refused: 0)"));
    }
    lines.push((1, 1, CLOSED));
    let told = group(&lines);
    let parts: Vec<_> = told.iter().map(|told| (told.number, told.part, told.mails.len(), told.ending)).collect();
    let (full, number) = (MOST_MAILS, 1);
    assert_eq!(
        parts,
        [(number, 1, full, Ending::Continued), (number, 2, full, Ending::Continued), (number, 3, 1, Ending::Closed)]
    );
    assert_eq!(told[2].server, told[0].server);
    assert_eq!(told.iter().map(|told| told.lines).sum::<u64>(), lines.len() as u64);
}

#[test]
fn many_that_are_open_are_set_aside() {
    let lines: Vec<_> = (0..100).map(|n| (n, n, CONNECTED)).collect();
    let limits = Limits { open: 10, ..Limits::default() };
    let told = group_with(Grouper::with_limits(limits), log(&lines).as_bytes());
    assert_eq!(told.len(), 100);
    assert!(told.iter().filter(|told| told.ending == Ending::SetAside).count() >= 90);
    assert_eq!(told[0].number, 1, "the one that was silent for longest goes first");
}

#[test]
fn lost_lines_are_told_where_they_are_missing() {
    let lost = "### SMTP Log: 3 lines could not be written (No space left on device)";
    let told = group(&[(1, 1, lost), (1, 1, CONNECTED), (1, 1, lost), (1, 1, CLOSED)]);
    assert_eq!((told.len(), told[0].lines_lost, told[0].beginning), (1, 6, Beginning::Whole));
}

#[test]
fn slow_servers_stand_out() {
    let text = "1 2026-11-25T10:00:00.000 1 1 ### SMTP Connected to 'h' on port 25. (unsecured)\n\
                2 2026-11-25T10:00:41.250 1 1 S < \"220 h\"\n\
                3 2026-11-25T10:00:41.250 1 1 C > \"AUTH PLAIN ********************************\"\n\
                4 2026-11-25T10:00:41.300 1 1 S < \"235 ok\"\n\
                5 2026-11-25T10:00:41.300 1 1 ### SMTP Connection closed\n";
    let told = group_with(Grouper::new(), text.as_bytes());
    let waits: Vec<_> = told[0].waits.iter().map(|wait| (wait.phase, wait.ms, wait.stands_out())).collect();
    assert_eq!(waits, [(Phase::Greeting, 41_250, true), (Phase::Auth, 50, false)]);
    assert_eq!(told[0].authentication, Authentication::Accepted { mechanism: "PLAIN".into() });
}

/// Statements in any order, right ones and nonsense.
fn statement() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        CONNECTED,
        CLOSED,
        "S < \"220 h\"",
        "S < \"250-x\"",
        "S < \"250 x\"",
        "S < \"354 go\"",
        "S < \"334 \"",
        "S < \"550 5.1.1 no\"",
        "S < \"421 bye\"",
        "S < \"235 in\"",
        "S < \"nonsense\"",
        "C > \"EHLO x\"",
        "C > \"HELO x\"",
        "C > \"STARTTLS\"",
        "C > \"AUTH PLAIN x\"",
        "C > \"********************************\"",
        "C > \"MAIL FROM:<a@b>\"",
        "C > \"RCPT TO:<c@d>\"",
        "C > \"DATA\"",
        "C > \"BDAT 10\"",
        "C > \"BDAT 999999999999999999 LAST\"",
        "C > \".\"",
        "C > \"QUIT\"",
        "C > \"RSET\"",
        "C > \"\"",
        "C > \"text\"",
        "### SMTP Body not logged: 5 bytes.",
        "### SMTP Kept connection found closed by the server, opening a new one.",
        "### SMTP Mail not accepted, it was not completed. (recipients accepted: 18446744073709551615, refused: 0)",
        "### SMTP Not connected to 'h' on port 25.",
        "### SMTP No connection to ::1 on port 25 after 1 s: x.",
        "### ?",
        "### SMTP Timed out after 30 s while waiting for the reply to QUIT.",
        "### SMTP Log: 18446744073709551615 lines could not be written (x)",
    ];
    prop_oneof![
        9 => prop::sample::select(KNOWN).prop_map(str::to_owned),
        1 => "[ -~]{0,20}",
        1 => (1000usize..5000).prop_map(|length| format!("S < \"250-{}\"", "x".repeat(length))),
    ]
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_grows(lines in vec((0u64..3, statement()), 0..200)) {
        let lines: Vec<_> = lines.iter().map(|(id, statement)| (*id, *id, statement.as_str())).collect();
        let text = log(&lines);
        let limits = Limits { open: 2, bytes: 64 << 10 };
        let told = group_with(Grouper::with_limits(limits).keep_steps(), text.as_bytes());
        let counted: u64 = told.iter().map(|told| told.lines).sum();
        let in_log = text.lines().filter(|line| !line.contains("lines could not be written")).count() as u64;
        prop_assert!(counted >= in_log && counted <= lines.len() as u64, "{counted} of {in_log}");
        for told in &told {
            prop_assert!(told.troubles.len() <= crate::conversation::MOST_TROUBLES && told.mails.len() <= MOST_MAILS);
            prop_assert!(told.failures.iter().all(|place| *place < told.troubles.len()));
            let _ = (told.outcome(), told.duration_ms());
        }
    }

    #[test]
    fn arbitrary_bytes_are_a_log_too(bytes in vec(any::<u8>(), 0..2000)) {
        let _ = group_with(Grouper::new(), &bytes);
    }
}

/// Two mails in a mixture, by DATA and by BDAT; `others` says whose line is next.
fn two_mails(uniques: [u64; 2], content: &[(bool, String)]) -> Vec<Conversation> {
    let mut lines = Vec::new();
    for unique in uniques {
        lines.extend([(1, unique, CONNECTED), (1, unique, "S < \"220 h\""), (1, unique, "C > \"MAIL FROM:<a@b>\"")]);
        lines.extend([
            (1, unique, "C > \"RCPT TO:<c@d>\""),
            (1, unique, "S < \"250 a\""),
            (1, unique, "S < \"250 c\""),
        ]);
    }
    lines.extend([(1, uniques[0], "C > \"DATA\""), (1, uniques[0], "S < \"354 go\"")]);
    lines.push((1, uniques[1], "C > \"BDAT 400 LAST\""));
    lines.extend(uniques.map(|unique| (1, unique, "C > \"\"")));
    lines.extend(content.iter().map(|(second, text)| (1, uniques[usize::from(*second)], text.as_str())));
    lines.extend(uniques.map(|unique| (1, unique, "S < \"250 queued\"")));
    lines.push((1, uniques[0], CLOSED));
    let mut told = group(&lines);
    told.sort_by_key(|told| told.number);
    for told in &mut told {
        told.process.unique = 0;
    }
    told
}

proptest! {
    /// Where field 4 has the same place, only one of two is counted in a slot.
    #[test]
    fn content_is_counted_as_well_without_a_slot(
        content in vec((any::<bool>(), "C > \"([ab.]{0,5}|BDAT 30|\\\\x0a|(x\\\\x0a|é|B){1,3})\""), 0..60)
    ) {
        prop_assert_eq!(two_mails([20_001, 20_002], &content), two_mails([20_001, 20_001 + (16 << 10)], &content));
    }
}

/// A log of these lines, of one process, each with its own time.
fn timed(lines: &[(&str, &str)]) -> Vec<Conversation> {
    let lines = (1..).zip(lines).map(|(counter, (time, statement))| format!("{counter} {time} 1 1 {statement}\n"));
    group_with(Grouper::new(), lines.collect::<String>().as_bytes())
}

#[test]
fn a_year_ends_in_the_middle_of_a_conversation() {
    let told = timed(&[
        ("2025-12-31T23:59:59.900", CONNECTED),
        ("2026-01-01T00:00:02.400", "S < \"220 h\""),
        ("2026-01-01T00:00:02.401", CLOSED),
    ]);
    assert_eq!((told[0].duration_ms(), told[0].phases.greeting), (Some(2501), Some(2500)));
}

#[test]
fn a_clock_that_goes_back_makes_no_wait() {
    let told = timed(&[
        ("2026-10-25T02:59:59.990", CONNECTED),
        // Winter time, in a log that another program writes.
        ("2026-10-25T02:00:00.010", "S < \"220 h\""),
        ("2026-10-25T02:00:00.020", "C > \"EHLO c\""),
        ("2026-10-25T02:00:00.050", "S < \"250 h\""),
        ("2026-10-25T02:00:00.060", CLOSED),
    ]);
    assert_eq!((told[0].duration_ms(), told[0].phases.greeting, told[0].phases.ehlo), (Some(0), Some(0), Some(30)));
    assert!(told[0].waits.iter().all(|wait| wait.ms < 100), "{:?}", told[0].waits);
}

#[test]
fn a_host_that_starts_anew_counts_its_processes_anew() {
    let first = [(1, 1, CONNECTED), (1, 1, "S < \"220 one\""), (1, 1, CLOSED)];
    let killed = [(1, 1, CONNECTED), (1, 1, "S < \"220 two\""), (1, 1, "C > \"EHLO c\"")];
    let lost = [(1, 1, "### SMTP Log: 7 lines could not be written (No space left on device)")];
    let last = [(1, 1, CONNECTED), (1, 1, "S < \"220 three\""), (1, 1, CLOSED)];
    let told = group(&[&first[..], &killed, &lost, &last].concat());
    let endings: Vec<_> = told.iter().map(|told| (told.number, told.ending, told.lines_lost)).collect();
    assert_eq!(endings, [(1, Ending::Closed, 0), (2, Ending::Overtaken, 7), (3, Ending::Closed, 0)]);
    let greetings: Vec<_> = told.iter().filter_map(|told| Some(told.greeting.as_ref()?.text.as_str())).collect();
    assert_eq!(greetings, ["one", "two", "three"]);
}
