//! A mail in its parts, before its files are opened and before a transporter is at hand.

use smtp_host::types::{DeliveryOptions, Disposition, Header, Mailbox, Recipient};
use std::path::PathBuf;

/// A mail in its parts. What is empty was not given.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// Who writes.
    pub from: Vec<Mailbox>,
    /// Who sends, where that is somebody else.
    pub sender: Option<Mailbox>,
    /// Where answers go.
    pub reply_to: Vec<Mailbox>,
    /// Who gets it.
    pub to: Vec<Mailbox>,
    /// Who gets a copy.
    pub cc: Vec<Mailbox>,
    /// Who gets it unseen.
    pub bcc: Vec<Mailbox>,
    /// What it is about.
    pub subject: Option<String>,
    /// The text.
    pub text_body: Option<String>,
    /// The text as HTML.
    pub html_body: Option<String>,
    /// What is sent along.
    pub attachments: Vec<Attachment>,
    /// Further header fields.
    pub headers: Vec<Header>,
    /// Message-IDs.
    pub in_reply_to: Vec<String>,
    /// Message-IDs.
    pub references: Vec<String>,
    /// Its own Message-ID.
    pub message_id: Option<String>,
    /// RFC 3339.
    pub send_at: Option<String>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// A remark.
    pub comments: Option<String>,
    /// Where the envelope differs from the header.
    pub envelope: Option<LetterEnvelope>,
    /// Extensions asked for.
    pub options: Option<DeliveryOptions>,
}

/// The parts of the envelope that differ from the header.
#[derive(Clone, Debug, Default)]
pub struct LetterEnvelope {
    /// The address in MAIL FROM; the empty text is a sender that nothing answers.
    pub from: Option<String>,
    /// RCPT TO; none: everybody in `to`, `cc` and `bcc`.
    pub recipients: Option<Vec<Recipient>>,
}

/// Something that is sent along.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// What it holds.
    pub content: Content,
    /// Its name as the recipient sees it; of a path its last part, where none is given.
    pub name: Option<String>,
    /// Default: by the name's extension.
    pub media_type: Option<String>,
    /// Content-ID.
    pub cid: Option<String>,
    /// Default: inline where there is a `cid`.
    pub disposition: Option<Disposition>,
}

/// What an attachment holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// A file, read while it is sent.
    Path(PathBuf),
    /// These bytes.
    Bytes(Vec<u8>),
    /// This text.
    Text(String),
}

impl Letter {
    /// The letter with what it lacks taken from `defaults`, property by property.
    #[must_use]
    pub fn or(mut self, defaults: &Letter) -> Letter {
        let default = defaults.clone();
        for (list, default) in [
            (&mut self.from, default.from),
            (&mut self.reply_to, default.reply_to),
            (&mut self.to, default.to),
            (&mut self.cc, default.cc),
            (&mut self.bcc, default.bcc),
        ] {
            or_list(list, default);
        }
        or_list(&mut self.attachments, default.attachments);
        or_list(&mut self.headers, default.headers);
        or_list(&mut self.in_reply_to, default.in_reply_to);
        or_list(&mut self.references, default.references);
        or_list(&mut self.keywords, default.keywords);
        self.sender = self.sender.or(default.sender);
        // A text without HTML is not to get the default's HTML beside it, and the other way round.
        if self.text_body.is_none() && self.html_body.is_none() {
            (self.text_body, self.html_body) = (default.text_body, default.html_body);
        }
        self.subject = self.subject.or(default.subject);
        self.message_id = self.message_id.or(default.message_id);
        self.send_at = self.send_at.or(default.send_at);
        self.comments = self.comments.or(default.comments);
        self.envelope = self.envelope.or(default.envelope);
        self.options = self.options.or(default.options);
        self
    }

    /// Whether somebody sends it and somebody gets it.
    ///
    /// # Errors
    /// What is missing, and which property gives it.
    pub fn check(&self) -> Result<(), String> {
        let envelope = self.envelope.as_ref();
        if self.from.is_empty() && self.sender.is_none() {
            return Err("the mail has no sender: give `from`".to_owned());
        }
        let named = envelope.and_then(|envelope| envelope.recipients.as_ref()).is_some_and(|list| !list.is_empty());
        if !named && self.to.is_empty() && self.cc.is_empty() && self.bcc.is_empty() {
            return Err("nobody gets the mail: give `to`, `cc` or `bcc`".to_owned());
        }
        Ok(())
    }
}

fn or_list<T>(list: &mut Vec<T>, default: Vec<T>) {
    if list.is_empty() {
        *list = default;
    }
}
