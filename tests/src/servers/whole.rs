//! A mail in its parts, through real servers with and without the extensions that change how it is sent: what arrives
//! in the Maildir has the same content.

use super::client::Client;
use super::every::{PASSWORD, USER};
use super::mailbox::arrived;
use super::server::Server;
use mail_parser::{Message, MessageParser, MimeHeaders};
use std::fs;
use std::path::{Path, PathBuf};

const SUBJECT: &str = "Größe der Ära: δοκιμή, 日本語, 🙂 שלום";
const NAME: &str = "Zoë \"Z\" Ångström, (the 3rd)";
const FILE_NAME: &str = "Übersicht der Jahre – 日本語の長い名前のファイル, final (2).bin";

/// What a text can hold that a transfer spoils: named, since a failure must say which.
fn bodies() -> Vec<(String, String)> {
    let mut bodies: Vec<(String, String)> = [
        ("empty", ""),
        ("one dot", "."),
        ("no final newline", "a\n.\nb"),
        ("dots", ".first\n..\n...\n.\n\n.\n"),
        ("bare ends", "bare\rreturn\nbare feed\r\npair\n\rboth"),
        ("nul", "before\0behind\n.\n"),
        ("eight bit", "Größe\n.日本\ntrailing blank \n\ttab\t\nFrom here\n"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    bodies.push(("long line".to_owned(), format!("{}\n.", "x".repeat(5000))));
    // Over several buffers, a dot behind every line end, whatever the header's length.
    for shift in 0..3 {
        bodies.push((format!("dots at each edge {shift}"), format!("{}{}", "x".repeat(shift), "\n.".repeat(60_000))));
    }
    bodies
}

struct Case<'a> {
    client: &'a dyn Fn() -> Client,
    inbox: PathBuf,
    folder: &'a Path,
    what: &'a str,
}

impl Case<'_> {
    fn all_arrives(&self) {
        let bytes: Vec<u8> = (0..70_000u32).map(|n| (n * 31 % 251) as u8).collect();
        let attachment = self.folder.join("attachment");
        fs::write(&attachment, &bytes).unwrap();
        for (number, (name, text)) in bodies().iter().enumerate() {
            eprintln!("{}: {name}", self.what);
            let file = self.folder.join("text");
            fs::write(&file, text).unwrap();
            let id = format!("{number}-{}@client.test", self.what);
            let client = (self.client)()
                .args([
                    "--from",
                    &format!("{NAME:?} <alice@mail.test>"),
                    "--to",
                    "bob@mail.test",
                    "--bcc",
                    "eve@mail.test",
                ])
                .args(["--subject", SUBJECT, "--message-id", &id, "--html", "<p>Größe</p>\n"])
                .arg("--text")
                .arg(format!("@{}", file.display()))
                .arg("--attach")
                .arg(format!("{};name={FILE_NAME}", attachment.display()));
            let answer = client.send().sent();
            let stored = arrived(&self.inbox, &format!("Message-ID: <{id}>"));
            let mail = MessageParser::new().parse(&stored).unwrap_or_else(|| panic!("{}", answer.told()));
            self.assert_whole(&mail, text, &bytes);
            let header = String::from_utf8_lossy(&stored[..mail.parts[0].raw_body_offset() as usize]).to_lowercase();
            // Above it stands the server's trace, which names whom it delivers to.
            let header = &header[header.find("\ndate:").expect("our first field")..];
            assert!(!header.contains("\nbcc:") && !header.contains("eve@mail.test"), "{header}");
        }
    }

    #[track_caller]
    fn assert_whole(&self, mail: &Message<'_>, text: &str, bytes: &[u8]) {
        assert_eq!(mail.subject(), Some(SUBJECT));
        assert_eq!(mail.from().and_then(|from| from.first()?.name()), Some(NAME));
        let body = mail.body_text(0).unwrap_or_default();
        assert_eq!(line_feeds(&body), line_feeds(text), "{}", self.what);
        assert_eq!(mail.body_html(0).unwrap_or_default().trim_end(), "<p>Größe</p>");
        let file = mail.attachment(0).expect("the attachment");
        assert_eq!(file.attachment_name(), Some(FILE_NAME));
        assert!(file.contents() == bytes, "{}: the attachment was changed", self.what);
    }
}

/// A stored mail has the line ends of its system, and may have one more at its end.
fn line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end_matches('\n').to_owned()
}

