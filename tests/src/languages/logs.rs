//! Logs of different programs, made comparable; and what arrived.

use crate::servers::{arrived, files};
use mail_parser::{MessageParser, MimeHeaders};
use std::path::Path;

/// Statements alone, with numbers: what no two mails share is starred.
pub fn comparable(log: &str) -> String {
    let mut text = String::new();
    for line in log.lines() {
        let fields: Vec<_> = line.splitn(5, ' ').collect();
        let [counter, _, _, _, statement] = fields[..] else { panic!("no log line: {line}") };
        text.push_str(&format!("{counter} {}\n", starred(statement)));
    }
    text
}

fn starred(statement: &str) -> String {
    for fresh in ["C > \"Date: ", "C > \"Message-ID: <", "S < \"334 "] {
        if statement.starts_with(fresh) && statement != "S < \"334 \"" {
            return format!("{fresh}*\"");
        }
    }
    let cut = |from: &str, until: &[char]| {
        let at = statement.find(from)? + from.len();
        let rest = &statement[at..];
        Some(format!("{}*{}", &statement[..at], &rest[rest.find(until).unwrap_or(rest.len())..]))
    };
    cut("after ", &[' '])
        .filter(|_| statement.starts_with("### SMTP No connection"))
        .or_else(|| cut("queued as ", &['"', ' ']))
        .or_else(|| cut("boundary=\"=_", &['"']))
        .unwrap_or_else(|| statement.to_owned())
}

/// The one attachment of a mail as it arrived.
pub fn attachment(mail: &[u8]) -> (String, Vec<u8>) {
    let parsed = MessageParser::default().parse(mail).expect("a mail");
    let attached = parsed.attachment(0).expect("an attachment");
    (attached.attachment_name().unwrap_or_default().to_owned(), attached.contents().to_vec())
}

/// The Maildir of a server whose mails are told apart by their senders.
pub struct Inbox(std::path::PathBuf);

impl Inbox {
    pub fn of(server: &crate::servers::Server) -> Inbox {
        Inbox(server.folder.join("mail/inbox/new"))
    }

    /// Takes the mail with this text out, so that the next one with it is another.
    #[track_caller]
    pub fn take(&self, text: &str) -> Vec<u8> {
        let mail = arrived(&self.0, text);
        for entry in std::fs::read_dir(&self.0).expect("the Maildir").flatten() {
            if std::fs::read(entry.path()).is_ok_and(|bytes| bytes == mail) {
                std::fs::remove_file(entry.path()).expect("a mail can be taken out");
            }
        }
        mail
    }

    pub fn is_empty(&self) -> bool {
        files(Path::new(&self.0)).is_empty()
    }
}
