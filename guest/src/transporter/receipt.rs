//! What an operation came to.

use crate::Error;
use crate::error::RecipientResult;
use crate::log::TlsFacts;
use crate::session::Reply;

/// What was agreed on in TLS, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSummary {
    /// `TLSv1.3`.
    pub version: String,
    /// IANA's name.
    pub cipher: String,
}

impl From<&TlsFacts> for TlsSummary {
    fn from(facts: &TlsFacts) -> TlsSummary {
        TlsSummary { version: facts.version.clone(), cipher: facts.cipher.clone() }
    }
}

/// A mail that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The reply to the content.
    pub reply: Reply,
    /// The mail's Message-ID, where it has one.
    pub message_id: Option<String>,
    /// Bytes of content, before dot-stuffing.
    pub bytes: u64,
    /// In the order given; at least one is accepted.
    pub recipients: Vec<RecipientResult>,
    /// None: the mail went in the clear.
    pub tls: Option<TlsSummary>,
    /// What went less than well.
    pub warnings: Vec<String>,
}

/// An operation that failed, and whether TLS was on by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What happened.
    pub error: Error,
    /// None: the connection was in the clear, or there was none.
    pub tls: Option<TlsSummary>,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed { error, tls: None }
    }
}
