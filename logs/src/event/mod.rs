//! The `### …` statements, recognised in every language that they are written in.

mod rows;
mod template;
mod values;

pub(crate) use values::kept;

use crate::causes;
use crate::conversation::{Delivery, Phase};
use serde::Serialize;

/// What an event says. Texts are as the log has them, with control characters as `\xNN`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Event {
    /// The connection is there; with `secured`, TLS is on from its first byte.
    Connected { host: String, port: u16, secured: bool },
    /// The connection is gone: the last line of a conversation.
    Closed,
    /// The name has no address.
    NotResolved { host: String, reason: String },
    /// One address was tried in vain.
    AttemptFailed { ip: String, port: u16, elapsed_ms: u64, failure: Broken },
    /// No connection came about: the last line of an attempt. `everywhere`: no address could be reached.
    NotConnected { host: String, port: u16, everywhere: bool },
    /// The proxy made no connection.
    ProxyFailed { proxy: String, reason: String },
    /// The policy of the host that runs the client refused.
    Denied { reason: String },
    /// A kept connection was found dead.
    Reconnecting,
    /// Nothing came in time.
    TimedOut { awaiting: Phase, limit_ms: u64 },
    /// The connection ended.
    Lost { awaiting: Phase, failure: Broken },
    /// 421.
    ServiceClosing { awaiting: Phase },
    /// What came is no reply.
    NotUnderstood { awaiting: Phase, bytes: String },
    /// A reply without end.
    ReplyTooLong { awaiting: Phase, limit: u64 },

    /// TLS is on, after STARTTLS.
    TlsStarted { version: String, cipher: String, host: String, subject: String, issuer: String, date: String },
    /// The certificate did not pass. `detail` is what the check names: an issuer, a date, the names, a fingerprint.
    CertificateRefused { fault: Fault, subject: String, detail: String },
    /// Plain text where TLS was expected.
    NotTls { line: String },
    /// No version or cipher in common.
    NothingInCommon { detail: String },
    /// The trust settings can't be read.
    BadTrust { detail: String },
    /// The connection broke during the handshake.
    TlsBroken { failure: Broken },
    /// Anything else that TLS failed of.
    TlsFailed { detail: String },
    /// STARTTLS is required and not offered.
    StarttlsNotOffered,
    /// STARTTLS is required and was refused.
    StarttlsRefused { status: u16 },
    /// No TLS to be had; the settings accept that.
    InTheClear,
    /// TLS where plain text was expected.
    TlsOnPlainPort,
    /// Bytes came in the clear behind the reply to STARTTLS.
    InjectedBytes { count: u64 },

    /// The server offers no authentication.
    AuthNotOffered,
    /// Nothing that it offers can be used.
    AuthNotPossible { offered: String },
    /// The exchange was broken off.
    AuthBroken { reason: String },
    /// The server's OAuth error, decoded.
    OauthError { json: String },

    /// A recipient was refused; the reply stands in the line before.
    RecipientRefused { email: String, status: u16 },
    /// The mail needs an extension that the server does not have.
    NotOffered { extension: String, reason: String },
    /// The mail is larger than the server's limit.
    TooLarge { size: u64, limit: u64 },
    /// The content could not be read to its end.
    ContentFailed { reason: String },
    /// The regular log left out the body; it was sent.
    BodyOmitted { bytes: u64, attachments: Option<String> },
    /// The regular log left out the body, which broke off.
    BodyAbandoned { bytes: u64 },
    /// What became of the mail. `status` 0: no reply decided.
    Outcome { delivery: Delivery, status: u16, accepted: u64, refused: u64 },

    /// Lines are missing here: the file could not be written.
    LinesLost { lines: u64, reason: String },
    /// An event that is not known here.
    Other { text: String },
}

/// How a connection broke, or did not come about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Broken {
    /// Nobody listens there.
    Refused,
    /// No route leads there.
    Unreachable,
    /// No answer in time.
    TimedOut {
        /// The limit.
        limit_ms: u64,
    },
    /// Reset by the other side.
    Reset,
    /// Ended by the other side.
    Ended,
    /// Another reason, in the operating system's words.
    Other {
        /// The words.
        reason: String,
    },
}

/// Which check a certificate did not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Fault {
    UnknownIssuer,
    SelfSigned,
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

