//! A mail as JSON: what a line of `host send --batch` is, and what the HTTP API takes.
//!
//! ```
//! use smtp_cli::mail_json::{Paths, read};
//!
//! let letter = read(br#"{"from":"Ana <ana@a.test>","to":["b@b.test"],"subject":"Hi","textBody":"Hello"}"#, &Paths::Refused)?;
//! assert_eq!(letter.from[0].name.as_deref(), Some("Ana"));
//!
//! let error = read(br#"{"reply": "ana@a.test"}"#, &Paths::Refused).unwrap_err();
//! assert_eq!(error.message, "there is no property `reply`: did you mean `replyTo`?");
//! assert_eq!(error.place.map(|place| (place.line, place.column)), Some((1, 8)));
//! # Ok::<(), smtp_cli::mail_json::JsonError>(())
//! ```
//!
//! | property | value |
//! | --- | --- |
//! | `from`, `replyTo`, `to`, `cc`, `bcc` | mailboxes |
//! | `sender` | one mailbox |
//! | `subject`, `textBody`, `htmlBody`, `comments`, `messageId` | text |
//! | `sendAt` | RFC 3339 with offset: the Date header |
//! | `inReplyTo`, `references` | a text of Message-IDs with blanks between them, or a list |
//! | `keywords` | a text with commas, or a list |
//! | `headers` | `{"X-Name": "value"}`, where a value may be a list; or `[{"name": …, "value": …}]` |
//! | `attachments` | a list of `{path \| content \| text, name, type, cid, disposition}`; `content` is base64 |
//! | `envelope` | `{from, recipients}`: a recipient is a mailbox or `{email, notify, original}` |
//! | `options` | `{requireAll, returnContent, envelopeId, notify, requireTls, priority, deliverBy, holdFor}` |
//!
//! Mailboxes are `a@b`, `Name <a@b>`, `{"name": …, "email": …}`, a list of these, or a text with commas or semicolons. A
//! property that is `null` is one that is not there; one that stands there twice, or that nobody knows, is an error.

mod address;
mod attachment;
mod delivery;
mod envelope;
mod headers;
mod letter;
mod list;
mod object;
mod open;
mod properties;
#[cfg(test)]
mod tests;

pub use letter::{Attachment, Content, Letter, LetterEnvelope};
pub use open::{FileError, OpenLetter};

use std::path::PathBuf;

/// Which files a mail may name as attachments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paths {
    /// None: the mail comes from somebody who must not read this machine's files.
    Refused,
    /// Any; a relative one counts from this folder.
    From(PathBuf),
}

/// Why a text is no mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", place.map(|place| format!(" (line {}, column {})", place.line, place.column)).unwrap_or_default())]
pub struct JsonError {
    /// What is wrong, in one sentence. It may repeat words of the text: show it escaped.
    pub message: String,
    /// Where reading stopped; none where the mail as a whole is wrong.
    pub place: Option<Place>,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// In bytes, from 1; 0 is the end of the line before.
    pub column: usize,
}

/// Reads one mail.
///
/// Addresses are checked as far as a place can be named; what else can be wrong with a mail (a header that is also a
/// property, a line end in a subject) is the component's to say, before anything is sent.
///
/// # Errors
/// Broken JSON, a wrong type, an unknown property, a path where none is allowed.
pub fn read(json: &[u8], paths: &Paths) -> Result<Letter, JsonError> {
    let mut letter: Letter = serde_json::from_slice(json).map_err(|error| JsonError::from(&error))?;
    for attachment in &mut letter.attachments {
        let Content::Path(path) = &mut attachment.content else { continue };
        match paths {
            Paths::From(folder) => *path = folder.join(&path),
            Paths::Refused => {
                let message = "attachments: a `path` is not allowed here: give `content` (base64) or `text`".to_owned();
                return Err(JsonError { message, place: None });
            }
        }
    }
    Ok(letter)
}

impl From<&serde_json::Error> for JsonError {
    fn from(error: &serde_json::Error) -> JsonError {
        let place = Place { line: error.line(), column: error.column() };
        let mut message = error.to_string();
        // serde_json puts the place behind its words.
        let behind = format!(" at line {} column {}", place.line, place.column);
        message.truncate(message.strip_suffix(&behind).map_or(message.len(), str::len));
        JsonError { message, place: (place.line > 0).then_some(place) }
    }
}
