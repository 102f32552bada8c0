//! Every mixture of refusals, in every way that a mail can go: what the client says came of it is what did, and the
//! connection is in step for the next mail.

use super::server::{Answers, Server, send, send_overlapping, small};
use super::talk::envelope;
use crate::session::Outcome;

const WAYS: [&[&str]; 4] = [&[], &["PIPELINING"], &["CHUNKING"], &["PIPELINING", "CHUNKING"]];
const CODES: [u16; 3] = [250, 450, 550];

fn mixtures(recipients: usize) -> Vec<Answers> {
    let mut all: Vec<Vec<u16>> = vec![Vec::new()];
    for _ in 0..recipients {
        all = all.iter().flat_map(|codes| CODES.map(|code| [codes.as_slice(), &[code]].concat())).collect();
    }
    let mut mixtures = Vec::new();
    for mail in CODES {
        for recipients in &all {
            for content in CODES {
                for always_354 in [false, true] {
                    mixtures.push(Answers { mail, recipients: recipients.clone(), content, always_354 });
                }
            }
        }
    }
    mixtures
}

fn check(extensions: &'static [&'static str], answers: &Answers, require_all: bool, content: &[u8]) {
    let names = ["b@x.example", "c@x.example", "d@x.example"];
    let mut first = envelope(&names[..answers.recipients.len()]);
    first.options.require_all = require_all;
    let good = Answers { mail: 250, recipients: vec![250], content: 250, always_354: false };
    let mut server = Server::new(extensions, vec![answers.clone(), good]);
    let (outcomes, _) = send(&mut server, vec![first, envelope(&names[..1])], content);

    let accepted = answers.recipients.iter().filter(|code| **code == 250).count();
    let enough = if require_all { accepted == answers.recipients.len() } else { accepted > 0 };
    let goes = answers.mail == 250 && enough && answers.content == 250;
    let what = format!("{extensions:?} {answers:?} require_all={require_all}: {:#?}\n{outcomes:?}", server.commands);
    assert_eq!(server.delivered.len(), if goes { 2 } else { 1 }, "{what}");
    for (_, delivered) in &server.delivered {
        assert!(delivered == content, "{what}");
    }
    match &outcomes[0] {
        Outcome::Sent(sent) => {
            assert!(goes, "{what}");
            let told: Vec<u16> = sent.recipients.iter().map(|recipient| recipient.reply.status).collect();
            assert_eq!(told, answers.recipients, "{what}");
        }
        Outcome::Failed(error) => {
            assert!(!goes, "{what}");
            assert_eq!(error.delivery, crate::error::Delivery::NotAccepted, "{what}");
            let status = error.reply.as_ref().map_or(0, |reply| reply.status);
            assert!([450, 550].contains(&status), "{status}: {what}");
        }
        other => panic!("{other:?}: {what}"),
    }
    assert!(matches!(outcomes[1], Outcome::Sent(_)), "{what}");
}

#[test]
fn small_content() {
    for extensions in WAYS {
        for count in 1..=3 {
            for answers in mixtures(count) {
                for require_all in [false, true] {
                    check(extensions, &answers, require_all, small());
                }
            }
        }
    }
}

const LINE: &[u8] = &{
    let mut line = [b'.'; 300];
    line[298] = b'\r';
    line[299] = b'\n';
    line
};

#[test]
fn large_content() {
    let content = b"Subject: large\r\n\r\n".iter().chain(LINE.iter().cycle().take(LINE.len() * 1000)).copied();
    let content: Vec<u8> = content.collect();
    for extensions in WAYS {
        for answers in mixtures(2).into_iter().step_by(11) {
            check(extensions, &answers, false, &content);
        }
    }
}

#[test]
fn content_of_every_size_about_the_limits() {
    let good = Answers { mail: 250, recipients: vec![250], content: 250, always_354: false };
    for extensions in WAYS {
        for size in [0, 2, 49_150, 49_152, 65_534, 65_536, 65_538, 131_072, 131_074, 1_500_000] {
            let content: Vec<u8> = LINE.iter().copied().cycle().take(size).collect();
            let content = [&content[..size.saturating_sub(2)], if size > 0 { b"\r\n" } else { b"" }].concat();
            check(extensions, &good, false, &content);
        }
    }
}

#[test]
fn refused_large_content_costs_nothing() {
    let refused = Answers { mail: 250, recipients: vec![550], content: 250, always_354: false };
    let content = vec![b'x'; 100_000];
    let mut server = Server::new(&["PIPELINING", "CHUNKING"], vec![refused]);
    send(&mut server, vec![envelope(&["b@x.example"])], &content);
    assert_eq!(server.commands.last().map(|line| &line[..4]), Some("RCPT"));
}

