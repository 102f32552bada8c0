//! Replies of real servers, each with the class that a person gave it and the public page where it stands.
//! The rules were written with `dev.tsv` in sight, and not with `held-out.tsv`, which tells how they do on new replies.

use crate::causes::*;
use std::collections::{BTreeMap, HashSet};

struct Entry {
    class: &'static str,
    phase: Phase,
    server: Option<&'static str>,
    reply: &'static str,
    source: &'static str,
}

impl Entry {
    fn read(line: &'static str) -> Entry {
        let fields: Vec<_> = line.split('\t').collect();
        let &[class, phase, server, reply, source] = &fields[..] else { panic!("five fields: {line}") };
        let phase = serde_json::from_value(serde_json::Value::from(phase)).expect(phase);
        Entry { class, phase, server: Some(server).filter(|name| !name.is_empty()), reply, source }
    }

    /// The reply as a log has it: a code in each line.
    fn diagnose(&self) -> Diagnosis {
        let lines: Vec<_> = self.reply.split("\\n").collect();
        let code = lines[0][..3].parse().expect("a reply code");
        let text: Vec<_> = lines.iter().map(|line| line.get(4..).unwrap_or_default()).collect();
        let text = text.join("\n");
        let failure = Failure::reply(self.phase, code, &text);
        diagnose(&Failure { server: self.server, ..failure })
    }
}

fn entries(file: &'static str) -> Vec<Entry> {
    file.lines().filter(|line| !line.starts_with('#')).map(Entry::read).collect()
}

/// Of the replies that a class was expected for, or given to: how many of how many, both ways.
#[derive(Default)]
struct Score {
    right: usize,
    given: usize,
    expected: usize,
}

/// Prints precision and recall (`unknown` is no answer: it counts against recall only), and returns both.
fn measure(name: &str, entries: &[Entry]) -> (f64, f64) {
    let mut classes: BTreeMap<&str, Score> = BTreeMap::new();
    for entry in entries {
        let found = entry.diagnose();
        let given = found.class.name.as_str();
        classes.entry(entry.class).or_default().expected += 1;
        classes.entry(given).or_default().given += 1;
        if given == entry.class {
            classes.entry(given).or_default().right += 1;
        } else {
            println!("{name}: {} taken for {given} ({:?}): {}", entry.class, found.basis, entry.reply);
        }
    }
    let answers = |of: fn(&Score) -> usize| -> f64 {
        classes.iter().filter(|(class, _)| **class != "unknown").map(|(_, score)| of(score) as f64).sum()
    };
    let right = answers(|score| score.right);
    let (precision, recall) = (right / answers(|score| score.given), right / answers(|score| score.expected));
    println!("{name}: {} replies, precision {precision:.3}, recall {recall:.3}", entries.len());
    for (class, score) in classes {
        println!("  {class}: right {}, given {}, expected {}", score.right, score.given, score.expected);
    }
    (precision, recall)
}

const DEV: &str = include_str!("../corpus/dev.tsv");
const HELD_OUT: &str = include_str!("../corpus/held-out.tsv");

#[test]
fn every_entry_names_a_class_and_a_public_page_and_stands_there_once() {
    let all: Vec<_> = entries(DEV).into_iter().chain(entries(HELD_OUT)).collect();
    assert!(all.len() >= 300, "{}", all.len());
    let mut seen = HashSet::new();
    for entry in &all {
        assert!(Class::find(entry.class).is_some(), "{}", entry.class);
        assert!(entry.source.starts_with("https://") || entry.source.starts_with("http://"), "{}", entry.source);
        assert!(seen.insert((entry.phase, entry.reply)), "twice: {}", entry.reply);
    }
}

#[test]
fn the_replies_that_the_rules_were_written_for() {
    let (precision, recall) = measure("dev", &entries(DEV));
    assert!(precision >= 0.97 && recall >= 0.97);
}

/// A rule that guesses at these would do harm: the text says nothing.
#[test]
fn every_reply_that_tells_nothing_is_said_to_be_unknown() {
    let mut count = 0;
    for entry in entries(DEV).iter().chain(&entries(HELD_OUT)).filter(|entry| entry.class == "unknown") {
        assert_eq!(entry.diagnose().class.name, "unknown", "{}", entry.reply);
        count += 1;
    }
    assert!(count >= 5, "{count}");
}

/// Of whom these words are, only the server's name or greeting can tell.
#[test]
fn words_of_everybody_are_said_to_be_nobodys() {
    for line in include_str!("../corpus/everybody.tsv").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        let &[class, phase, reply, source] = &fields[..] else { panic!("four fields: {line}") };
        let phase = serde_json::from_value(serde_json::Value::from(phase)).expect(phase);
        let found = Entry { class, phase, server: None, reply, source }.diagnose();
        assert_eq!(found.provider.map(|provider| provider.name.as_str()), None, "{reply}");
        assert_eq!(found.class.name, class, "{reply}");
    }
}

#[test]
fn a_name_a_greeting_or_a_text_of_their_own_tells_whose_words_they_are() {
    let words = "5.7.8 Authentication credentials invalid";
    let refused = || Failure::reply(Phase::Auth, 535, words);
    let provider = |failure: &Failure<'_>| diagnose(failure).provider.map(|provider| provider.name.as_str());
    assert_eq!(provider(&refused().from_server("email-smtp.eu-west-1.amazonaws.com")), Some("Amazon SES"));
    // Anybody's rented computer.
    assert_eq!(provider(&refused().from_server("ec2-192-0-2-1.compute-1.amazonaws.com")), None);
    assert_eq!(provider(&refused().from_server("smtp.mail.de")), None);
    assert_eq!(provider(&refused().from_server("yahoo.example.com")), None);
    let greeted = Failure { greeting: Some("mail.example.com ESMTP Postfix (Debian/GNU)"), ..refused() };
    assert_eq!(provider(&greeted), Some("Postfix"));
    // A mailbox at a provider is not its server.
    for text in ["5.1.1 <joe@comcast.net>: no such user", "5.1.1 bounces@sendgrid.net unknown"] {
        assert_eq!(provider(&Failure::reply(Phase::RcptTo, 550, text)), None, "{text}");
    }
}

#[test]
fn replies_that_the_rules_have_not_seen() {
    let (precision, recall) = measure("held out", &entries(HELD_OUT));
    assert!(precision >= 0.85 && recall >= 0.85);
}
