//! What failed, as the log shows it: the input of a diagnosis.

use super::EnhancedCode;
use serde::{Deserialize, Serialize};

/// A failure in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure<'a> {
    /// What was being done, or waited for.
    pub phase: Phase,
    /// What the log shows.
    pub symptom: Symptom<'a>,
    /// The server's name, where it is known: it tells whose words these are.
    pub server: Option<&'a str>,
    /// What the server said first, without the reply code: it may name the program.
    pub greeting: Option<&'a str>,
}

/// How a failure shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symptom<'a> {
    /// The server's reply.
    Reply {
        /// Three digits: `550`.
        code: u16,
        /// The enhanced code, where the caller has parsed it. `None` looks for it at the beginning of the text.
        enhanced: Option<EnhancedCode>,
        /// What follows the code in each line of the reply, the lines joined by `\n`.
        text: &'a str,
    },
    /// An event without a reply.
    Event {
        /// Which.
        event: Event,
        /// The event's sentence or what is quoted in it: an OAuth error's JSON, the first bytes of a server.
        text: &'a str,
    },
}

impl<'a> Failure<'a> {
    /// The server refused with this reply: the text of all its lines, joined by `\n`, without the reply code.
    pub fn reply(phase: Phase, code: u16, text: &'a str) -> Self {
        Failure { phase, symptom: Symptom::Reply { code, enhanced: None, text }, server: None, greeting: None }
    }

    /// Something happened that is no reply.
    pub fn event(phase: Phase, event: Event) -> Self {
        Failure { phase, symptom: Symptom::Event { event, text: "" }, server: None, greeting: None }
    }

    /// The same, with the server's name.
    pub fn from_server(self, name: &'a str) -> Self {
        Failure { server: Some(name), ..self }
    }
}

/// The steps of a conversation, named as in the results of `host send --json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Phase {
    Resolve,
    Connect,
    Tls,
    Greeting,
    Ehlo,
    Starttls,
    Auth,
    MailFrom,
    RcptTo,
    Data,
    Content,
    Quit,
    Policy,
    Input,
}

/// Failures that are no reply, one for each such event of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// The server's name has no address.
    NameNotResolved,
    /// Nobody listens on that port.
    ConnectionRefused,
    /// No route leads there.
    Unreachable,
    /// No answer to the attempt to connect.
    ConnectTimedOut,
    /// None of the addresses could be reached, for more than one reason or one that is not told.
    NotConnected,
    /// The proxy made no connection.
    ProxyFailed,
    /// The policy of the host that runs the transporter refused.
    PolicyDenied,
    /// Nothing came in time, once connected.
    TimedOut,
    /// The connection ended, once connected.
    ConnectionLost,
    /// The server's words are no SMTP reply.
    ReplyNotUnderstood,
    /// A reply longer than any reply is.
    ReplyTooLong,
    /// 421: the server ends the service.
    ServiceClosing,
    /// The certificate's issuer is not trusted.
    CertificateUnknownIssuer,
    /// The certificate was issued by itself.
    CertificateSelfSigned,
    /// The certificate's time is over.
    CertificateExpired,
    /// The certificate's time has not begun.
    CertificateNotYetValid,
    /// The certificate is made for other names.
    CertificateWrongName,
    /// The issuer took the certificate back.
    CertificateRevoked,
    /// The certificate is not the pinned one.
    CertificatePin,
    /// Any other check of the certificate failed: signature, purpose, form.
    CertificateInvalid,
    /// The server speaks plain text where TLS was expected.
    TlsNotSpoken,
    /// The server speaks TLS where plain text was expected.
    TlsOnPlainPort,
    /// No TLS version or cipher in common.
    TlsNothingInCommon,
    /// The trust settings can't be read.
    TrustSettings,
    /// Connection lost during the handshake.
    TlsLost,
    /// Any other failure of TLS.
    TlsFailed,
    /// Bytes came with the reply to STARTTLS.
    InjectedBytes,
    /// STARTTLS is required and not offered.
    StarttlsNotOffered,
    /// STARTTLS is required and was refused.
    StarttlsRefused,
    /// The server offers no authentication.
    AuthNotOffered,
    /// Nothing that the server offers for authentication can be used.
    AuthNotPossible,
    /// The exchange was broken off: the server could not prove itself, or its challenge can't be read.
    AuthBroken,
    /// The server's OAuth error, decoded.
    OauthError,
    /// The mail needs an extension that the server does not have.
    ExtensionNotOffered,
    /// The mail is larger than the limit that the server tells.
    MailTooLarge,
    /// The content could not be read to its end.
    ContentFailed,
    /// All was sent, and no answer came.
    OutcomeUnknown,
}
