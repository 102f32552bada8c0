//! The envelope of a mail, and what its content is like. RFC 5321 section 2.3.1.

use super::address::{Address, ReversePath};
use super::input::quote;
use crate::error::Error;
use crate::log::Omitted;

/// Who sends, who receives, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// MAIL FROM.
    pub from: ReversePath,
    /// RCPT TO, in this order.
    pub recipients: Vec<Recipient>,
    /// The extensions that are asked for.
    pub options: Options,
}

/// One RCPT TO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// To whom.
    pub address: Address,
    /// DSN NOTIFY; without it that of the [`Options`] counts.
    pub notify: Option<Notify>,
    /// DSN ORCPT: the address that the mail was first meant for.
    pub original: Option<Original>,
}

impl From<Address> for Recipient {
    fn from(address: Address) -> Recipient {
        Recipient { address, notify: None, original: None }
    }
}

/// Extensions of one mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// One refused recipient stops the mail.
    pub require_all: bool,
    /// DSN RET, RFC 3461 section 4.3.
    pub return_content: Option<ReturnContent>,
    /// DSN ENVID, RFC 3461 section 4.4.
    pub envelope_id: Option<EnvelopeId>,
    /// NOTIFY for every recipient that has none of its own.
    pub notify: Option<Notify>,
    /// REQUIRETLS, RFC 8689.
    pub require_tls: bool,
    /// MT-PRIORITY, RFC 6710.
    pub priority: Option<Priority>,
    /// DELIVERBY, RFC 2852.
    pub deliver_by: Option<DeliverBy>,
    /// FUTURERELEASE, RFC 4865: seconds.
    pub hold_for: Option<u32>,
}

/// What a report of failure shall bring back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ReturnContent {
    Full,
    Headers,
}

/// When a report shall be sent. RFC 3461 section 4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Notify {
    Never,
    On { success: bool, failure: bool, delay: bool },
}

/// RFC 3461 section 4.4: up to 100 printable ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopeId(String);

impl EnvelopeId {
    /// # Errors
    /// Where it is empty, too long or has a character that is not printable ASCII.
    pub fn parse(text: &str) -> Result<EnvelopeId, Error> {
        let fits = (1..=100).contains(&text.len()) && text.bytes().all(|b| (b' '..=b'~').contains(&b));
        if !fits {
            return Err(Error::input(format!(
                "{}: an envelope ID is 1 to 100 printable ASCII characters",
                quote(text)
            )));
        }
        Ok(EnvelopeId(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// RFC 3461 section 4.2: the original recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original(String);

impl Original {
    /// # Errors
    /// Where it is empty, over 200 characters, or has a control character.
    pub fn parse(text: &str) -> Result<Original, Error> {
        if text.is_empty() || text.chars().count() > 200 || text.chars().any(char::is_control) {
            return Err(Error::input(format!(
                "{}: an original recipient is 1 to 200 characters without control characters",
                quote(text)
            )));
        }
        Ok(Original(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// RFC 6710 section 4: -9 to 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priority(i8);

impl Priority {
    /// # Errors
    /// Where it is not from -9 to 9.
    pub fn new(value: i8) -> Result<Priority, Error> {
        if !(-9..=9).contains(&value) {
            return Err(Error::input(format!("{value} is no priority: it is -9 to 9")));
        }
        Ok(Priority(value))
    }

    pub(super) fn value(self) -> i8 {
        self.0
    }
}

/// RFC 2852 section 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliverBy {
    pub(super) seconds: i32,
    pub(super) notify: bool,
    pub(super) trace: bool,
}

impl DeliverBy {
    /// Within `seconds`; after that the mail is returned, or with `notify` a note is sent and delivery goes on.
    ///
    /// # Errors
    /// Where it is over nine digits, or not above zero and not with `notify`.
    pub fn new(seconds: i32, notify: bool, trace: bool) -> Result<DeliverBy, Error> {
        if seconds.unsigned_abs() > 999_999_999 {
            return Err(Error::input(format!("deliver by {seconds} s: nine digits are the most")));
        }
        if seconds <= 0 && !notify {
            return Err(Error::input(format!("deliver by {seconds} s: zero and less is for `notify` only")));
        }
        Ok(DeliverBy { seconds, notify, trace })
    }
}

/// In which form the content goes. RFC 6152, RFC 3030.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Body {
    #[default]
    SevenBit,
    EightBit,
    Binary,
}

/// What a mail's content is like, once it has chosen its encodings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// What its bytes need of the server.
    pub body: Body,
    /// Whether its header has UTF-8 in it and so needs SMTPUTF8.
    pub utf8: bool,
    /// Bytes, where known beforehand.
    pub size: Option<u64>,
    /// For the regular log, which leaves them out.
    pub attachments: Vec<Omitted>,
    /// Its Message-ID.
    pub message_id: Option<String>,
}

/// REQUIRETLS and the null path aside, an envelope without recipients is the one thing that types can't rule out.
impl Envelope {
    /// # Errors
    /// Where there is no recipient.
    pub fn new(from: ReversePath, recipients: Vec<Recipient>, options: Options) -> Result<Envelope, Error> {
        if recipients.is_empty() {
            return Err(Error::input("the mail has no recipient"));
        }
        Ok(Envelope { from, recipients, options })
    }
}
