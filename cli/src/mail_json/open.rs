//! From a letter to the interface's record: its files opened, its envelope completed.

use smtp_host::types::{self, Envelope, Mail, Recipient, SendError};
use smtp_host::{FileStream, Transporter};
use std::io;
use std::path::PathBuf;

use super::letter::{Attachment, Content, Letter, LetterEnvelope};

/// A file that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("'{}' can't be read: {error}", path.display())]
pub struct FileError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// A letter whose files are open, so that none can be missing when the server waits for it.
pub struct OpenLetter {
    letter: Letter,
    /// One for each attachment; none where that holds its content itself.
    files: Vec<Option<(FileStream, u64)>>,
}

impl Letter {
    /// Opens the files that the letter names.
    ///
    /// # Errors
    /// The first that is missing, is a folder, or can't be read.
    pub async fn open(self) -> Result<OpenLetter, FileError> {
        let mut files = Vec::with_capacity(self.attachments.len());
        for attachment in &self.attachments {
            files.push(match &attachment.content {
                Content::Path(path) => {
                    let opened = FileStream::open(path).await;
                    Some(opened.map_err(|error| FileError { path: path.clone(), error })?)
                }
                Content::Bytes(_) | Content::Text(_) => None,
            });
        }
        Ok(OpenLetter { letter: self, files })
    }
}

impl OpenLetter {
    /// The record for this transporter, which the files become streams of.
    ///
    /// # Errors
    /// Where the transporter can't take another stream.
    pub fn into_mail(self, transporter: &mut Transporter) -> Result<Mail, SendError> {
        let letter = self.letter;
        let envelope = letter.envelope.as_ref().map(|envelope| complete(envelope, &letter));
        let mut attachments = Vec::with_capacity(letter.attachments.len());
        for (Attachment { content, name, media_type, cid, disposition }, file) in
            letter.attachments.into_iter().zip(self.files)
        {
            let (content, size) = match (content, file) {
                (_, Some((stream, size))) => match stream.again() {
                    Ok(first) if transporter.signs() => {
                        (types::Content::Twice((transporter.stream(first)?, transporter.stream(stream)?)), Some(size))
                    }
                    _ => (types::Content::Stream(transporter.stream(stream)?), Some(size)),
                },
                (Content::Bytes(bytes), None) => (types::Content::Bytes(bytes), None),
                (Content::Text(text), None) => (types::Content::Text(text), None),
                // `open` gave every path a stream.
                (Content::Path(_), None) => continue,
            };
            attachments.push(types::Attachment { content, size, name, media_type, cid, disposition });
        }
        Ok(Mail {
            from: letter.from,
            sender: letter.sender,
            reply_to: letter.reply_to,
            to: letter.to,
            cc: letter.cc,
            bcc: letter.bcc,
            subject: letter.subject,
            text_body: letter.text_body,
            html_body: letter.html_body,
            attachments,
            headers: letter.headers,
            in_reply_to: letter.in_reply_to,
            references: letter.references,
            message_id: letter.message_id,
            send_at: letter.send_at,
            keywords: letter.keywords,
            comments: letter.comments,
            envelope,
            options: letter.options,
        })
    }
}

/// What the envelope leaves out is taken from the header's fields.
fn complete(envelope: &LetterEnvelope, letter: &Letter) -> Envelope {
    let everybody = || [&letter.to, &letter.cc, &letter.bcc].into_iter().flatten();
    let recipient = |email: &String| Recipient { email: email.clone(), notify: None, original: None };
    let sender = || letter.sender.as_ref().or(letter.from.first()).map(|mailbox| mailbox.email.clone());
    Envelope {
        from: envelope.from.clone().or_else(sender).unwrap_or_default(),
        recipients: match &envelope.recipients {
            Some(recipients) => recipients.clone(),
            None => everybody().map(|mailbox| recipient(&mailbox.email)).collect(),
        },
        options: letter.options.clone(),
    }
}
