//! Messages that we make, read by parsers that others made: Python's `email` and npm's `mailparser`. Every property
//! comes back as it was given. (`mail-parser`, in Rust, reads them in the guest's own tests.)

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use smtp_guest::message::{Attachment, Composer, Content, Mail, Mailbox, Moment, Offer};

use crate::servers::not_run;

const MAILS: usize = 150;
const MOMENT: Moment = Moment { unix_ms: 1_770_386_591_000, offset_minutes: 60 };

#[test]
fn python_reads_every_property() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("parsers/python_email.py");
    // Python (at least to 3.11) leaves a blank between the two encoded words of one long display name.
    all_come_back("python", Command::new("python3").arg(script), 40);
}

#[test]
fn mailparser_reads_every_property() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let programs = std::env::var_os("SERVER_PROGRAMS").map(PathBuf::from);
    let deps = programs.unwrap_or_else(|| tests.join("../target/servers")).join("node");
    if !deps.join("node_modules/mailparser").exists() {
        return not_run("npm's mailparser", "tests/servers/install.sh puts it there");
    }
    let script = tests.join("parsers/mailparser.mjs");
    all_come_back("mailparser", Command::new("node").arg(script).env("NODE_DEPS", deps), usize::MAX);
}

/// A display name that must be encoded has at most `longest` bytes.
fn all_come_back(name: &str, parser: &mut Command, longest: usize) {
    let folder = std::env::temp_dir().join(format!("smtp-parsers-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    // The same mails in every run.
    let mut runner = TestRunner::deterministic();
    let mut samples = Vec::new();
    for index in 0..MAILS {
        let sample = sample(longest).new_tree(&mut runner).unwrap().current();
        let offer = Offer { eight_bit: index % 3 == 1, binary: index % 3 == 2, utf8: false };
        let path = folder.join(format!("{index}.eml"));
        fs::write(&path, composed(&sample, offer)).unwrap();
        parser.arg(path);
        samples.push(sample);
    }
    let output = parser.stdin(Stdio::null()).output().expect("the parser starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read.len(), MAILS);
    for (index, (sample, mut read)) in samples.iter().zip(read).enumerate() {
        let mut want = sample.expected();
        for body in ["text", "html"] {
            for value in [&mut want, &mut read] {
                value[body] = json!(value[body].as_str().unwrap().replace("\r\n", "\n").trim_end_matches('\n'));
            }
        }
        for (property, want) in want.as_object().unwrap() {
            assert_eq!(&read[property], want, "{property} of {}", folder.join(format!("{index}.eml")).display());
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

fn composed(sample: &Sample, offer: Offer) -> Vec<u8> {
    let mut composer = Composer::new(sample.mail().checked().unwrap(), *b"0123456789abcdef", MOMENT).unwrap();
    let size = composer.prepare(offer).unwrap().size;
    let mut bytes = Vec::new();
    while !composer.read(&mut bytes, 4096).unwrap() {}
    assert_eq!(size, Some(bytes.len() as u64));
    bytes
}

/// A mailbox, as `[name, address]`.
type Person = (String, String);

#[derive(Clone, Debug)]
struct Sample {
    people: [Vec<Person>; 3],
    subject: String,
    comments: String,
    extra: String,
    text: String,
    html: String,
    ids: Vec<String>,
    files: Vec<(String, Vec<u8>, bool)>,
}

impl Sample {
    fn mail(&self) -> Mail {
        let [from, to, cc] = [0, 1, 2].map(|list| {
            self.people[list].iter().map(|(name, email)| Mailbox::named(name.clone(), email.clone())).collect()
        });
        let files = self.files.iter().enumerate().map(|(index, (name, bytes, inline))| Attachment {
            cid: inline.then(|| cid(index)),
            ..Attachment::new(name.clone(), Content::Bytes(bytes.clone()))
        });
        Mail {
            from,
            to,
            cc,
            subject: Some(self.subject.clone()),
            comments: Some(self.comments.clone()),
            headers: vec![("X-Extra".into(), self.extra.clone())],
            text_body: Some(self.text.clone()),
            html_body: Some(self.html.clone()),
            in_reply_to: self.ids[..1].to_vec(),
            references: self.ids.clone(),
            message_id: Some("own@x.example".into()),
            attachments: files.collect(),
            ..Mail::default()
        }
    }

    fn expected(&self) -> Value {
        let file = |(index, (name, bytes, inline)): (usize, &(String, Vec<u8>, bool))| {
            let cid = if *inline { cid(index) } else { String::new() };
            json!([name, "image/png", cid, STANDARD.encode(bytes)])
        };
        // What the HTML shows stands with it, before the other files.
        let (shown, others): (Vec<_>, Vec<_>) = self.files.iter().enumerate().partition(|(_, file)| file.2);
        json!({
            "from": self.people[0], "to": self.people[1], "cc": self.people[2],
            "subject": self.subject, "comments": self.comments, "extra": self.extra,
            "text": self.text, "html": self.html,
            "messageId": ["own@x.example"], "inReplyTo": &self.ids[..1], "references": self.ids,
            "date": MOMENT.unix_ms / 1000,
            "files": shown.into_iter().chain(others).map(file).collect::<Vec<_>>(),
        })
    }
}

fn cid(index: usize) -> String {
    format!("part{index}@x.example")
}

fn sample(longest: usize) -> impl Strategy<Value = Sample> {
    let people = people(longest);
    let texts = (line(1, 20), line(1, 5), line(1, 30), body(), body());
    let files = vec((line(1, 5), vec(any::<u8>(), 1..300), any::<bool>()), 0..3);
    (people, texts, vec("[a-z0-9.]{1,30}x@[a-z]{1,20}\\.example", 1..12), files).prop_map(
        |(people, (subject, comments, extra, text, html), ids, files)| {
            let ids = ids.into_iter().map(|id| id.replace('.', "-")).collect();
            let named = |(name, bytes, inline): (String, Vec<u8>, bool)| {
                (format!("{}.png", name.replace(['/', '\\'], "_")), bytes, inline)
            };
            let files = files.into_iter().map(named).collect();
            Sample { people, subject, comments, extra, text, html, ids, files }
        },
    )
}

fn people(longest: usize) -> impl Strategy<Value = [Vec<Person>; 3]> {
    let person = || person().prop_filter("too long", move |(name, _)| name.is_ascii() || name.len() <= longest);
    (vec(person(), 1..2), vec(person(), 1..8), vec(person(), 1..3)).prop_map(|(from, to, cc)| [from, to, cc])
}

fn person() -> impl Strategy<Value = Person> {
    (line(1, 4), "[a-z0-9]{1,20}([.+_-][a-z0-9]{1,20}){0,2}@[a-z]{1,20}\\.example")
}

/// One line in any language, and what quoting and folding trip over.
fn line(least: usize, most: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-z]{1,12}",
        1 => "[a-zA-Z0-9]{60,90}",
        2 => "[äöüßéñ日本語中文한국어]{1,20}",
        1 => "[עבריתالعربية]{1,20}",
        1 => "[🙂👩🏽🇪🇸\u{200d}]{1,10}",
        1 => "[\"\\\\(),;:<>@.?_]{1,6}",
        2 => any_word(),
    ];
    vec(word, least..=most).prop_map(|words| words.join(" "))
}

/// Any characters of Unicode that are no control characters, no blanks and no line ends, a tenth of them unassigned.
fn any_word() -> impl Strategy<Value = String> {
    let any = any::<char>().prop_filter("a separator", |c| !c.is_control() && !c.is_whitespace());
    vec(prop_oneof![9 => "[^\\pC\\pZ]", 1 => any.prop_map(String::from)], 1..12).prop_map(|all| all.concat())
}

fn body() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => line(1, 8),
        1 => Just("\n.\n..\n".to_owned()),
        1 => Just("From nobody\r\n".to_owned()),
        1 => Just("trailing \t\n".to_owned()),
        1 => Just("x".repeat(1200)),
    ];
    vec(piece, 1..6).prop_map(|pieces| pieces.join("\n") + "end")
}
