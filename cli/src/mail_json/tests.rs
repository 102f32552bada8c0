//! What is read, and what is refused with which words.

use smtp_host::types::{Disposition, Mailbox, Notify, NotifyOn};
use std::path::{Path, PathBuf};

use super::{Content, JsonError, Letter, Paths, read};

fn letter(json: &str) -> Letter {
    read(json.as_bytes(), &Paths::From(PathBuf::from("/in"))).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn error(json: &str) -> JsonError {
    read(json.as_bytes(), &Paths::From("/in".into())).map(|_| json).expect_err("it must be refused")
}

fn people(mailboxes: &[Mailbox]) -> Vec<String> {
    let one = |mailbox: &Mailbox| match &mailbox.name {
        Some(name) => format!("{name}|{}", mailbox.email),
        None => mailbox.email.clone(),
    };
    mailboxes.iter().map(one).collect()
}

#[test]
fn every_property() {
    let letter = letter(
        r#"{"from": "Ana <ana@a.test>", "sender": {"name": "S", "email": "s@a.test"}, "to": ["b@b.test", "C <c@c.test>"],
        "cc": "d@d.test; \"E, F\" <e@e.test>,", "bcc": [{"email": "g@g.test"}, "h@h.test,i@i.test"], "replyTo": null,
        "subject": "¡Hola!", "textBody": "t", "htmlBody": "<p>h", "inReplyTo": "<1@x> <2@x>", "references": ["<0@x>"],
        "messageId": "<3@x>", "sendAt": "2026-02-06T15:03:11+01:00", "keywords": "a, b", "comments": "c",
        "headers": {"X-A": "1", "X-B": ["2", "3"]},
        "attachments": [{"path": "sub/report.pdf"}, {"content": "AAEC\n/w==", "name": "x", "type": "a/b", "cid": "<i>"},
            {"text": "hello", "disposition": "inline", "mediaType": "text/plain"}],
        "envelope": {"from": "<>", "recipients": ["j@j.test", {"email": "k@k.test", "notify": ["success", "delay"],
            "original": "l@l.test"}]},
        "options": {"requireAll": true, "notify": "never", "priority": -3, "holdFor": 60, "returnContent": "headers",
            "envelopeId": "E1", "deliverBy": {"seconds": 120, "mode": "notify", "trace": true}}}"#,
    );
    assert_eq!(people(&letter.from), ["Ana|ana@a.test"]);
    assert_eq!(people(letter.sender.as_slice()), ["S|s@a.test"]);
    assert_eq!(people(&letter.to), ["b@b.test", "C|c@c.test"]);
    assert_eq!(people(&letter.cc), ["d@d.test", "E, F|e@e.test"]);
    assert_eq!(people(&letter.bcc), ["g@g.test", "h@h.test", "i@i.test"]);
    assert!(letter.reply_to.is_empty());
    assert_eq!((letter.in_reply_to.len(), letter.references.len(), letter.keywords.len()), (2, 1, 2));
    let headers: Vec<_> = letter.headers.iter().map(|header| (header.name.as_str(), header.value.as_str())).collect();
    assert_eq!(headers, [("X-A", "1"), ("X-B", "2"), ("X-B", "3")]);
    let [file, bytes, text] = &letter.attachments[..] else { panic!() };
    assert!(matches!(&file.content, Content::Path(path) if path == Path::new("/in/sub/report.pdf")));
    assert_eq!(file.name.as_deref(), Some("report.pdf"));
    assert!(matches!(&bytes.content, Content::Bytes(bytes) if *bytes == [0, 1, 2, 255]));
    assert_eq!((bytes.media_type.as_deref(), bytes.cid.as_deref()), (Some("a/b"), Some("i")));
    assert!(matches!(&text.content, Content::Text(text) if text == "hello"));
    assert!(matches!(text.disposition, Some(Disposition::Inline)));
    let envelope = letter.envelope.as_ref().unwrap();
    assert_eq!(envelope.from.as_deref(), Some(""));
    let recipients = envelope.recipients.as_ref().unwrap();
    assert_eq!((recipients.len(), recipients[1].original.as_deref()), (2, Some("l@l.test")));
    assert!(matches!(recipients[1].notify, Some(Notify::On(on)) if on == NotifyOn::SUCCESS | NotifyOn::DELAY));
    let options = letter.options.as_ref().unwrap();
    assert!(options.require_all && matches!(options.notify, Some(Notify::Never)) && !options.require_tls);
    assert_eq!((options.priority, options.hold_for), (Some(-3), Some(60)));
    letter.check().unwrap();
}

