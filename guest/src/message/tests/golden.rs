//! Messages to the byte.

use super::*;
use crate::message::{Body, Disposition};

const ID: &str = "30313233343536373839616263646566";

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_simplest_mail() {
    let (bytes, shape) = composed(simple(), NOTHING);
    let want = "Date: Fri, 6 Feb 2026 15:03:11 +0100\r\n\
        From: Ann <ann@example.com>\r\n\
        To: bob@example.org\r\n\
        Subject: Hello\r\n\
        Message-ID: <30313233343536373839616263646566@example.com>\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: 7bit\r\n\
        \r\n\
        Hi Bob\r\n";
    assert_eq!(text(bytes), want);
    assert_eq!(shape.body, Body::SevenBit);
    assert_eq!(shape.message_id, Some(format!("{ID}@example.com")));
}

#[test]
fn every_property_of_the_header() {
    let mail = Mail {
        from: vec![Mailbox::named("Müller, Jürgen", "j@bücher.example"), Mailbox::named("A \"B\" (C)", "a@b.example")],
        reply_to: vec![Mailbox::new("re@b.example")],
        cc: vec![Mailbox::named("宛先の名前", "cc@b.example"), Mailbox::named("", "dd@b.example")],
        bcc: vec![Mailbox::new("secret@b.example")],
        subject: Some("Grüße aus München, dem Ort mit dem längsten Betreff, der gefaltet werden muss".into()),
        in_reply_to: vec!["<one@b.example>".into()],
        references: vec!["zero@b.example".into(), "one@b.example".into()],
        message_id: Some("<own@b.example>".into()),
        send_at: Some("2024-12-31T23:59:59-05:00".into()),
        keywords: vec!["one two".into(), "a, b".into(), "schön".into()],
        comments: Some("no comment".into()),
        headers: vec![("X-B".into(), "2".into()), ("X-A".into(), "1".into()), ("X-Empty".into(), String::new())],
        text_body: Some("Grüße aus dem Süden und mehr\n".into()),
        ..simple()
    };
    let want = "Date: Tue, 31 Dec 2024 23:59:59 -0500\r\n\
        From: =?UTF-8?B?TcO8bGxlciwgSsO8cmdlbg==?= <j@xn--bcher-kva.example>,\r\n\
        \x20\"A \\\"B\\\" (C)\" <a@b.example>\r\n\
        Sender: =?UTF-8?B?TcO8bGxlciwgSsO8cmdlbg==?= <j@xn--bcher-kva.example>\r\n\
        Reply-To: re@b.example\r\n\
        To: bob@example.org\r\n\
        Cc: =?UTF-8?B?5a6b5YWI44Gu5ZCN5YmN?= <cc@b.example>, dd@b.example\r\n\
        Subject: =?UTF-8?B?R3LDvMOfZQ==?= aus =?UTF-8?B?TcO8bmNoZW4s?= dem Ort mit\r\n\
        \x20dem =?UTF-8?B?bMOkbmdzdGVu?= Betreff, der gefaltet werden muss\r\n\
        Message-ID: <own@b.example>\r\n\
        In-Reply-To: <one@b.example>\r\n\
        References: <zero@b.example> <one@b.example>\r\n\
        Keywords: one two, \"a, b\", =?UTF-8?B?c2Now7Zu?=\r\n\
        Comments: no comment\r\n\
        X-B: 2\r\n\
        X-A: 1\r\n\
        X-Empty:\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=utf-8\r\n";
    let quoted = "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe aus dem S=C3=BCden und mehr\r\n";
    let eight_bit = "Content-Transfer-Encoding: 8bit\r\n\r\nGrüße aus dem Süden und mehr\r\n";
    let mut composer = Composer::new(mail.checked().unwrap(), ENTROPY, MOMENT).unwrap();
    // A connection that was replaced by another server's: the choice is made anew.
    assert_eq!(composer.prepare(EIGHT_BIT).unwrap().body, Body::EightBit);
    let size = composer.prepare(EIGHT_BIT).unwrap().size.unwrap() as usize;
    assert_eq!(composer.prepare(NOTHING).unwrap().body, Body::SevenBit);
    assert_eq!(text(drained(&mut composer, 1 << 16).unwrap()), format!("{want}{quoted}"));
    assert_eq!(size, want.len() + eight_bit.len());
    assert!(composer.prepare(NOTHING).is_err());
}

