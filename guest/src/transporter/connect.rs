//! Opening the connection, and what its failures mean.

use super::{Attempt, ConnectError, Live, Logs, Network, Socket, SocketError, TlsSummary, Transporter};
use crate::Error;
use crate::error::{Kind, Phase, Retry};
use crate::log::{Failure, Note, TlsFailure, Transcript};
use crate::session::{self, Session};

impl<N: Network, L: Logs> Transporter<N, L> {
    /// Connects; every failed try and the result are in the log. `spent_ms`: what the task took before.
    pub(super) fn connect(&mut self, spent_ms: u64) -> Result<(), Error> {
        self.tls = None;
        let left = u64::from(self.settings.send_limit_ms).saturating_sub(spent_ms);
        let limit = u32::try_from(left).unwrap_or(u32::MAX).min(self.settings.connect_limit_ms).max(1);
        let host = self.settings.host.to_string();
        let port = self.settings.port;
        match self.network.connect(self.settings.tls_at_once(), limit) {
            Ok(socket) => {
                tried(&socket.attempts(), &mut self.transcript);
                let tls = socket.tls_session();
                self.transcript.note(Note::Connected { host, port, secured: tls.is_some() });
                self.tls = tls.as_ref().map(TlsSummary::from);
                let nonce = nonce(&(self.entropy)());
                let session = Session::new(self.settings.clone(), socket.local_ip(), nonce, tls);
                self.live = Some(Live { socket, session, used: false });
                Ok(())
            }
            Err(ConnectError { mut error, mut attempts }) => {
                // What can be reset had come about: a closed port refuses. The server ended it before anybody looked.
                let is_reset = attempts.last().is_some_and(|last| last.failure == Some(Failure::Reset));
                if error == SocketError::Unreachable && is_reset && self.network.proxy().is_none() {
                    error = SocketError::Failed(Failure::Reset);
                    attempts.pop();
                }
                tried(&attempts, &mut self.transcript);
                // TCP that can't be had says so by its attempts: what fails otherwise, fails in the handshake.
                let error = match error {
                    SocketError::Failed(_) | SocketError::Lost if self.settings.tls_at_once() => {
                        SocketError::Tls(tls_failure(error))
                    }
                    error => error,
                };
                let error = self.refused(error, &attempts, host, port);
                self.commit();
                Err(error)
            }
        }
    }

    /// Says in the log why there is no connection, and makes the error of it.
    fn refused(&mut self, error: SocketError, attempts: &[Attempt], host: String, port: u16) -> Error {
        let log = &mut self.transcript;
        let (note, error) = match error {
            SocketError::Denied(reason) => {
                let error = Error::new(Phase::Policy, Kind::Denied, Retry::AfterChange, reason.clone());
                (Note::Denied { reason }, error)
            }
            SocketError::NotResolved(reason) => {
                let text =
                    format!("The name '{host}' has no address ({reason}): check the spelling and the name server.");
                let error = Error::new(Phase::Resolve, Kind::NameNotResolved, Retry::AfterChange, text);
                (Note::NotResolved { host: host.clone(), reason }, error)
            }
            SocketError::Unreachable => {
                let error = unreachable(&host, port, attempts.iter().filter_map(|attempt| attempt.failure.as_ref()));
                (Note::NotConnected { host: host.clone(), port, reached: false }, error)
            }
            SocketError::Failed(Failure::TimedOut(limit_ms)) => {
                let failure = Failure::TimedOut(limit_ms);
                (
                    Note::TimedOut { awaiting: Phase::Connect, limit_ms },
                    unreachable(&host, port, [&failure].into_iter()),
                )
            }
            SocketError::Failed(failure @ Failure::Reset) => {
                let error = session::lost(&self.settings, Phase::Greeting, Some(&failure));
                log.note(Note::Connected { host, port, secured: false });
                log.note(Note::Lost { awaiting: Phase::Greeting, failure: Some(failure) });
                log.note(Note::Closed);
                return error;
            }
            SocketError::Failed(failure) => {
                let error = unreachable(&host, port, [&failure].into_iter());
                (Note::Lost { awaiting: Phase::Connect, failure: Some(failure) }, error)
            }
            SocketError::Lost => {
                let text = format!("{host}:{port} ended the connection before it was ready: check the port.");
                let error = Error::new(Phase::Connect, Kind::ConnectionLost, Retry::Later, text);
                (Note::Lost { awaiting: Phase::Connect, failure: None }, error)
            }
            SocketError::Proxy(reason) => {
                let proxy = self.network.proxy().unwrap_or_default();
                let text = format!("The proxy {proxy} did not connect to {host}:{port}: {reason}.");
                let error = Error::new(Phase::Connect, Kind::ProxyFailed, Retry::AfterChange, text);
                (Note::ProxyFailed { proxy, reason }, error)
            }
            SocketError::Tls(failure) => {
                let error = session::tls_failed(&self.settings, &failure);
                (Note::TlsFailed(failure), error)
            }
            SocketError::Misuse(reason) => {
                let text = format!("a defect of the host: {reason}");
                let error = Error::new(Phase::Connect, Kind::Internal, Retry::Never, text);
                (Note::Lost { awaiting: Phase::Connect, failure: Some(Failure::Other(reason)) }, error)
            }
        };
        // These say why and not where.
        let says_where =
            !matches!(note, Note::TlsFailed(_) | Note::TimedOut { .. } | Note::Lost { .. } | Note::ProxyFailed { .. });
        log.note(note);
        if !says_where {
            log.note(Note::NotConnected { host, port, reached: true });
        }
        error
    }
}

