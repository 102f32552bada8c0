//! Why a call failed.

use std::fmt;
use std::io;

use super::types::{Attempt, CertificateRefusal};

/// What became of a connection below TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketFailure {
    /// Nobody listens there.
    Refused,
    /// No route.
    Unreachable,
    /// The limit that was passed, in milliseconds.
    TimedOut(u32),
    /// The peer reset or aborted the connection.
    Reset,
    /// The operating system's words.
    Other(String),
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SocketError {
    /// The host's policy; the text names what would allow it.
    Denied(String),
    /// The name has no address; the resolver's words.
    NotResolved(String),
    /// None of the addresses could be reached; the attempts say why.
    Unreachable,
    /// The proxy's answer.
    Proxy(String),
    /// A connection that failed later.
    Failed(SocketFailure),
    /// Ended by the other side without a TLS close or in the middle of a write.
    Lost,
    /// The server's certificate did not pass.
    CertificateRefused(Box<CertificateRefusal>),
    /// The first bytes that came (64 at most) are no TLS record.
    NotTls(Vec<u8>),
    /// No common version or cipher.
    NoCommonTls(String),
    /// Any other failure of the handshake.
    Handshake(String),
    /// How many bytes were waiting when TLS was to start.
    InjectedBytes(u32),
    /// The trust settings can't be read: what and why.
    BadTrust(String),
    /// A call that makes no sense in this state.
    Misuse(String),
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectError {
    /// What ended it.
    pub error: SocketError,
    /// The tries, in order. The last one made a TCP connection where it has no failure: then TLS or the proxy failed.
    pub attempts: Vec<Attempt>,
}

impl SocketError {
    /// Nothing came, or nothing could be handed over, within this many milliseconds.
    pub(super) fn timed_out(limit_ms: u32) -> Self {
        Self::Failed(SocketFailure::TimedOut(limit_ms))
    }
}

impl SocketFailure {
    /// `elapsed_ms` is what the operating system's own patience came to.
    pub(super) fn of(error: &io::Error, elapsed_ms: u32) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::ConnectionRefused => Self::Refused,
            Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown | Kind::AddrNotAvailable => {
                Self::Unreachable
            }
            Kind::TimedOut => Self::TimedOut(elapsed_ms),
            Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe => Self::Reset,
            _ => Self::Other(error.to_string()),
        }
    }
}

impl fmt::Display for SocketFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("connection refused"),
            Self::Unreachable => f.write_str("unreachable"),
            Self::TimedOut(ms) => write!(f, "timed out after {ms} ms"),
            Self::Reset => f.write_str("connection reset by the other side"),
            Self::Other(words) => f.write_str(words),
        }
    }
}

impl fmt::Display for SocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(words) | Self::Misuse(words) => f.write_str(words),
            Self::NotResolved(words) => write!(f, "name not resolved: {words}"),
            Self::Unreachable => f.write_str("no address could be reached"),
            Self::Proxy(words) => write!(f, "proxy: {words}"),
            Self::Failed(failure) => failure.fmt(f),
            Self::Lost => f.write_str("the other side ended the connection"),
            Self::CertificateRefused(refusal) => write!(f, "certificate refused: {}", refusal.detail),
            Self::NotTls(first) => write!(f, "the server speaks no TLS but \"{}\"", first.escape_ascii()),
            Self::NoCommonTls(words) => write!(f, "no common TLS version or cipher: {words}"),
            Self::Handshake(words) => write!(f, "TLS: {words}"),
            Self::InjectedBytes(count) => write!(f, "{count} bytes were waiting when TLS was to start"),
            Self::BadTrust(words) => write!(f, "trust settings: {words}"),
        }
    }
}

impl std::error::Error for SocketError {}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)?;
        let failed = self.attempts.iter().filter_map(|attempt| Some((attempt.address, attempt.failure.as_ref()?)));
        for (index, (address, failure)) in failed.enumerate() {
            f.write_str(if index == 0 { ": " } else { ", " })?;
            write!(f, "{address} ({failure})")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConnectError {}
