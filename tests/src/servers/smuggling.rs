//! The published sequences of SMTP smuggling (CVE-2023-51764, -51765, -51766 and their kin) in the body of composed and
//! of finished mails: the server sees one mail.

use super::client::Client;
use super::mailbox::{arrived, files};
use super::server::Server;
use std::fs;
use std::path::Path;

/// What some server once took for the end of the content.
const ENDS: [&str; 12] = [
    "\n.\n",
    "\n.\r\n",
    "\r.\r",
    "\r.\r\n",
    "\r\n.\n",
    "\r\n.\r",
    "\n.\r",
    "\r.\n",
    "\r\n.\r\n",
    "\r\r\n.\r\n",
    "\n\r.\r\n",
    "\r\n.\r\r\n",
];
const HIDDEN: &str = "MAIL FROM:<mallory@mail.test>\r\nRCPT TO:<victim@mail.test>\r\nDATA\r\n\
    Subject: smuggled\r\nFrom: mallory@mail.test\r\n\r\nsmuggled\r\n.\r\n";

fn one_mail_each(client: impl Fn() -> Client, inbox: &Path, folder: &Path) {
    let before = files(inbox).len();
    let (from, to) = ("alice@mail.test", "bob@mail.test");
    for (number, end) in ENDS.iter().enumerate() {
        let body = format!("harmless{end}{HIDDEN}");
        let text = folder.join("smuggling");
        fs::write(&text, &body).unwrap();
        let composed =
            client().args(["--from", from, "--to", to, "--subject", &format!("composed {number}"), "--text"]);
        composed.arg(format!("@{}", text.display())).send().sent();
        let header =
            format!("From: {from}\r\nSubject: finished {number}\r\nDate: x\r\nMessage-ID: <{number}@x>\r\n\r\n");
        client().eml(format!("{header}{body}").as_bytes(), from, &[to]).send().sent();
        arrived(inbox, &format!("Subject: composed {number}"));
        arrived(inbox, &format!("Subject: finished {number}"));
    }
    let all = files(inbox);
    assert_eq!(all.len() - before, 2 * ENDS.len(), "each came once, and nothing else");
    for mail in all {
        let header = mail.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
        let smuggled = header.into_iter().any(|line| line.starts_with(b"Subject: smuggled"));
        assert!(!smuggled, "a mail was smuggled:\n{}", String::from_utf8_lossy(&mail));
    }
}

fn files_gone(inbox: &Path) {
    fs::read_dir(inbox).unwrap().flatten().for_each(|entry| fs::remove_file(entry.path()).unwrap());
}

#[test]
fn into_postfix() {
    let Some(server) = Server::start("postfix") else { return };
    let inbox = server.folder.join("mail/inbox/new");
    one_mail_each(|| Client::starttls(&server, server.mx), &inbox, &server.folder);
    files_gone(&inbox);
    one_mail_each(|| Client::starttls(&server, server.mx).arg("--no-chunking"), &inbox, &server.folder);
}

#[test]
fn into_exim() {
    let Some(server) = Server::start("exim") else { return };
    let inbox = server.folder.join("mail/new");
    one_mail_each(|| Client::starttls(&server, server.mx), &inbox, &server.folder);
    files_gone(&inbox);
    one_mail_each(|| Client::starttls(&server, server.mx).arg("--no-chunking"), &inbox, &server.folder);
}
