//! The events of a session that are no SMTP line: the `###` statements, as data.

use crate::error::{Delivery, Phase};

/// Why one address, or a connection, failed below SMTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody listens there.
    Refused,
    /// No route.
    Unreachable,
    /// Nothing came within this many milliseconds.
    TimedOut(u32),
    /// The peer reset the connection.
    Reset,
    /// The operating system's words.
    Other(String),
}

/// Which check a certificate did not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Check {
    UnknownIssuer,
    Expired,
    NotYetValid,
    WrongName,
    Revoked,
    PinMismatch,
    BadSignature,
    NotForServers,
    Malformed,
    Other,
}

/// What is known of the server's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// RFC 4514 text.
    pub subject: String,
    /// RFC 4514 text.
    pub issuer: String,
    /// DNS names and IP addresses.
    pub names: Vec<String>,
    /// RFC 3339, UTC.
    pub not_before: String,
    /// RFC 3339, UTC.
    pub not_after: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// What was agreed on in a TLS handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsFacts {
    /// `TLSv1.3`.
    pub version: String,
    /// IANA's name of the cipher suite.
    pub cipher: String,
    /// The name that was asked for.
    pub server_name: String,
    /// The server's certificate.
    pub certificate: Certificate,
    /// RFC 9266, for SCRAM-…-PLUS.
    pub exporter: Option<Vec<u8>>,
    /// RFC 5929, for SCRAM-…-PLUS.
    pub end_point: Option<Vec<u8>>,
}

/// Why TLS did not come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFailure {
    /// The certificate did not pass.
    Certificate {
        /// Which check.
        check: Check,
        /// The check's words.
        detail: String,
        /// The certificate, as far as it could be read.
        certificate: Option<Certificate>,
    },
    /// The server speaks plain text: the first bytes it sent.
    NotTls(Vec<u8>),
    /// No common version or cipher: the alert's words.
    NothingInCommon(String),
    /// Bytes were waiting when TLS was to start: how many.
    InjectedBytes(u32),
    /// The trust settings can't be read.
    BadTrust(String),
    /// Cut off, timed out or reset.
    Connection(Failure),
    /// Ended without a word.
    Lost,
    /// Anything else.
    Other(String),
}

/// One attachment that the regular log leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Omitted {
    /// The file's name, where it has one.
    pub name: Option<String>,
    /// `image/png`.
    pub media_type: String,
    /// Bytes of content before encoding, where known.
    pub size: Option<u64>,
}

/// One `###` statement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Note {
    /// The name has no address.
    NotResolved { host: String, reason: String },
    /// One address was tried in vain.
    AttemptFailed { ip: String, port: u16, failure: Failure, elapsed_ms: u32 },
    /// No address could be reached, or with `reached` the connection came to nothing for the reason told before.
    NotConnected { host: String, port: u16, reached: bool },
    /// The proxy would not.
    ProxyFailed { proxy: String, reason: String },
    /// The host's policy refused; the text names the grant.
    Denied { reason: String },
    /// TCP is up; with `secured`, TLS is too.
    Connected { host: String, port: u16, secured: bool },
    /// TLS began after STARTTLS.
    TlsStarted(TlsFacts),
    /// TLS did not come about.
    TlsFailed(TlsFailure),
    /// The server offers no STARTTLS though it is required.
    StartTlsNotOffered,
    /// The server refused STARTTLS, which it offers, though it is required.
    StartTlsRefused { status: u16 },
    /// The server offers no STARTTLS (or refused it) and the caller accepted that: on in the clear.
    ContinuingInTheClear,
    /// The server offers no authentication, or only mechanisms that can't be used; what it offers.
    AuthNotPossible { offered: Vec<String> },
    /// What the server said is no SMTP reply.
    NotUnderstood { awaiting: Phase, bytes: Vec<u8> },
    /// A reply went over the cap.
    ReplyTooLong { awaiting: Phase, limit: u64 },
    /// The server speaks TLS on a port that was taken for plain.
    TlsOnPlainPort,
    /// Bytes came with the reply to STARTTLS: somebody else's.
    InjectedBytes { count: u32 },
    /// Nothing came (or nothing could be written) in time.
    TimedOut { awaiting: Phase, limit_ms: u32 },
    /// The connection ended.
    Lost { awaiting: Phase, failure: Option<Failure> },
    /// 421.
    ServiceClosing { during: Phase },
    /// The JSON of an OAuth error challenge, decoded.
    OAuthError { json: String },
    /// A SCRAM server that could not prove itself, or a challenge that can't be read.
    AuthBroken { reason: String },
    /// A kept connection was found dead; another one is opened.
    Reconnecting,
    /// One recipient was refused.
    RecipientRefused { email: String, status: u16 },
    /// The mail needs what the server does not offer.
    NotOffered { extension: &'static str, reason: String },
    /// The mail is larger than the server takes.
    TooLarge { size: u64, limit: u64 },
    /// A stream of content failed; the mail is ended without being completed.
    ContentFailed { reason: String },
    /// What the regular log leaves out of a mail.
    ContentOmitted { bytes: u64, attachments: Vec<Omitted> },
    /// What became of the mail.
    Outcome { delivery: Delivery, status: u16, accepted: usize, refused: usize },
    /// The connection is gone.
    Closed,
}
