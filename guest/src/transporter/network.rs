//! What the transporter needs of the world: sockets and logs, as traits that a component, a test or a native program
//! answers.

use std::net::IpAddr;

use crate::log::{Failure, TlsFacts, TlsFailure};

/// One try to reach one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The address.
    pub ip: String,
    /// The port.
    pub port: u16,
    /// Why it failed; none for the one that made the connection.
    pub failure: Option<Failure>,
    /// How long it took.
    pub elapsed_ms: u32,
}

/// Time as a socket sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since the connection was begun.
    pub elapsed_ms: u64,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: u64,
    /// Minutes east of UTC.
    pub utc_offset_minutes: i16,
}

impl Moment {
    /// The wall-clock part, for the Date header.
    pub(super) fn wall(self) -> crate::message::Moment {
        let unix_ms = i64::try_from(self.unix_ms).unwrap_or(i64::MAX);
        crate::message::Moment { unix_ms, offset_minutes: self.utc_offset_minutes.into() }
    }
}

/// Why a socket call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketError {
    /// The host's policy; the text names what would allow it.
    Denied(String),
    /// The name has no address.
    NotResolved(String),
    /// None of the addresses could be reached; the attempts say why.
    Unreachable,
    /// The proxy's answer.
    Proxy(String),
    /// The connection failed.
    Failed(Failure),
    /// The other side ended it in the middle.
    Lost,
    /// TLS did not come about.
    Tls(TlsFailure),
    /// A defect of ours or of the host.
    Misuse(String),
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectError {
    /// What ended it.
    pub error: SocketError,
    /// The tries it took.
    pub attempts: Vec<Attempt>,
}

/// Opens connections to the one server of a transporter.
pub trait Network {
    /// An open connection.
    type Socket: Socket;

    /// Connects within `timeout_ms`; with `tls`, TLS starts at once.
    fn connect(&mut self, tls: bool, timeout_ms: u32) -> Result<Self::Socket, ConnectError>;

    /// How errors and the log name the proxy, where there is one: `socks5://HOST:PORT`.
    fn proxy(&self) -> Option<String> {
        None
    }
}

/// One connection. A drop closes it.
pub trait Socket {
    /// The tries it took.
    fn attempts(&self) -> Vec<Attempt>;
    /// Turns the stream into TLS.
    fn start_tls(&mut self, timeout_ms: u32) -> Result<TlsFacts, SocketError>;
    /// The next bytes; empty is the end. With `timeout_ms` 0, what is there.
    fn read(&mut self, max: u32, timeout_ms: u32) -> Result<Vec<u8>, SocketError>;
    /// Hands all bytes over.
    fn write(&mut self, bytes: &[u8], timeout_ms: u32) -> Result<(), SocketError>;
    /// Our side's address.
    fn local_ip(&self) -> IpAddr;
    /// What was agreed on, where TLS is on.
    fn tls_session(&self) -> Option<TlsFacts>;
    /// The time.
    fn now(&self) -> Moment;
}

/// Where statements go. Each call says whether they could be written.
pub trait Logs {
    /// Whether the regular log is on right now.
    fn regular_is_on(&self) -> bool;
    /// Statements for the regular log. It may let them wait a moment; none have it write what waits.
    fn append_regular(&mut self, statements: &[String]) -> bool;
    /// Whether this transporter has an extended log.
    fn extended_is_on(&self) -> bool;
    /// Statements for the extended log.
    fn append_extended(&mut self, statements: &[String]) -> bool;
}