#[test]
fn round_trips() {
    let good = Answers { mail: 250, recipients: vec![250], content: 250, always_354: false };
    // Greeting and EHLO, then what a mail costs on each of the two.
    for (extensions, each) in [(WAYS[0], 4), (WAYS[1], 2), (WAYS[2], 3), (WAYS[3], 1)] {
        let mut server = Server::new(extensions, vec![good.clone(), good.clone()]);
        let to = || envelope(&["b@x.example"]);
        let (_, waits) = send(&mut server, vec![to(), to()], small());
        assert_eq!(waits, 2 + 2 * each, "{extensions:?}");
    }
}

#[test]
fn many_recipients() {
    let names: Vec<String> = (0..1700).map(|number| format!("user{number}@x.example")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let recipients = (0..1700).map(|number| if number % 3 == 0 { 550 } else { 250 }).collect();
    let answers = Answers { mail: 250, recipients, content: 250, always_354: false };
    let mut server = Server::new(&["PIPELINING", "CHUNKING"], vec![answers]);
    let (outcomes, waits) = send(&mut server, vec![envelope(&names)], small());
    assert!(matches!(&outcomes[0], Outcome::Sent(sent) if sent.recipients.len() == 1700));
    assert_eq!(server.delivered[0].0.len(), 1133);
    assert!(waits < 12, "{waits}");
}

/// What comes of a mail has nothing to do with those before and behind it in the same flight.
#[test]
fn mails_that_overlap() {
    let good = Answers { mail: 250, recipients: vec![250], content: 250, always_354: false };
    let names = ["b@x.example", "c@x.example"];
    for extensions in WAYS {
        for (number, answers) in mixtures(2).into_iter().enumerate() {
            let mut contents = vec![small().to_vec()];
            // What waits for the recipients' replies takes longer, here too.
            if number % 11 == 0 {
                contents.push(LINE.iter().copied().cycle().take(90_000).collect());
            }
            for content in contents {
                let mut server =
                    Server::new(extensions, vec![answers.clone(), good.clone(), answers.clone(), good.clone()]);
                let envelopes = vec![envelope(&names), envelope(&names[..1]), envelope(&names), envelope(&names[..1])];
                let (outcomes, _) = send_overlapping(&mut server, envelopes, &content);
                let goes = answers.mail == 250 && answers.recipients.contains(&250) && answers.content == 250;
                let what = format!("{extensions:?} {answers:?}: {:#?}\n{outcomes:?}", server.commands);
                for (outcome, goes) in outcomes.iter().zip([goes, true, goes, true]) {
                    assert_eq!(matches!(outcome, Outcome::Sent(_)), goes, "{what}");
                    if let Outcome::Failed(error) = outcome {
                        assert_eq!(error.delivery, crate::error::Delivery::NotAccepted, "{what}");
                    }
                }
                assert_eq!(server.delivered.len(), if goes { 4 } else { 2 }, "{what}");
                for (recipients, delivered) in &server.delivered {
                    assert!(*delivered == content && recipients.len() <= 2, "{what}");
                }
            }
        }
    }
}

#[test]
fn mails_that_overlap_wait_together() {
    let good = Answers { mail: 250, recipients: vec![250], content: 250, always_354: false };
    let to = || envelope(&["b@x.example"]);
    // Greeting and EHLO; then one wait for all, one for each and one more, or as if nothing overlapped.
    for (extensions, waits) in [(WAYS[3], 3), (WAYS[1], 2 + 11), (WAYS[2], 2 + 30), (WAYS[0], 2 + 40)] {
        let mut server = Server::new(extensions, vec![good.clone(); 10]);
        let (outcomes, waited) = send_overlapping(&mut server, (0..10).map(|_| to()).collect(), small());
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Sent(_))));
        assert_eq!((server.delivered.len(), waited), (10, waits), "{extensions:?}");
        // EHLO, and all that is waited for once.
        assert_eq!(server.writes, waits - 1, "{extensions:?}");
    }
    // More than the window: it never stands open wider.
    let mut server = Server::new(WAYS[3], vec![good; 100]);
    let (outcomes, waited) = send_overlapping(&mut server, (0..100).map(|_| to()).collect(), small());
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Sent(_))));
    assert!((2 + 100 / 16..2 + 12).contains(&waited), "{waited}");
}
