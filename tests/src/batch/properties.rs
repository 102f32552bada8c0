//! Every property of a mail, as JSON and as options: what a real server stored is read by Python's `email`.

use super::run::{Desk, sink};
use crate::servers::files;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const DATE: &str = "2026-02-06T15:03:11+01:00";

/// All that JSON can say.
fn mail() -> Value {
    json!({
        "from": [{"name": "Zoë, \"Z\"", "email": "zoe@mail.test"}, "Ann <ann@mail.test>"],
        "sender": "Office <office@mail.test>",
        "replyTo": "answers@mail.test; more@mail.test",
        "to": "Bob <bob@mail.test>, carl@mail.test",
        "cc": ["dora@mail.test"],
        "bcc": "hidden@mail.test",
        "subject": "Größe 🙂",
        "textBody": "Some text.\n",
        "htmlBody": "<p>Größe <img src=\"cid:logo@mail.test\">",
        "attachments": [
            {"path": "logo.png", "cid": "<logo@mail.test>"},
            {"path": "report.bin", "name": "Übersicht.bin", "type": "application/x-report"},
            {"path": "shown.txt", "disposition": "inline"},
        ],
        "headers": {"X-One": "1", "X-Two": "Größe"},
        "inReplyTo": "<1@mail.test>",
        "references": ["<0@mail.test>", "<1@mail.test>"],
        "messageId": "<own@mail.test>",
        "sendAt": DATE,
        "keywords": ["minutes", "Größe"],
        "comments": "A remark.",
        "envelope": {"from": "bounces@mail.test", "recipients": [
            {"email": "bob@mail.test", "notify": ["success", "delay"], "original": "robert@mail.test"},
            {"email": "carl@mail.test", "notify": "never"},
            "dora@mail.test",
        ]},
        "options": {"notify": "failure", "returnContent": "headers", "envelopeId": "E1+x"},
    })
}

/// The same on the command line.
const OPTIONS: [&str; 58] = [
    "--from",
    "\"Zoë, \\\"Z\\\"\" <zoe@mail.test>",
    "--from",
    "Ann <ann@mail.test>",
    "--sender",
    "Office <office@mail.test>",
    "--reply-to",
    "answers@mail.test; more@mail.test",
    "--to",
    "Bob <bob@mail.test>, carl@mail.test",
    "--cc",
    "dora@mail.test",
    "--bcc",
    "hidden@mail.test",
    "--subject",
    "Größe 🙂",
    "--text",
    "Some text.\n",
    "--html",
    "<p>Größe <img src=\"cid:logo@mail.test\">",
    "--attach",
    "logo.png;cid=<logo@mail.test>",
    "--attach",
    "report.bin;name=Übersicht.bin;type=application/x-report",
    "--attach",
    "shown.txt;disposition=inline",
    "--header",
    "X-One: 1",
    "--header",
    "X-Two: Größe",
    "--in-reply-to",
    "<1@mail.test>",
    "--references",
    "<0@mail.test>",
    "--references",
    "<1@mail.test>",
    "--message-id",
    "<own@mail.test>",
    "--send-at",
    DATE,
    "--keywords",
    "minutes, Größe",
    "--comments",
    "A remark.",
    "--envelope-from",
    "bounces@mail.test",
    "--envelope-to",
    "bob@mail.test;notify=success,delay;original=robert@mail.test",
    "--envelope-to",
    "carl@mail.test;notify=never",
    "--envelope-to",
    "dora@mail.test",
    "--dsn",
    "failure",
    "--dsn-return",
    "headers",
    "--dsn-id",
    "E1+x",
];