fn through_postfix(without: &str) {
    let discarded = format!("smtpd_discard_ehlo_keywords = {without}");
    let Some(server) = Server::start_with("postfix", &[("EXTRA_MAIN_CF", &discarded)], &[]) else { return };
    let client = || Client::starttls(&server, server.mx);
    let inbox = server.folder.join("mail/inbox/new");
    let what = without.replace([',', ' '], "-");
    let case = Case { client: &client, inbox, folder: &server.folder, what: &format!("without-{what}") };
    case.all_arrives();
    let international = client().args(["--from", "a@mail.test", "--to", "δοκιμή@mail.test", "--text", "x"]).send();
    if without.contains("smtputf8") {
        let answer = international.failed(69, "mail-from", "extension-not-offered");
        assert!(
            answer.json["errors"][0]["message"].as_str().unwrap().contains("δοκιμή@mail.test"),
            "{}",
            answer.told()
        );
    } else {
        international.sent();
    }
}

#[test]
fn through_postfix_with_all() {
    through_postfix("etrn");
}

#[test]
fn through_postfix_without_8bitmime_and_smtputf8() {
    through_postfix("8bitmime, smtputf8");
}

#[test]
fn through_postfix_without_chunking() {
    through_postfix("chunking");
}

#[test]
fn through_postfix_without_any() {
    through_postfix("8bitmime, smtputf8, chunking, pipelining, size, dsn");
}

#[test]
fn through_exim() {
    for (what, settings) in [
        ("all", &[][..]),
        ("no-8bitmime-smtputf8", &[("EIGHT_BIT", "false"), ("SMTPUTF8_HOSTS", "")]),
        ("no-chunking", &[("CHUNKING_HOSTS", "")]),
    ] {
        let Some(server) = Server::start_with("exim", settings, &[]) else { return };
        let client = || Client::starttls(&server, server.mx).login(USER, PASSWORD);
        let inbox = server.folder.join("mail/new");
        Case { client: &client, inbox, folder: &server.folder, what }.all_arrives();
    }
}

#[test]
fn through_dovecot() {
    let Some(relay) = Server::start("postfix") else { return };
    let relay_port = relay.mx.to_string();
    let Some(server) = Server::start_with("dovecot-submission", &[("RELAY_PORT", &relay_port)], &[]) else { return };
    for (what, more) in [("chunks", &[][..]), ("data", &["--no-chunking"])] {
        let client = || Client::starttls(&server, server.submission).login(USER, PASSWORD).args(more.iter().copied());
        let inbox = relay.folder.join("mail/inbox/new");
        Case { client: &client, inbox, folder: &server.folder, what }.all_arrives();
    }
}

/// A file that is not what it was when the mail was begun: the server must not get half of it, or a mixture.
#[test]
fn a_file_that_changes_ends_the_mail() {
    use smtp_host::types::{Attachment, Content};
    use smtp_host::{FileStream, Host};

    let Some(server) = Server::start("exim") else { return };
    let file = server.folder.join("changing");
    let authority = fs::read_to_string(server.ca()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let host = Host::builder().build().unwrap();
    for (size, chunking) in [(10, true), (10, false), (300_000, true), (300_000, false)] {
        fs::write(&file, vec![b'x'; 200_000]).unwrap();
        runtime.block_on(async {
            let settings = crate::scripted::secured(server.mx, false, &authority);
            let settings = smtp_host::types::Server { chunking: Some(chunking), log_file: None, ..settings };
            let mut transporter = host.transporter(settings).await.unwrap();
            let (stream, announced) = FileStream::open(&file).await.unwrap();
            fs::write(&file, vec![b'y'; size]).unwrap();
            let content = Content::Stream(transporter.stream(stream).unwrap());
            let attachment = Attachment {
                content,
                size: Some(announced),
                name: Some("changing.bin".to_owned()),
                media_type: None,
                cid: None,
                disposition: None,
            };
            let mail = smtp_host::types::Mail { attachments: vec![attachment], ..crate::scripted::mail() };
            let error = transporter.send(&mail).await.unwrap_err();
            assert_eq!(error.kind, smtp_host::types::ErrorKind::ContentFailed, "{error:?}");
            assert_eq!(error.delivery, smtp_host::types::Delivery::NotAccepted, "{error:?}");
            assert!(error.message.contains("200000 bytes that were announced"), "{error:?}");
            transporter.close().await;
        });
    }
    let client = Client::starttls(&server, server.mx).login(USER, PASSWORD);
    client
        .args(["--from", "a@mail.test", "--to", "b@mail.test", "--text", "x", "--message-id", "last@x.test"])
        .send()
        .sent();
    arrived(&server.folder.join("mail/new"), "last@x.test");
    assert_eq!(super::mailbox::files(&server.folder.join("mail/new")).len(), 1, "only the last one came");
}
