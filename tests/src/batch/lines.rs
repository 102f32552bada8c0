//! One result a line, in the order of the lines, whatever is wrong with some of them.

use super::run::{all_arrived, mail, mails, number, sink};
use serde_json::json;
use std::fs;
use std::io::Write;
use std::process::Stdio;

#[test]
fn each_failure_is_its_own() {
    let Some((server, desk)) = sink(&[]) else { return };
    fs::create_dir(desk.folder.join("folder")).unwrap();
    desk.write("here.txt", "attached");
    let with = |number: u64, key: &str, value: serde_json::Value| {
        let mut mail = mail(number);
        mail[key] = value;
        mail.to_string()
    };
    let mut lines: Vec<String> = (1..=60).map(|number| mail(number).to_string()).collect();
    let wrong = [
        (7, "{\"from\": ".to_owned(), "line 7: from: EOF while parsing a value (column 9)"),
        (8, "{\"from\": \"a@b.test\", \"to\": \"c@d.test\" \"x\"}".to_owned(), "(column 39)"),
        (9, json!({"reply": "x"}).to_string(), "did you mean `replyTo`?"),
        (11, with(11, "attachments", json!([{"path": "missing.pdf"}])), "missing.pdf' can't be read"),
        (13, with(13, "headers", json!({"Subject": "again"})), "headers[0]"),
        (15, with(15, "subject", json!("a\r\nBcc: x@y.test")), "subject"),
        (17, with(17, "to", json!([])), "line 17: nobody gets the mail"),
        (18, with(18, "from", json!(null)), "line 18: the mail has no sender"),
        (19, with(19, "attachments", json!([{"path": "folder"}])), "folder' can't be read"),
        (21, with(21, "to", json!("a b@c.test")), "is no mailbox"),
        (23, with(23, "headers", json!({"X-A": "a\nB: c"})), "headers[0]"),
        (25, "\u{1b}[2J".to_owned(), "expected value"),
    ];
    for (number, line, _) in &wrong {
        lines[number - 1].clone_from(line);
    }
    lines[29] = with(30, "attachments", json!([{"path": "here.txt"}]));
    lines[30] = String::new();
    desk.write("batch.jsonl", lines.join("\n"));

    let ran = desk.run(&["--connections", "4"]).exits(66);
    let numbers: Vec<u64> = ran.results.iter().map(number).collect();
    assert!(numbers.iter().copied().eq((1..=60).filter(|number| *number != 31)), "{numbers:?}");
    for result in &ran.results {
        let expected = wrong.iter().find(|(number, ..)| *number as u64 == result["line"].as_u64().unwrap());
        let message = result["errors"][0]["message"].as_str();
        match expected {
            None => assert!(result["success"] == true && result["messageId"].is_string(), "{result}"),
            Some((_, _, words)) => assert!(message.is_some_and(|message| message.contains(words)), "{result}"),
        }
    }
    let counts = all_arrived(&server.folder.join("mail"), 47);
    assert!(counts.len() == 47 && counts.values().all(|count| *count == 1), "{counts:?}");
    assert!(!ran.said.contains('\x1b'), "{}", ran.said);
}