/// What is to come out of the parser.
fn expected() -> Value {
    let two = |a: &str, b: &str| json!([a, b]);
    json!({
        "from": [two("Zoë, \"Z\"", "zoe@mail.test"), two("Ann", "ann@mail.test")],
        "sender": [two("Office", "office@mail.test")],
        "reply-to": [two("", "answers@mail.test"), two("", "more@mail.test")],
        "to": [two("Bob", "bob@mail.test"), two("", "carl@mail.test")],
        "cc": [two("", "dora@mail.test")],
        "subject": "Größe 🙂",
        "x-one": "1",
        "x-two": "Größe",
        "in-reply-to": "<1@mail.test>",
        "references": "<0@mail.test> <1@mail.test>",
        "message-id": "<own@mail.test>",
        "date": DATE,
        "keywords": "minutes, Größe",
        "comments": "A remark.",
        "shape": ["multipart/mixed", ["multipart/alternative", "text/plain", ["multipart/related", "text/html", "image/png"]],
            "application/x-report", "text/plain"],
        "parts": [
            [null, null, null, "Some text.\n"],
            [null, null, null, "<p>Größe <img src=\"cid:logo@mail.test\">"],
            ["inline", "logo.png", "<logo@mail.test>", "PNG"],
            ["attachment", "Übersicht.bin", null, "REPORT"],
            ["inline", "shown.txt", null, "shown\n"],
        ],
    })
}

#[test]
fn as_json_and_as_options() {
    let Some((server, desk)) = sink(&[]) else { return };
    for (name, text) in [("logo.png", "PNG"), ("report.bin", "REPORT"), ("shown.txt", "shown\n")] {
        desk.write(name, text);
    }
    desk.write("batch.jsonl", format!("{}\n", mail()));
    let inbox = server.folder.join("mail");
    let by_json = {
        desk.run(&[]).exits(0);
        stored(&inbox)
    };
    one(&desk, &OPTIONS);
    let by_options = stored(&inbox);
    assert_eq!(by_json.0, by_options.0, "the envelope");
    let mail_args = "X-Mail-Args: <bounces@mail.test> RET=HDRS ENVID=E1+2Bx";
    let recipients = [
        "X-Rcpt-Args: <bob@mail.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;robert@mail.test",
        "X-Rcpt-Args: <carl@mail.test> NOTIFY=NEVER",
        "X-Rcpt-Args: <dora@mail.test> NOTIFY=FAILURE",
    ];
    let (envelope, message) = &by_json;
    let without_size = |line: &str| -> String {
        let words = line.split(' ').filter(|word| !word.starts_with("SIZE=") && !word.starts_with("BODY="));
        words.collect::<Vec<_>>().join(" ")
    };
    let said: HashSet<String> = envelope.iter().map(|line| without_size(line)).collect();
    for line in [mail_args].iter().chain(&recipients) {
        assert!(said.contains(*line), "{line} is not in {said:?}");
    }
    assert!(!String::from_utf8_lossy(message).contains("hidden@"));
    for (name, (_, message)) in [("json", &by_json), ("options", &by_options)] {
        desk.write(name, message);
        let read = python(&desk.folder.join(name));
        for (property, want) in expected().as_object().expect("an object") {
            assert_eq!(&read[property], want, "{property} by {name}");
        }
    }
}

/// `host send` without a batch.
fn one(desk: &Desk, options: &[&str]) {
    let batch = desk.command_for("-", options);
    let arguments = batch.get_args().filter(|argument| *argument != "--batch" && *argument != "-");
    let mut command = Command::new(batch.get_program());
    let output = command.args(arguments).current_dir(&desk.folder).stdin(Stdio::null()).output();
    let output = output.expect("the host runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The one mail in the folder, which is then empty: what smtp-sink puts on top, and the message.
fn stored(inbox: &Path) -> (Vec<String>, Vec<u8>) {
    let found = files(inbox);
    let [file] = found.as_slice() else { panic!("{} mails", found.len()) };
    for entry in fs::read_dir(inbox).expect("a folder").flatten() {
        fs::remove_file(entry.path()).expect("the folder is emptied");
    }
    let lines: Vec<_> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let (top, message): (Vec<_>, Vec<_>) = {
        let first = lines.iter().position(|line| line.starts_with(b"Date:")).expect("our first field");
        (lines[..first].to_vec(), lines[first..].concat())
    };
    let is_args = |line: &String| line.starts_with("X-Mail-Args") || line.starts_with("X-Rcpt-Args");
    let top = top.iter().map(|line| String::from_utf8_lossy(line).trim_end().to_owned()).filter(is_args);
    (top.collect(), message)
}

fn python(message: &Path) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("parsers/python_properties.py");
    let output = Command::new("python3").arg(script).arg(message).stdin(Stdio::null()).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}