/// The failed tries, each an event.
fn tried(attempts: &[Attempt], log: &mut Transcript) {
    for attempt in attempts {
        if let Some(failure) = attempt.failure.clone() {
            let (ip, port, elapsed_ms) = (attempt.ip.clone(), attempt.port, attempt.elapsed_ms);
            log.note(Note::AttemptFailed { ip, port, failure, elapsed_ms });
        }
    }
}

/// The error of a host that no address of could be reached: the last failure decides its kind.
fn unreachable<'a>(host: &str, port: u16, failures: impl Iterator<Item = &'a Failure>) -> Error {
    let at = format!("{host}:{port}");
    let (kind, retry, text) = match failures.last() {
        Some(Failure::Refused) => (
            Kind::ConnectionRefused,
            Retry::Later,
            format!("Nobody answers at {at}. Is the port right, and does the mail server run?"),
        ),
        Some(Failure::TimedOut(ms)) => (
            Kind::TimedOut,
            Retry::Later,
            format!(
                "No connection to {at} within {} s: a firewall may drop the packets (port 25 is often closed to clients; \
                 try 587 or 465), or the limit is too short.",
                seconds(*ms)
            ),
        ),
        Some(Failure::Reset) => (
            Kind::ConnectionLost,
            Retry::Later,
            format!("{at} reset the connection: a firewall, or a server that is full."),
        ),
        Some(Failure::Other(why)) => (Kind::Unreachable, Retry::Later, format!("No connection to {at}: {why}.")),
        Some(Failure::Unreachable) | None => {
            (Kind::Unreachable, Retry::Later, format!("There is no way to {at}: check the network and the address."))
        }
    };
    Error::new(Phase::Connect, kind, retry, text)
}

/// Milliseconds as seconds, without a needless fraction.
fn seconds(ms: u32) -> String {
    if ms.is_multiple_of(1000) { (ms / 1000).to_string() } else { format!("{:.1}", f64::from(ms) / 1000.0) }
}

/// A failed read or write, as the session takes it.
pub(super) fn broke(session: &mut Session, error: SocketError, log: &mut Transcript) {
    match error {
        SocketError::Failed(Failure::TimedOut(limit_ms)) => session.timed_out(limit_ms, log),
        SocketError::Failed(failure) => session.failed(failure, log),
        SocketError::Lost => session.closed(log),
        SocketError::Tls(TlsFailure::Connection(failure)) => session.failed(failure, log),
        SocketError::Tls(TlsFailure::Lost) => session.closed(log),
        SocketError::Tls(TlsFailure::NothingInCommon(text) | TlsFailure::Other(text) | TlsFailure::BadTrust(text))
        | SocketError::Denied(text)
        | SocketError::NotResolved(text)
        | SocketError::Proxy(text)
        | SocketError::Misuse(text) => session.failed(Failure::Other(text), log),
        other => session.failed(Failure::Other(format!("{other:?}")), log),
    }
}

/// A failed handshake, as the session takes it.
pub(super) fn tls_failure(error: SocketError) -> TlsFailure {
    match error {
        SocketError::Tls(failure) => failure,
        SocketError::Failed(failure) => TlsFailure::Connection(failure),
        SocketError::Lost | SocketError::Unreachable => TlsFailure::Lost,
        SocketError::Denied(text)
        | SocketError::NotResolved(text)
        | SocketError::Proxy(text)
        | SocketError::Misuse(text) => TlsFailure::Other(text),
    }
}

/// Random bytes as a SASL nonce: printable, without a comma.
fn nonce(bytes: &[u8; 16]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