/// A property of a mail, and a value of it that holds what must not be there.
type Field = (&'static str, fn(String) -> serde_json::Value);

/// Whatever could begin a line of the header or of the conversation: nothing of the mail is sent, and the next one goes.
#[test]
fn no_field_lets_a_line_in() {
    let Some((server, desk)) = sink(&[]) else { return };
    let fields: [Field; 23] = [
        ("from", |bad| json!(format!("a{bad}@mail.test"))),
        ("from", |bad| json!({"name": format!("A{bad}"), "email": "a@mail.test"})),
        ("sender", |bad| json!(format!("A{bad} <a@mail.test>"))),
        ("replyTo", |bad| json!([format!("a@mail.test{bad}")])),
        ("to", |bad| json!({"name": "A", "email": format!("a@mail.test{bad}")})),
        ("cc", |bad| json!(format!("a@mail.test, b{bad}@mail.test"))),
        ("bcc", |bad| json!(format!("{bad}a@mail.test"))),
        ("subject", |bad| json!(format!("a{bad}b"))),
        ("comments", |bad| json!(format!("a{bad}b"))),
        ("keywords", |bad| json!([format!("a{bad}b")])),
        ("inReplyTo", |bad| json!([format!("<a{bad}@mail.test>")])),
        ("references", |bad| json!([format!("<a{bad}@mail.test>")])),
        ("messageId", |bad| json!(format!("<a{bad}@mail.test>"))),
        ("sendAt", |bad| json!(format!("2026-02-06T15:03:11+01:00{bad}"))),
        ("headers", |bad| json!({format!("X-A{bad}"): "b"})),
        ("headers", |bad| json!({"X-A": format!("a{bad}b")})),
        ("attachments", |bad| json!([{"text": "x", "name": format!("a{bad}b")}])),
        ("attachments", |bad| json!([{"text": "x", "type": format!("text/plain{bad}")}])),
        ("attachments", |bad| json!([{"text": "x", "cid": format!("a{bad}b")}])),
        ("envelope", |bad| json!({"from": format!("a@mail.test{bad}")})),
        ("envelope", |bad| json!({"recipients": [format!("a@mail.test{bad}")]})),
        ("envelope", |bad| json!({"recipients": [{"email": "a@mail.test", "original": format!("a{bad}@mail.test")}]})),
        ("options", |bad| json!({"envelopeId": format!("a{bad}b")})),
    ];
    let mut lines = Vec::new();
    for bad in ["\r\nBcc: eve@mail.test", "\nX: y", "\r", "\0", "\r\n\r\n.\r\nMAIL FROM:<eve@mail.test>"] {
        for (field, spoil) in &fields {
            let mut mail = mail(1);
            mail[field] = spoil(bad.to_owned());
            lines.push(mail.to_string());
        }
    }
    let count = lines.len() as u64;
    lines.push(mail(2).to_string());
    desk.write("batch.jsonl", lines.join("\n"));
    let ran = desk.run(&["--log", "--log-dir", "logs"]).exits(65).says("1 sent, ");
    for result in &ran.results {
        let (number, error) = (number(result), &result["errors"][0]);
        let told = || format!("{result}\n{}", lines[number as usize - 1]);
        if number > count {
            assert!(result["success"] == true, "{}", told());
        } else {
            assert!(result["success"] == false && error["phase"] == "input", "{}", told());
            assert!(!error["message"].as_str().unwrap().contains(char::is_control), "{}", told());
        }
    }
    let log = fs::read_to_string(desk.folder.join("logs/SMTPLog_1.txt")).unwrap();
    assert_eq!((log.matches("MAIL FROM").count(), log.contains("eve@")), (1, false), "{log}");
    assert_eq!(all_arrived(&server.folder.join("mail"), 1).len(), 1);
}

#[test]
fn from_standard_input_with_defaults() {
    let Some((server, desk)) = sink(&[]) else { return };
    let mut command = desk.command_for("-", &["--from", "Default <d@mail.test>", "--text", "the same for all"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{}", json!({"to": "bob@mail.test", "subject": "mail-1-"})).unwrap();
    // A result comes while the input is still open.
    for _ in 0..400 {
        if !desk.results().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    assert_eq!(desk.results().len(), 1);
    writeln!(input, "{}", json!({"from": "own@mail.test", "to": "bob@mail.test", "subject": "mail-2-"})).unwrap();
    drop(input);
    let ran = desk.end(child).exits(0).says("2 sent, 0 failed");
    assert_eq!(ran.results.len(), 2);
    let folder = server.folder.join("mail");
    assert_eq!(all_arrived(&folder, 2).len(), 2);
    let texts: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert!(texts.iter().all(|text| text.contains("the same for all")));
    assert!(texts.iter().any(|text| text.contains("From: Default <d@mail.test>")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("From: own@mail.test")), "{texts:?}");
}

#[test]
fn what_no_mail_can_escape_ends_the_batch() {
    let Some((server, desk)) = sink(&["-f", "EHLO,HELO"]) else { return };
    desk.write("batch.jsonl", mails(50));
    let ran = desk.run(&["--connections", "2"]).exits(69).says("the batch was ended").says("not sent: lines ");
    assert!(!ran.results.is_empty() && ran.results.len() <= 2, "{ran:#?}");
    drop(server);
    desk.run(&[]).exits(69).says("Nobody answers").says("not sent: lines 2 to 50");
}

#[test]
fn options_that_contradict() {
    let Some((_server, desk)) = sink(&[]) else { return };
    desk.write("batch.jsonl", mails(1));
    for (options, words) in [
        (&["--message-id", "<a@b>"][..], "messageId"),
        (&["--eml", "x.eml"], "cannot be used with"),
        (&["--resend-unknown"], "--resume"),
        (&["--connections", "0"], "--connections"),
    ] {
        desk.run(options).exits(64).says(words);
    }
    desk.write("diary", "Dear diary\n");
    desk.run(&["--resume", "diary"]).exits(65).says("no journal");
    desk.run(&["--resume", "journal"]).exits(0);
    desk.write("batch.jsonl", mails(2).replace("mail-1-", "mail-3-"));
    desk.run(&["--resume", "journal"]).exits(65).says("another batch");
}
