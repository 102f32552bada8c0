//! What can go wrong, in one type: where, what, whether the mail was delivered, and whether to try again.

use crate::session::Reply;

/// Where in the conversation something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Phase {
    Resolve,
    Connect,
    Tls,
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    /// NOOP, of a check.
    Noop,
    /// RSET, before a mail.
    Rset,
    MailFrom,
    RcptTo,
    /// DATA, until its 354.
    Data,
    /// The content and the reply to it, by DATA or BDAT.
    Content,
    Quit,
    Policy,
    Input,
}

/// Whether the server has the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It does not.
    NotAccepted,
    /// It does.
    Accepted,
    /// The whole mail left and the answer never came: sending again may deliver it twice.
    Unknown,
}

/// Whether trying again helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same mail may go later.
    Later,
    /// It won't go, however often it is tried.
    Never,
    /// It may go when the settings, the mail or the server were changed.
    AfterChange,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Kind {
    InvalidInput,
    ContradictingSettings,
    Denied,
    NameNotResolved,
    ConnectionRefused,
    Unreachable,
    TimedOut,
    ConnectionLost,
    ProxyFailed,
    TlsFailed,
    CertificateRefused,
    TlsNotOffered,
    PlainTextOnTlsPort,
    TlsOnPlainPort,
    InjectedBytes,
    ReplyNotUnderstood,
    ServiceClosing,
    AuthenticationFailed,
    AuthenticationNotOffered,
    MechanismNotOffered,
    ExtensionNotOffered,
    MessageTooLarge,
    AllRecipientsRefused,
    RecipientRefused,
    SenderRefused,
    MessageRefused,
    Refused,
    ContentFailed,
    LogFailed,
    Internal,
}

/// The server's word on one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipientResult {
    /// The address as it was given.
    pub email: String,
    /// Whether it was accepted.
    pub accepted: bool,
    /// The reply to its RCPT TO.
    pub reply: Reply,
}

/// A failed operation. Holds no secret: every text in it has passed the mask.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// Where.
    pub phase: Phase,
    /// What.
    pub kind: Kind,
    /// What it means and what to do, in one or two sentences.
    pub message: String,
    /// The server's reply, where one is the cause.
    pub reply: Option<Reply>,
    /// Whether the server has the mail.
    pub delivery: Delivery,
    /// Whether trying again helps.
    pub retry: Retry,
    /// What was said of each recipient until then.
    pub recipients: Vec<RecipientResult>,
    /// What else went less than well.
    pub warnings: Vec<String>,
}

impl Error {
    /// An error that stopped the mail before the server had it.
    pub fn new(phase: Phase, kind: Kind, retry: Retry, message: impl Into<String>) -> Error {
        Error {
            phase,
            kind,
            message: message.into(),
            reply: None,
            delivery: Delivery::NotAccepted,
            retry,
            recipients: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Input that breaks its grammar: refused before a byte is sent.
    pub fn input(message: impl Into<String>) -> Error {
        Error::new(Phase::Input, Kind::InvalidInput, Retry::AfterChange, message)
    }

    /// The same with the reply that caused it.
    #[must_use]
    pub fn with_reply(mut self, reply: Reply) -> Error {
        self.reply = Some(reply);
        self
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Error {}
