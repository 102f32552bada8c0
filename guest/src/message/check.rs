//! What can be wrong with a mail before a server is known. Nothing with a line break or NUL gets past here.

use crate::error::Error;

use super::address::{self, marked};
use super::mail::{Attachment, Content, Mail, Mailbox};
use super::media_type::MediaType;
use super::{ids, moment};

/// RFC 5322 §2.2 sets no limit; a name that fills a line is none.
const MAX_NAME: usize = 76;

/// Fields that have a property of their own.
const PROPERTIES: [(&str, &str); 14] = [
    ("from", "from"),
    ("sender", "sender"),
    ("reply-to", "reply-to"),
    ("to", "to"),
    ("cc", "cc"),
    ("bcc", "bcc"),
    ("resent-bcc", "bcc"),
    ("subject", "subject"),
    ("message-id", "message-id"),
    ("in-reply-to", "in-reply-to"),
    ("references", "references"),
    ("date", "send-at"),
    ("keywords", "keywords"),
    ("comments", "comments"),
];

/// Fields that say how the content is made.
const OURS: [&str; 5] =
    ["mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id"];

/// All of [`Mail::checked`].
pub(super) fn mail(mail: &Mail) -> Result<(), Error> {
    if mail.sender().is_none() {
        return Err(Error::input("the mail has no sender: give `from` or `sender`"));
    }
    mailboxes(mail)?;
    let texts = [("subject", &mail.subject), ("comments", &mail.comments)];
    for (place, text) in texts.into_iter().filter_map(|(place, text)| Some((place, text.as_ref()?))) {
        at(|| place.to_owned(), one_line(text))?;
    }
    for (index, keyword) in mail.keywords.iter().enumerate() {
        let place = || format!("keywords[{index}]");
        at(place, if keyword.is_empty() { Err("the keyword is empty".to_owned()) } else { one_line(keyword) })?;
    }
    for (place, list) in [("in-reply-to", &mail.in_reply_to), ("references", &mail.references)] {
        for (index, id) in list.iter().enumerate() {
            at(|| format!("{place}[{index}]"), ids::bare(id))?;
        }
    }
    if let Some(id) = &mail.message_id {
        at(|| "message-id".to_owned(), ids::with_domain(id))?;
    }
    if let Some(date) = &mail.send_at {
        at(|| "send-at".to_owned(), moment::from_rfc3339(date))?;
    }
    for (index, (name, value)) in mail.headers.iter().enumerate() {
        at(|| format!("headers[{index}]"), header_name(name))?;
        at(|| format!("headers[{index}], {name}"), one_line(value))?;
    }
    for (index, file) in mail.attachments.iter().enumerate() {
        at(|| format!("attachments[{index}]"), attachment(file))?;
    }
    Ok(())
}

fn mailboxes(mail: &Mail) -> Result<(), Error> {
    let lists: [(&str, &[Mailbox]); 6] = [
        ("from", &mail.from),
        ("sender", mail.sender.as_slice()),
        ("reply-to", &mail.reply_to),
        ("to", &mail.to),
        ("cc", &mail.cc),
        ("bcc", &mail.bcc),
    ];
    for (place, list) in lists {
        for (index, mailbox) in list.iter().enumerate() {
            at(|| format!("{place}[{index}]"), address::parts(&mailbox.email))?;
            at(|| format!("{place}[{index}].name"), one_line(mailbox.name.as_deref().unwrap_or_default()))?;
        }
    }
    Ok(())
}

fn attachment(file: &Attachment) -> Result<(), String> {
    if let Some(name) = &file.name {
        one_line(name).map_err(|error| format!("name: {error}"))?;
    }
    if let Some(cid) = &file.cid {
        ids::bare(cid).map_err(|error| format!("cid: {error}"))?;
    }
    let Some(text) = &file.media_type else { return Ok(()) };
    let media_type = MediaType::parse(text).map_err(|error| format!("media-type: {error}"))?;
    let unicode = media_type.charset().is_none_or(|charset| charset.eq_ignore_ascii_case("utf-8"));
    if matches!(file.content, Content::Text(_)) && !unicode {
        return Err(format!("media-type: {text:?}: content given as text is UTF-8; give it as bytes"));
    }
    Ok(())
}

fn header_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(format!("the field's name has {} bytes, not 1 to {MAX_NAME}", name.len()));
    }
    if let Some((at, _)) = name.char_indices().find(|&(_, c)| !c.is_ascii_graphic() || c == ':') {
        return Err(marked(name, at, "can't stand in a field's name"));
    }
    let lower = name.to_ascii_lowercase();
    if let Some((_, property)) = PROPERTIES.iter().find(|(field, _)| *field == lower) {
        return Err(format!("the field {name} is a property of its own: use `{property}`"));
    }
    if OURS.contains(&lower.as_str()) {
        return Err(format!("the field {name} is made from the content and can't be given"));
    }
    Ok(())
}

fn one_line(text: &str) -> Result<(), String> {
    match text.find(['\r', '\n', '\0']) {
        Some(at) => Err(marked(text, at, "can't stand here")),
        None => Ok(()),
    }
}

fn at<T>(place: impl FnOnce() -> String, result: Result<T, String>) -> Result<T, Error> {
    result.map_err(|reason| Error::input(format!("{}: {reason}", place())))
}
