//! What breaks its grammar, or holds a CR, LF or NUL, is refused in phase `input`, with its place, before anybody is asked.

use smtp_host::types::{
    Attachment, Content, DeliveryOptions, Envelope, ErrorKind, Header, Mail, Mailbox, Phase, Recipient, SendError,
    Server,
};

use super::client::{self, Client, mail};
use super::plan::Plan;
use super::server::Scripted;

/// A field of a mail, and how to spoil it.
type Spoil = (&'static str, fn(&mut Mail, String));

fn mailbox(name: Option<String>, email: String) -> Mailbox {
    Mailbox { name, email }
}

fn attachment(spoil: fn(&mut Attachment, String), text: String) -> Attachment {
    let mut attachment = Attachment {
        content: Content::Text("x".into()),
        size: None,
        name: None,
        media_type: None,
        cid: None,
        disposition: None,
    };
    spoil(&mut attachment, text);
    attachment
}

fn envelope(from: &str, to: &str, envelope_id: Option<String>) -> Envelope {
    let recipients = vec![Recipient { email: to.into(), notify: None, original: None }];
    let options = envelope_id.map(|envelope_id| DeliveryOptions {
        require_all: false,
        return_content: None,
        envelope_id: Some(envelope_id),
        notify: None,
        require_tls: false,
        priority: None,
        deliver_by: None,
        hold_for: None,
    });
    Envelope { from: from.into(), recipients, options }
}

const ADDRESSES: [Spoil; 8] = [
    ("from", |mail, bad| mail.from = vec![mailbox(None, format!("a{bad}@x.test"))]),
    ("from's domain", |mail, bad| mail.from = vec![mailbox(None, format!("a@x{bad}.test"))]),
    ("sender", |mail, bad| mail.sender = Some(mailbox(None, format!("a{bad}@x.test")))),
    ("reply-to", |mail, bad| mail.reply_to = vec![mailbox(None, format!("a{bad}@x.test"))]),
    ("to", |mail, bad| mail.to = vec![mailbox(None, format!("a@x.test{bad}"))]),
    ("bcc", |mail, bad| mail.bcc = vec![mailbox(None, format!("{bad}a@x.test"))]),
    ("envelope from", |mail, bad| mail.envelope = Some(envelope(&format!("a{bad}@x.test"), "b@x.test", None))),
    ("envelope to", |mail, bad| mail.envelope = Some(envelope("a@x.test", &format!("b@x.test{bad}"), None))),
];

const FIELDS: [Spoil; 10] = [
    ("a display name", |mail, bad| mail.to = vec![mailbox(Some(format!("B{bad}b")), "b@x.test".into())]),
    ("subject", |mail, bad| mail.subject = Some(format!("a{bad}b"))),
    ("a header's name", |mail, bad| mail.headers = vec![Header { name: format!("X{bad}Y"), value: "z".into() }]),
    ("a header's value", |mail, bad| mail.headers = vec![Header { name: "X-Y".into(), value: format!("a{bad}b") }]),
    ("message-id", |mail, bad| mail.message_id = Some(format!("a{bad}@x.test"))),
    ("in-reply-to", |mail, bad| mail.in_reply_to = vec![format!("a{bad}@x.test")]),
    ("references", |mail, bad| mail.references = vec![format!("a{bad}@x.test")]),
    ("media type", |mail, bad| {
        mail.attachments = vec![attachment(|it, bad| it.media_type = Some(format!("text/pl{bad}ain")), bad)];
    }),
    ("cid", |mail, bad| mail.attachments = vec![attachment(|it, bad| it.cid = Some(format!("a{bad}b")), bad)]),
    ("send-at", |mail, bad| mail.send_at = Some(format!("2026-02-06T15:03:11{bad}+01:00"))),
];

fn complaint(what: &str, bad: &str, error: &SendError) -> Option<String> {
    let right = (error.phase, error.kind) == (Phase::Input, ErrorKind::InvalidInput);
    let safe = !error.message.contains(char::is_control) && !error.message.is_empty();
    (!right || !safe).then(|| format!("{what} with {bad:?}: {error:?}"))
}

#[tokio::test]
async fn nothing_is_sent_of_a_mail_that_breaks_the_grammar() {
    let scripted = Scripted::start(Plan::good());
    let client = Client::new();
    let mut transporter = client.transporter(client::settings(scripted.port)).await;
    let mut complaints = Vec::new();
    let beyond = ["\r", "\n", "\0", "\r\nRCPT TO:<evil@x.test>", "\r\n.\r\nQUIT"];
    for (what, spoil) in ADDRESSES.iter().chain(&FIELDS) {
        for bad in beyond {
            let mut spoilt = mail();
            spoil(&mut spoilt, bad.into());
            match transporter.send(&spoilt).await {
                Ok(_) => complaints.push(format!("{what} with {bad:?} was sent")),
                Err(error) => complaints.extend(complaint(what, bad, &error)),
            }
        }
    }
    for (what, spoil) in ADDRESSES {
        for bad in [" ", "<", ">", "@", "..", "\u{85}", "\u{2028}"] {
            let mut spoilt = mail();
            spoil(&mut spoilt, bad.into());
            match transporter.send(&spoilt).await {
                Ok(_) => complaints.push(format!("{what} with {bad:?} was sent")),
                Err(error) => {
                    complaints.extend(complaint(what, bad, &error));
                    if !["character", "the domain", "before the"].iter().any(|place| error.message.contains(place)) {
                        complaints.push(format!("{what} with {bad:?}: the place is not marked: {}", error.message));
                    }
                }
            }
        }
    }
    let mut spoilt = mail();
    spoilt.envelope = Some(envelope("a@x.test", "b@x.test", Some("a b\r\n".into())));
    complaints.extend(complaint("envid", "", &transporter.send(&spoilt).await.expect_err("an ENVID")));
    for (host, ehlo) in [
        ("mail\r\n.test", None),
        ("mail.test\0", None),
        ("a b", None),
        ("mail.test", Some("me\nQUIT")),
        ("mail.test", Some("a b")),
    ] {
        let settings =
            Server { host: host.into(), ehlo_name: ehlo.map(str::to_owned), ..client::settings(scripted.port) };
        match client.host.transporter(settings).await {
            Ok(_) => complaints.push(format!("{host:?} {ehlo:?} was taken")),
            Err(error) => complaints.extend(complaint("settings", host, &error)),
        }
    }
    transporter.close().await;
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(scripted.seen().connections.is_empty(), "{:?}", scripted.seen());
    assert_eq!(client.regular(), "", "nobody was asked");
}