#[test]
fn unknown_properties_name_the_nearest() {
    for (json, words) in [
        (r#"{"reply": ""}"#, "`reply`: did you mean `replyTo`?"),
        (r#"{"reply-to": ""}"#, "did you mean `replyTo`?"),
        (r#"{"text": ""}"#, "did you mean `textBody`?"),
        (r#"{"html": ""}"#, "did you mean `htmlBody`?"),
        (r#"{"attachment": []}"#, "did you mean `attachments`?"),
        (r#"{"Subject": ""}"#, "did you mean `subject`?"),
        (r#"{"qqq": ""}"#, "`qqq`: there are from, sender, to"),
        (r#"{"attachments": [{"file": "x"}]}"#, "attachments: there is no property `file`"),
        (r#"{"to": {"address": "a@b"}}"#, "to: there is no property `address`"),
        (r#"{"options": {"requireall": true}}"#, "did you mean `requireAll`?"),
    ] {
        let error = error(json);
        assert!(error.message.contains(words) && error.place.is_some(), "{error}");
    }
}

#[test]
fn places() {
    for (json, line, column, words) in [
        ("{", 1, 1, "EOF"),
        ("", 1, 0, "EOF"),
        ("{\"from\": \"a@b\",\n \"to\": 5}", 2, 8, "to: invalid type: integer `5`, expected a mailbox"),
        ("{\"subject\": [\"x\"]}", 1, 12, "subject: invalid type: sequence, expected a string"),
        ("{\"to\": \"a@b\"} x", 1, 15, "trailing characters"),
        ("{\"to\": [\"a b@c\"]}", 1, 15, "to: 'a b@c' is no mailbox: a blank can't stand"),
        ("{\"to\": \"a@b\", \"to\": \"c@d\"}", 1, 18, "`to` stands there twice"),
        ("[]", 1, 0, "expected a mail as an object"),
        ("{\"attachments\": [{\"name\": \"x\"}]}", 1, 30, "needs `path`"),
        ("{\"attachments\": [{\"path\": \"x\", \"text\": \"y\"}]}", 1, 43, "not several"),
        ("{\"attachments\": [{\"content\": \"***\"}]}", 1, 34, "this is not base64"),
        ("{\"sender\": \"a@b, c@d\"}", 1, 22, "one mailbox can stand here, not 2"),
    ] {
        let error = error(json);
        let place = error.place.unwrap_or_else(|| panic!("{error}"));
        assert!(error.message.contains(words), "{error}");
        assert!(!error.message.contains(" at line "), "{error}");
        assert_eq!((place.line, place.column), (line, column), "{error}");
    }
    let broken = read(b"{\"subject\": \"\xff\"}", &Paths::Refused).unwrap_err();
    assert!(broken.place.is_some(), "{broken}");
}

#[test]
fn paths_where_none_are_allowed() {
    let refused = read(br#"{"attachments": [{"path": "/etc/passwd"}]}"#, &Paths::Refused).unwrap_err();
    assert!(refused.message.contains("not allowed"), "{refused}");
    read(br#"{"attachments": [{"text": "x"}]}"#, &Paths::Refused).unwrap();
}

#[test]
fn what_a_letter_lacks() {
    let none = letter("{}");
    assert!(none.check().unwrap_err().contains("no sender"));
    assert!(letter(r#"{"from": "a@b"}"#).check().unwrap_err().contains("nobody gets"));
    assert!(letter(r#"{"from": "a@b", "to": ",;"}"#).check().is_err());
    let defaults = letter(r#"{"from": "d@d", "to": "t@t", "subject": "S", "textBody": "T", "htmlBody": "H"}"#);
    let filled = letter(r#"{"to": "x@x", "htmlBody": "own"}"#).or(&defaults);
    assert_eq!((people(&filled.from), people(&filled.to)), (vec!["d@d".to_owned()], vec!["x@x".to_owned()]));
    assert_eq!((filled.text_body.as_deref(), filled.html_body.as_deref()), (None, Some("own")));
    assert_eq!(filled.subject.as_deref(), Some("S"));
}
