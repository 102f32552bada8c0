//! The header of a message made from a [`Mail`] that was checked.

use super::address::{needs_utf8, parts, written};
use super::field::Field;
use super::mail::{Mail, Mailbox};
use super::moment::{self, Moment};
use super::{ids, words};

/// Appends every field up to MIME-Version, in the order of RFC 5322 §3.6; the fields of the content come next.
pub(super) fn write(out: &mut Vec<u8>, mail: &Mail, id: &str, moment: Moment) -> Result<(), String> {
    let date = match &mail.send_at {
        Some(date) => moment::from_rfc3339(date)?,
        None => moment.to_date()?,
    };
    text(out, "Date", Some(&date));
    match (mail.from.as_slice(), &mail.sender) {
        ([], sender) => mailboxes(out, "From", sender.as_slice())?,
        ([author], Some(sender)) if author.email == sender.email => mailboxes(out, "From", &mail.from)?,
        ([_], None) => mailboxes(out, "From", &mail.from)?,
        // RFC 5322 §3.6.2: several authors need one sender.
        (authors, sender) => {
            mailboxes(out, "From", authors)?;
            mailboxes(out, "Sender", &[sender.as_ref().unwrap_or(&authors[0]).clone()])?;
        }
    }
    mailboxes(out, "Reply-To", &mail.reply_to)?;
    mailboxes(out, "To", &mail.to)?;
    mailboxes(out, "Cc", &mail.cc)?;
    text(out, "Subject", mail.subject.as_deref());
    let mut field = Field::new(out, "Message-ID");
    field.joined(&["<", id, ">"]);
    field.end();
    list_of_ids(out, "In-Reply-To", &mail.in_reply_to)?;
    list_of_ids(out, "References", &mail.references)?;
    keywords(out, &mail.keywords);
    text(out, "Comments", mail.comments.as_deref());
    for (name, value) in &mail.headers {
        text(out, name, Some(value));
    }
    text(out, "MIME-Version", Some("1.0"));
    Ok(())
}

/// The first address of the header that only SMTPUTF8 can carry.
pub(super) fn international(mail: &Mail) -> Option<&str> {
    let all = [&mail.from, &mail.reply_to, &mail.to, &mail.cc].into_iter().flatten().chain(&mail.sender);
    all.map(|mailbox| mailbox.email.as_str()).find(|email| needs_utf8(email))
}

/// The domain that the mail comes from, in lower case: that of its first author.
pub(super) fn domain_of(mail: &Mail) -> Option<String> {
    let author = mail.from.first().or(mail.sender.as_ref())?;
    parts(&author.email).ok().map(|(_, domain)| domain.to_ascii_lowercase())
}

/// The ID of this mail without brackets: its own, or one that nobody else makes.
pub(super) fn message_id(mail: &Mail, entropy: [u8; 16]) -> Result<String, String> {
    if let Some(id) = &mail.message_id {
        return Ok(ids::with_domain(id)?.to_owned());
    }
    let sender = mail.sender().map_or("", |mailbox| mailbox.email.as_str());
    Ok([&ids::hex(&entropy), "@", &parts(sender)?.1].concat())
}

fn text(out: &mut Vec<u8>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        let mut field = Field::new(out, name);
        words::unstructured(&mut field, value);
        field.end();
    }
}

fn mailboxes(out: &mut Vec<u8>, name: &str, list: &[Mailbox]) -> Result<(), String> {
    if list.is_empty() {
        return Ok(());
    }
    let mut field = Field::new(out, name);
    for (index, mailbox) in list.iter().enumerate() {
        let address = written(&mailbox.email)?;
        let comma = if index + 1 < list.len() { "," } else { "" };
        match mailbox.name.as_deref() {
            None | Some("") => field.joined(&[&address, comma]),
            Some(name) => {
                words::phrase(&mut field, name, "");
                field.joined(&["<", &address, ">", comma]);
            }
        }
    }
    field.end();
    Ok(())
}

fn list_of_ids(out: &mut Vec<u8>, name: &str, ids: &[String]) -> Result<(), String> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut field = Field::new(out, name);
    for id in ids {
        field.joined(&["<", ids::bare(id)?, ">"]);
    }
    field.end();
    Ok(())
}

fn keywords(out: &mut Vec<u8>, keywords: &[String]) {
    if keywords.is_empty() {
        return;
    }
    let mut field = Field::new(out, "Keywords");
    for (index, keyword) in keywords.iter().enumerate() {
        words::phrase(&mut field, keyword, if index + 1 < keywords.len() { "," } else { "" });
    }
    field.end();
}
