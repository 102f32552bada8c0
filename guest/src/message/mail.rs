//! A mail in its parts, as a person thinks of it.

use crate::error::Error;

/// A mail in its parts. Text is in any language; nothing in it is encoded or quoted.
#[derive(Debug, Default)]
pub struct Mail {
    /// At least one of `from` and `sender` is needed.
    pub from: Vec<Mailbox>,
    /// Written into the header where it differs from the only author, or where there are several.
    pub sender: Option<Mailbox>,
    /// Where answers should go.
    pub reply_to: Vec<Mailbox>,
    /// Recipients.
    pub to: Vec<Mailbox>,
    /// Recipients of a copy.
    pub cc: Vec<Mailbox>,
    /// Recipients that stand nowhere in the content.
    pub bcc: Vec<Mailbox>,
    /// None writes no Subject at all.
    pub subject: Option<String>,
    /// Line ends of any kind; they leave as CRLF, but for a lone CR, which is content.
    pub text_body: Option<String>,
    /// As `text_body`.
    pub html_body: Option<String>,
    /// In this order.
    pub attachments: Vec<Attachment>,
    /// Further fields, name and value, in this order. A field that is also a property is an error.
    pub headers: Vec<(String, String)>,
    /// Message-IDs, with or without brackets.
    pub in_reply_to: Vec<String>,
    /// Message-IDs, with or without brackets.
    pub references: Vec<String>,
    /// With or without brackets. Default: made from random bits and the sender's domain.
    pub message_id: Option<String>,
    /// RFC 3339, the Date field. Default: the moment that the composer is given.
    pub send_at: Option<String>,
    /// One phrase each.
    pub keywords: Vec<String>,
    /// The Comments field.
    pub comments: Option<String>,
}

/// A mail in which nothing breaks the grammar of what it becomes.
#[derive(Debug)]
pub struct Checked(pub(super) Mail);

impl Mail {
    /// Checks all that can be checked before the server is known. The error names the property and marks the place.
    pub fn checked(self) -> Result<Checked, Error> {
        super::check::mail(&self)?;
        Ok(Checked(self))
    }

    /// Who is answerable for the mail: the default of MAIL FROM.
    pub fn sender(&self) -> Option<&Mailbox> {
        self.sender.as_ref().or(self.from.first())
    }

    /// The default of RCPT TO: `to`, `cc` and `bcc` in this order, each address once.
    pub fn recipients(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        let mut known = std::collections::BTreeSet::new();
        for mailbox in self.to.iter().chain(&self.cc).chain(&self.bcc) {
            if known.insert(mailbox.email.as_str()) {
                all.push(&mailbox.email);
            }
        }
        all
    }
}

/// A person or role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The display name as people write it.
    pub name: Option<String>,
    /// `local@domain`, RFC 5321, international by RFC 6531.
    pub email: String,
}

impl Mailbox {
    /// An address without a name.
    pub fn new(email: impl Into<String>) -> Mailbox {
        Mailbox { name: None, email: email.into() }
    }

    /// An address with a name.
    pub fn named(name: impl Into<String>, email: impl Into<String>) -> Mailbox {
        Mailbox { name: Some(name.into()), email: email.into() }
    }
}

/// A file that goes with the mail.
#[derive(Debug)]
pub struct Attachment {
    /// What is in it.
    pub content: Content,
    /// Bytes of a stream, where known. A stream of another length ends the mail uncompleted.
    pub size: Option<u64>,
    /// The file's name; folders before it are taken off.
    pub name: Option<String>,
    /// Default: by the name's extension.
    pub media_type: Option<String>,
    /// Content-ID, with or without brackets.
    pub cid: Option<String>,
    /// Default: inline where there is a `cid`.
    pub disposition: Option<Disposition>,
}

impl Attachment {
    /// A file of this name.
    pub fn new(name: impl Into<String>, content: Content) -> Attachment {
        Attachment { content, size: None, name: Some(name.into()), media_type: None, cid: None, disposition: None }
    }

    /// Whether the reader should show it in the text.
    pub(super) fn is_inline(&self) -> bool {
        match self.disposition {
            Some(disposition) => disposition == Disposition::Inline,
            None => self.cid.is_some(),
        }
    }

    /// Bytes before encoding, where known.
    pub(super) fn len(&self) -> Option<u64> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            Content::Text(text) => Some(text.len() as u64),
            Content::Stream(_) | Content::Twice(_) => self.size,
        }
    }
}

/// RFC 2183.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Disposition {
    Attachment,
    Inline,
}

/// What an attachment is made of. Its bytes arrive as they are: line ends in it are content.
pub enum Content {
    /// Held by the caller already.
    Bytes(Vec<u8>),
    /// UTF-8.
    Text(String),
    /// Read once, in pieces.
    Stream(Box<dyn Source>),
    /// The same bytes twice: read once to be signed, where the mail is signed, and once to be sent.
    Twice([Box<dyn Source>; 2]),
}

impl core::fmt::Debug for Content {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Content::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Content::Text(text) => write!(f, "Text({})", text.len()),
            Content::Stream(_) => f.write_str("Stream"),
            Content::Twice(_) => f.write_str("Twice"),
        }
    }
}

/// Where a stream of bytes comes from.
pub trait Source {
    /// Appends at most `at_most` bytes (at least one, unless it is over) and says how many; 0 is the end.
    ///
    /// The error is a text for people; it ends the mail uncompleted.
    fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<usize, String>;
}
