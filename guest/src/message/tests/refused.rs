//! Mails that are refused before anything is sent.

use super::*;

type Change<'a> = Box<dyn FnOnce(&mut Mail) + 'a>;

fn refusal(change: impl FnOnce(&mut Mail)) -> String {
    let mut mail = simple();
    change(&mut mail);
    mail.checked().expect_err("refused").message
}

#[test]
fn a_line_break_gets_nowhere() {
    for bad in ["a\r\nBcc: x@y", "a\nb", "a\rb", "a\0b"] {
        let named = |name: &str| Mailbox::named(name, "a@b.example");
        let file = || Attachment::new("a", Content::Bytes(vec![]));
        let places: Vec<(&str, Change<'_>)> = vec![
            ("subject", Box::new(|mail| mail.subject = Some(bad.into()))),
            ("comments", Box::new(|mail| mail.comments = Some(bad.into()))),
            ("keywords[0]", Box::new(|mail| mail.keywords = vec![bad.into()])),
            ("from[0].name", Box::new(|mail| mail.from = vec![named(bad)])),
            ("to[0]", Box::new(|mail| mail.to = vec![Mailbox::new(format!("{bad}@b.example"))])),
            ("cc[0]", Box::new(|mail| mail.cc = vec![Mailbox::new(format!("a@{bad}"))])),
            ("bcc[0].name", Box::new(|mail| mail.bcc = vec![named(bad)])),
            ("sender[0]", Box::new(|mail| mail.sender = Some(Mailbox::new(bad)))),
            ("reply-to[0].name", Box::new(|mail| mail.reply_to = vec![named(bad)])),
            ("headers[0]", Box::new(|mail| mail.headers = vec![(bad.into(), "x".into())])),
            ("headers[0], X-A", Box::new(|mail| mail.headers = vec![("X-A".into(), bad.into())])),
            ("in-reply-to[0]", Box::new(|mail| mail.in_reply_to = vec![bad.into()])),
            ("references[0]", Box::new(|mail| mail.references = vec![bad.into()])),
            ("message-id", Box::new(|mail| mail.message_id = Some(format!("{bad}@b")))),
            ("send-at", Box::new(|mail| mail.send_at = Some(bad.into()))),
            (
                "attachments[0]: name",
                Box::new(|mail| mail.attachments = vec![Attachment { name: Some(bad.into()), ..file() }]),
            ),
            (
                "attachments[0]: cid",
                Box::new(|mail| mail.attachments = vec![Attachment { cid: Some(bad.into()), ..file() }]),
            ),
            (
                "attachments[0]: media-type",
                Box::new(|mail| mail.attachments = vec![Attachment { media_type: Some(format!("a/{bad}")), ..file() }]),
            ),
        ];
        for (place, change) in places {
            let message = refusal(change);
            assert!(message.starts_with(&format!("{place}: ")), "{place}: {message}");
            assert!(!message.contains(char::is_control), "{message:?}");
        }
    }
}

#[test]
fn the_place_is_marked() {
    assert_eq!(
        refusal(|mail| mail.subject = Some("Hello\r\nBcc: x".into())),
        "subject: '\\r' at character 6 can't stand here: \"Hello»\\r\\nBcc: x\""
    );
    assert_eq!(
        refusal(|mail| mail.to.push(Mailbox::new("a b@c.example"))),
        "to[1]: `a b@c.example`: character 2 (blank) is not allowed in an address"
    );
}

#[test]
fn a_field_that_is_a_property_is_refused() {
    let header = |name: &str| refusal(|mail| mail.headers = vec![(name.into(), "x".into())]);
    assert!(header("Reply-to").contains("use `reply-to`"));
    assert!(header("DATE").contains("use `send-at`"));
    assert!(header("bcc").contains("use `bcc`"));
    assert!(header("Content-Type").contains("made from the content"));
    for name in ["", "X Y", "X:", "Ü", &"x".repeat(100)] {
        assert!(header(name).starts_with("headers[0]: "), "{name}");
    }
}

#[test]
fn a_mail_needs_a_sender() {
    assert!(refusal(|mail| mail.from.clear()).contains("no sender"));
    assert!(refusal(|mail| mail.message_id = Some("no-domain".into())).contains("left@domain"));
    assert!(refusal(|mail| mail.keywords = vec![String::new()]).contains("empty"));
    let latin = Attachment {
        media_type: Some("text/plain; charset=latin1".into()),
        ..Attachment::new("a", Content::Text("ü".into()))
    };
    assert!(refusal(|mail| mail.attachments = vec![latin]).contains("UTF-8"));
}

#[test]
fn recipients_are_named_once() {
    let mut mail = simple();
    mail.cc = vec![Mailbox::new("c@x.example"), Mailbox::new("bob@example.org")];
    mail.bcc = vec![Mailbox::new("d@x.example")];
    assert_eq!(mail.recipients(), ["bob@example.org", "c@x.example", "d@x.example"]);
    assert_eq!(mail.sender().unwrap().email, "ann@example.com");
}
