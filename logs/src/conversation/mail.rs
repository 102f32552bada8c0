//! One mail of a conversation.

use super::{LineRef, Reply};
use serde::Serialize;

/// A mail, from MAIL FROM on.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Mail {
    /// The sender of the envelope; empty for the null sender. `None` where the log begins behind MAIL FROM.
    pub sender: Option<String>,
    /// Its recipients, as far as they are kept.
    pub recipients: Vec<Recipient>,
    /// Recipients that the server took.
    pub accepted: u64,
    /// Recipients that it refused.
    pub refused: u64,
    /// Recipients whose reply is not known.
    pub unanswered: u64,
    /// `Subject` of the header, as it is encoded; of its first line only.
    pub subject: Option<String>,
    /// `Message-ID` of the header.
    pub message_id: Option<String>,
    /// What is known of its content.
    pub content: Content,
    /// The reply that decided: to the content, or the one that refused the mail.
    pub reply: Option<Reply>,
    /// What became of it.
    pub delivery: Delivery,
    /// The trouble that decided, or that kept a recipient from it: its place in the conversation's `troubles`.
    pub decisive: Option<usize>,
    /// The first line of it.
    pub first: LineRef,
    /// The last line that is known to belong to it.
    pub last: LineRef,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// The server has it.
    Accepted,
    /// The server does not have it.
    NotAccepted,
    /// All of it was sent, and no answer came: the server may have it.
    Unknown,
    /// The connection was found dead; the client began anew over another one. No failure.
    MovedOn,
    /// The log ends before it is decided.
    Unfinished,
}

/// A recipient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recipient {
    /// The address of the envelope.
    pub address: String,
    /// What the server said of it.
    pub standing: Standing,
    /// Its words, where it refused.
    pub reply: Option<Reply>,
}

/// What the server said of a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It takes mail for it.
    Accepted,
    /// It does not.
    Refused,
    /// Nothing, as far as the log goes.
    Unanswered,
}

/// What is known of a mail's content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// Bytes of the whole message, line ends included: of an extended log counted, of a regular one the sum of its
    /// chunks or the SIZE that was announced.
    pub size: Option<u64>,
    /// Bytes of the body, where the log says it left the body out.
    pub body_omitted: Option<u64>,
    /// Attachments, where the log names them.
    pub attachments: Option<String>,
    /// Lines of content that the log has.
    pub lines: u64,
    /// The first of these.
    pub first: Option<LineRef>,
    /// The last of these; lines of others may stand between.
    pub last: Option<LineRef>,
    /// It was sent in chunks (BDAT), and not by DATA.
    pub chunked: bool,
    /// All of it was sent.
    pub complete: bool,
}

impl Content {
    /// Whether the log has the body too, so that the mail can be taken out of it.
    pub fn is_logged(&self) -> bool {
        self.complete && self.lines > 0 && self.body_omitted.is_none()
    }
}