fn with_everything() -> Mail {
    Mail {
        html_body: Some("<img src=\"cid:pic@x\">".into()),
        attachments: vec![
            stream("Übersicht.pdf", b"%PDF-1.7", Some(8)),
            Attachment { cid: Some("<pic@x>".into()), ..Attachment::new("x.png", Content::Bytes(vec![0, 255])) },
            Attachment {
                disposition: Some(Disposition::Attachment),
                cid: Some("b@x".into()),
                media_type: Some("text/calendar; method=REQUEST".into()),
                ..Attachment::new("/tmp/in.ics", Content::Text("BEGIN:VCALENDAR\r\n".into()))
            },
        ],
        ..simple()
    }
}

#[test]
fn alternative_in_related_in_mixed() {
    let (bytes, shape) = composed(with_everything(), NOTHING);
    let want = "Content-Type: multipart/mixed;\r\n boundary=\"=_1_ID\"\r\n\r\n\
        --=_1_ID\r\nContent-Type: multipart/alternative;\r\n boundary=\"=_2_ID\"\r\n\r\n\
        --=_2_ID\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
        Hi Bob\r\n\r\n\
        --=_2_ID\r\nContent-Type: multipart/related;\r\n boundary=\"=_3_ID\"; type=\"text/html\"\r\n\r\n\
        --=_3_ID\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
        <img src=\"cid:pic@x\">\r\n\
        --=_3_ID\r\nContent-Type: image/png; name=\"x.png\"\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Disposition: inline; filename=\"x.png\"\r\nContent-ID: <pic@x>\r\n\r\n\
        AP8=\r\n\
        --=_3_ID--\r\n\
        --=_2_ID--\r\n\
        --=_1_ID\r\nContent-Type: application/pdf; name=\"=?UTF-8?Q?=C3=9Cbersicht=2Epdf?=\"\r\n\
        Content-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment; filename*=UTF-8''%C3%9Cbersicht.pdf;\r\n filename=\"_bersicht.pdf\"\r\n\r\n\
        JVBERi0xLjc=\r\n\
        --=_1_ID\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8; name=\"in.ics\"\r\n\
        Content-Transfer-Encoding: 7bit\r\nContent-Disposition: attachment; filename=\"in.ics\"\r\nContent-ID: <b@x>\r\n\r\n\
        BEGIN:VCALENDAR\r\n\r\n\
        --=_1_ID--\r\n";
    let got = text(bytes);
    let body = &got[got.find("Content-Type").unwrap()..];
    assert_eq!(body, want.replace("_ID", &format!("_{ID}")));
    let names: Vec<_> = shape.attachments.iter().map(|file| (file.name.as_deref().unwrap(), file.size)).collect();
    assert_eq!(names, [("Übersicht.pdf", Some(8)), ("x.png", Some(2)), ("in.ics", Some(17))]);
}

#[test]
fn binary_content_is_not_encoded() {
    let (bytes, shape) = composed(with_everything(), ALL);
    assert_eq!(shape.body, Body::Binary);
    assert!(memchr::memmem::find(&bytes, b"Content-Transfer-Encoding: binary\r\n").is_some());
    assert!(memchr::memmem::find(&bytes, b"\r\n\r\n\x00\xff\r\n--=_3").is_some());
    assert!(memchr::memmem::find(&bytes, b"\r\n\r\n%PDF-1.7\r\n--=_1").is_some());
}