impl Event {
    /// Reads the sentence behind `### `. What is not known becomes [`Event::Other`].
    pub fn recognise(sentence: &str) -> Event {
        rows::recognise(sentence).unwrap_or_else(|| Event::Other { text: values::kept(sentence) })
    }

    /// Whether this is the last line of a connection, or of the attempt to get one.
    pub fn is_end(&self) -> bool {
        matches!(self, Event::Closed | Event::NotConnected { .. } | Event::Denied { .. } | Event::NotResolved { .. })
    }

    /// Somebody else's words in it.
    pub fn words(&self) -> &str {
        match self {
            Event::OauthError { json: words }
            | Event::NotTls { line: words }
            | Event::NotUnderstood { bytes: words, .. }
            | Event::NotResolved { reason: words, .. }
            | Event::ProxyFailed { reason: words, .. }
            | Event::Denied { reason: words }
            | Event::NothingInCommon { detail: words }
            | Event::BadTrust { detail: words }
            | Event::TlsFailed { detail: words }
            | Event::AuthNotPossible { offered: words }
            | Event::AuthBroken { reason: words }
            | Event::NotOffered { reason: words, .. }
            | Event::ContentFailed { reason: words }
            | Event::Other { text: words } => words,
            _ => "",
        }
    }

    /// The same for a diagnosis. Events that are no failure have the nearest that is one.
    pub fn symptom(&self) -> causes::Event {
        use causes::Event as Symptom;
        match self {
            Event::NotResolved { .. } => Symptom::NameNotResolved,
            Event::AttemptFailed { failure, .. } => match failure {
                Broken::Refused => Symptom::ConnectionRefused,
                Broken::Unreachable => Symptom::Unreachable,
                Broken::TimedOut { .. } => Symptom::ConnectTimedOut,
                _ => Symptom::NotConnected,
            },
            Event::NotConnected { .. } => Symptom::NotConnected,
            Event::ProxyFailed { .. } => Symptom::ProxyFailed,
            Event::Denied { .. } => Symptom::PolicyDenied,
            Event::TimedOut { awaiting: Phase::Connect, .. } => Symptom::ConnectTimedOut,
            Event::TimedOut { .. } => Symptom::TimedOut,
            Event::ServiceClosing { .. } => Symptom::ServiceClosing,
            Event::NotUnderstood { .. } => Symptom::ReplyNotUnderstood,
            Event::ReplyTooLong { .. } => Symptom::ReplyTooLong,
            Event::CertificateRefused { fault, .. } => match fault {
                Fault::UnknownIssuer => Symptom::CertificateUnknownIssuer,
                Fault::SelfSigned => Symptom::CertificateSelfSigned,
                Fault::Expired => Symptom::CertificateExpired,
                Fault::NotYetValid => Symptom::CertificateNotYetValid,
                Fault::WrongName => Symptom::CertificateWrongName,
                Fault::Revoked => Symptom::CertificateRevoked,
                Fault::PinMismatch => Symptom::CertificatePin,
                _ => Symptom::CertificateInvalid,
            },
            Event::NotTls { .. } => Symptom::TlsNotSpoken,
            Event::NothingInCommon { .. } => Symptom::TlsNothingInCommon,
            Event::BadTrust { .. } => Symptom::TrustSettings,
            Event::TlsBroken { .. } => Symptom::TlsLost,
            Event::TlsFailed { .. } => Symptom::TlsFailed,
            Event::StarttlsNotOffered | Event::InTheClear => Symptom::StarttlsNotOffered,
            Event::StarttlsRefused { .. } => Symptom::StarttlsRefused,
            Event::TlsOnPlainPort => Symptom::TlsOnPlainPort,
            Event::InjectedBytes { .. } => Symptom::InjectedBytes,
            Event::AuthNotOffered => Symptom::AuthNotOffered,
            Event::AuthNotPossible { .. } => Symptom::AuthNotPossible,
            Event::AuthBroken { .. } => Symptom::AuthBroken,
            Event::OauthError { .. } => Symptom::OauthError,
            Event::NotOffered { .. } => Symptom::ExtensionNotOffered,
            Event::TooLarge { .. } => Symptom::MailTooLarge,
            Event::ContentFailed { .. } | Event::BodyAbandoned { .. } => Symptom::ContentFailed,
            Event::Outcome { .. } => Symptom::OutcomeUnknown,
            _ => Symptom::ConnectionLost,
        }
    }
}

#[cfg(test)]
mod tests;