#[test]
fn a_message_is_attached_as_it_is_or_as_a_file() {
    let attached = |content: Content, offer| {
        let mail = Mail { attachments: vec![Attachment::new("a.eml", content)], ..simple() };
        let got = String::from_utf8_lossy(&composed(mail, offer).0).into_owned();
        got[got.rfind("Content-Type").unwrap()..].to_owned()
    };
    let ascii = || Content::Bytes(b"Subject: x\n\n.\n".to_vec());
    let want = "Content-Type: message/rfc822; name=\"a.eml\"\r\nContent-Transfer-Encoding: 7bit\r\n";
    assert!(attached(ascii(), NOTHING).starts_with(want));
    assert!(attached(ascii(), NOTHING).contains("\r\n\r\nSubject: x\r\n\r\n.\r\n\r\n--"));
    let eight = || Content::Text("Subject: ü\n\n".into());
    assert!(attached(eight(), EIGHT_BIT).contains("message/rfc822; name=\"a.eml\"\r\nContent-Transfer-Encoding: 8bit"));
    let file = "Content-Type: application/octet-stream; name=\"a.eml\"\r\nContent-Transfer-Encoding: base64\r\n";
    assert!(attached(eight(), NOTHING).starts_with(file));
    let streamed = || stream("a.eml", b"Subject: x\n", None).content;
    assert!(attached(streamed(), NOTHING).starts_with(file));
    assert!(attached(streamed(), ALL).contains("message/rfc822; name=\"a.eml\"\r\nContent-Transfer-Encoding: binary"));
}

#[test]
fn international_addresses_need_the_servers_word() {
    let mail = || Mail { cc: vec![Mailbox::named("Пётр", "пётр@почта.рф")], ..simple() };
    let error = Composer::new(mail().checked().unwrap(), ENTROPY, MOMENT).unwrap().prepare(EIGHT_BIT).unwrap_err();
    assert!(error.message.contains("пётр@почта.рф"), "{error}");
    let (bytes, shape) = composed(mail(), ALL);
    assert!(text(bytes).contains("\r\nCc: =?UTF-8?B?0J/RkdGC0YA=?= <пётр@почта.рф>\r\n"));
    assert!(shape.utf8 && shape.body == Body::EightBit);
    let sender = Mail { from: vec![Mailbox::new("ann@почта.рф")], ..simple() };
    let (bytes, shape) = composed(sender, NOTHING);
    assert!(text(bytes).contains("From: ann@xn--80a1acny.xn--p1ai\r\n"));
    assert!(!shape.utf8);
}

#[test]
fn bodies_that_are_hard() {
    let body = |text_body: &str| {
        let mail = Mail { text_body: Some(text_body.into()), ..simple() };
        let got = text(composed(mail, NOTHING).0);
        got[got.find("Encoding: ").unwrap() + 10..].to_owned()
    };
    assert_eq!(body(""), "7bit\r\n\r\n");
    assert_eq!(body("\n"), "7bit\r\n\r\n\r\n");
    assert_eq!(body(".\n..\r\n."), "7bit\r\n\r\n.\r\n..\r\n.\r\n");
    assert_eq!(body("no end, bare\rCR and\0NUL"), "quoted-printable\r\n\r\nno end, bare=0DCR and=00NUL\r\n");
    assert_eq!(body("x\r\n.\r\r\nMAIL FROM:<a@b>\n"), "quoted-printable\r\n\r\nx\r\n.=0D\r\nMAIL FROM:<a@b>\r\n");
    assert!(body(&"x".repeat(999)).starts_with("quoted-printable\r\n\r\nxxx"));
    assert!(body(&"日本語\n".repeat(20)).starts_with("base64\r\n\r\n"));
}

#[test]
fn one_author_as_sender_is_not_repeated() {
    let senders = |from: Vec<Mailbox>, sender: Option<&str>| {
        let got = text(composed(Mail { from, sender: sender.map(Mailbox::new), ..simple() }, NOTHING).0);
        got.lines().filter(|line| line.starts_with("From") || line.starts_with("Sender")).collect::<Vec<_>>().join("|")
    };
    let (a, b) = (Mailbox::new("a@x.example"), Mailbox::new("b@x.example"));
    assert_eq!(senders(vec![], Some("a@x.example")), "From: a@x.example");
    assert_eq!(senders(vec![a.clone()], Some("a@x.example")), "From: a@x.example");
    assert_eq!(senders(vec![a.clone()], Some("b@x.example")), "From: a@x.example|Sender: b@x.example");
    assert_eq!(senders(vec![a, b], None), "From: a@x.example, b@x.example|Sender: a@x.example");
}
