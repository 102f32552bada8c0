//! One connection, as the transporter sees it.

use super::address::Address;
use super::connect::connect;
use super::failure;
use super::race::Won;
use super::tls::{self, Secured};
use super::wait::{self, Instant};
use crate::bindings::exports::smtp::transporter::tls_sockets::{
    self as wit, Attempt, ConnectError, Endpoint, SocketError, SocketFailure, TlsSession, TlsSettings,
};
use crate::bindings::wasi::clocks::wall_clock;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::bindings::wasi::sockets::tcp::TcpSocket;
use crate::bindings::wasi::tls::types::ClientConnection;

/// What one read gives, and what a write keeps of what came meanwhile.
const MOST: usize = 64 << 10;
/// How long an orderly goodbye may take, and how long to look whether something is there already under TLS, where the
/// runtime reads by a task of its own.
const MOMENT_MS: u32 = 5;

/// A TCP connection, in the clear or under TLS. Every wait ends after the limit that the call names.
pub struct Socket {
    streams: Streams,
    /// Came while writing.
    held: Vec<u8>,
    /// How reading ends, once it did: an orderly end is `Ok`.
    ended: Option<Result<(), SocketError>>,
    /// A write was cut off somewhere in its middle.
    torn: bool,
    attempts: Vec<Attempt>,
    local: wit::Address,
    session: Option<TlsSession>,
    started: Instant,
}

/// Children go before their parents: the fields are in this order for it.
enum Streams {
    Plain {
        input: InputStream,
        output: OutputStream,
        tcp: TcpSocket,
    },
    Tls {
        input: InputStream,
        output: OutputStream,
        connection: ClientConnection,
        _tcp: TcpSocket,
    },
    /// A handshake failed: neither plain text nor TLS can go on here.
    Spoilt,
}

impl Socket {
    /// Resolves the name, tries every address, and starts TLS where `tls` is given: all of it within `timeout_ms`.
    pub(super) fn connect(to: &Endpoint, tls: Option<&TlsSettings>, timeout_ms: u32) -> Result<Socket, ConnectError> {
        let started = Instant::now();
        let deadline = started.plus(timeout_ms);
        let mut attempts = Vec::new();
        let won = tls.map_or(Ok(()), tls::check).and_then(|()| connect(to, deadline, timeout_ms, &mut attempts));
        let Won { input, output, tcp } = match won {
            Ok(won) => won,
            Err(error) => return Err(ConnectError { error, attempts }),
        };
        let unspecified = || wit::Address { ip: "0.0.0.0".to_owned(), port: 0 };
        let local = tcp.local_address().map_or_else(|_| unspecified(), |local| Address::from(local).wit());
        let streams = Streams::Plain { input, output, tcp };
        let mut socket =
            Socket { streams, held: Vec::new(), ended: None, torn: false, attempts, local, session: None, started };
        if let Some(settings) = tls
            && let Err(error) = socket.secure(settings, deadline, timeout_ms)
        {
            return Err(ConnectError { error, attempts: std::mem::take(&mut socket.attempts) });
        }
        Ok(socket)
    }

    pub(super) fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// Turns the stream into TLS. Fails where bytes are already waiting. After a failure nothing can follow.
    pub(super) fn start_tls(&mut self, settings: &TlsSettings, timeout_ms: u32) -> Result<TlsSession, SocketError> {
        if self.session.is_some() {
            return Err(SocketError::Misuse("TLS was started already".to_owned()));
        }
        if self.torn {
            return Err(torn());
        }
        tls::check(settings)?;
        self.read_ahead();
        match (self.held.len(), &self.ended) {
            (0, Some(Ok(()))) => return Err(SocketError::Lost),
            (0, Some(Err(error))) => return Err(error.clone()),
            (0, None) => {}
            (count, _) => return Err(SocketError::InjectedBytes(u32::try_from(count).unwrap_or(u32::MAX))),
        }
        self.secure(settings, Instant::now().plus(timeout_ms), timeout_ms)
    }

    /// Takes 1 to `max` bytes, 65,536 at most; empty is the end of the stream. With a `timeout_ms` of 0 it takes what is
    /// there, and `timed-out(0)` says that nothing is.
    pub(super) fn read(&mut self, max: u32, timeout_ms: u32) -> Result<Vec<u8>, SocketError> {
        let max = usize::try_from(max).unwrap_or(MOST).clamp(1, MOST);
        let look = if timeout_ms == 0 && self.session.is_some() { MOMENT_MS } else { timeout_ms };
        let deadline = Instant::now().plus(look);
        loop {
            if !self.held.is_empty() {
                let rest = self.held.split_off(max.min(self.held.len()));
                return Ok(std::mem::replace(&mut self.held, rest));
            }
            if let Some(end) = &self.ended {
                return end.clone().map(|()| Vec::new());
            }
            self.take(max);
            if self.held.is_empty() && self.ended.is_none() {
                let ready = self.streams.input()?.subscribe();
                if look == 0 || !wait::one(&ready, deadline) {
                    return Err(SocketError::Failed(SocketFailure::TimedOut(timeout_ms)));
                }
            }
        }
    }

    /// Hands all bytes over to the runtime, and reads meanwhile where it must wait.
    pub(super) fn write(&mut self, bytes: &[u8], timeout_ms: u32) -> Result<(), SocketError> {
        if self.torn {
            return Err(torn());
        }
        // Until the end is reached: a write that is broken off leaves a line behind that nobody can complete.
        self.torn = true;
        let deadline = Instant::now().plus(timeout_ms);
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = self.room(deadline, timeout_ms)?;
            let (piece, later) = rest.split_at(room.min(rest.len()));
            self.streams.output()?.write(piece).map_err(failure::of_stream)?;
            rest = later;
        }
        self.streams.output()?.flush().map_err(failure::of_stream)?;
        self.room(deadline, timeout_ms)?;
        self.torn = false;
        Ok(())
    }

    pub(super) fn local_address(&self) -> &wit::Address {
        &self.local
    }

    pub(super) fn tls_session(&self) -> Option<&TlsSession> {
        self.session.as_ref()
    }

    /// No runtime tells its zone: the time of day is UTC.
    pub(super) fn now(&self) -> wit::Moment {
        let now = wall_clock::now();
        let unix_ms = now.seconds.saturating_mul(1000).saturating_add(u64::from(now.nanoseconds) / 1_000_000);
        wit::Moment { elapsed_ms: self.started.elapsed_ms(), unix_ms, utc_offset_minutes: 0 }
    }

    fn secure(&mut self, settings: &TlsSettings, deadline: Instant, limit_ms: u32) -> Result<TlsSession, SocketError> {
        let Streams::Plain { input, output, tcp } = std::mem::replace(&mut self.streams, Streams::Spoilt) else {
            return Err(SocketError::Misuse("TLS failed on this connection: nothing can follow".to_owned()));
        };
        let Secured { input, output, connection, session } =
            tls::handshake(input, output, settings, deadline, limit_ms)?;
        self.streams = Streams::Tls { input, output, connection, _tcp: tcp };
        Ok(self.session.insert(session).clone())
    }

    /// Bytes that can be written now; waits for room, and reads while it waits, so that the other side is not locked up
    /// with us.
    fn room(&mut self, deadline: Instant, limit_ms: u32) -> Result<usize, SocketError> {
        loop {
            let output = self.streams.output()?;
            let room = output.check_write().map_err(failure::of_stream)?;
            if room > 0 {
                return Ok(usize::try_from(room).unwrap_or(usize::MAX));
            }
            let writable = output.subscribe();
            let hears = self.ended.is_none() && self.held.len() < MOST;
            let readable = if hears { Some(self.streams.input()?.subscribe()) } else { None };
            let both: Vec<_> = std::iter::once(&writable).chain(&readable).collect();
            let ready = wait::any(&both, deadline);
            drop((writable, readable));
            match ready.as_slice() {
                [] => return Err(SocketError::Failed(SocketFailure::TimedOut(limit_ms))),
                [.., 1] => self.read_ahead(),
                _ => {}
            }
        }
    }

    /// Keeps what is there.
    fn read_ahead(&mut self) {
        let mut before = usize::MAX;
        while self.ended.is_none() && self.held.len() < MOST && self.held.len() != before {
            before = self.held.len();
            self.take(MOST - before);
        }
    }

    /// Takes what is there, without waiting.
    fn take(&mut self, max: usize) {
        let read = match self.streams.input() {
            Ok(input) => input.read(max as u64),
            Err(error) => return self.ended = Some(Err(error)),
        };
        match read {
            Ok(bytes) => self.held.extend_from_slice(&bytes),
            Err(StreamError::Closed) => self.ended = Some(Ok(())),
            Err(error) => self.ended = Some(Err(failure::of_stream(error))),
        }
    }
}

impl Streams {
    fn input(&self) -> Result<&InputStream, SocketError> {
        match self {
            Streams::Plain { input, .. } | Streams::Tls { input, .. } => Ok(input),
            Streams::Spoilt => Err(spoilt()),
        }
    }

    fn output(&self) -> Result<&OutputStream, SocketError> {
        match self {
            Streams::Plain { output, .. } | Streams::Tls { output, .. } => Ok(output),
            Streams::Spoilt => Err(spoilt()),
        }
    }
}

impl Drop for Socket {
    /// Says an orderly goodbye under TLS, as far as it goes without waiting long.
    fn drop(&mut self) {
        if let (Streams::Tls { output, connection, .. }, None, false) = (&self.streams, &self.ended, self.torn) {
            connection.close_output();
            wait::one(&output.subscribe(), Instant::now().plus(MOMENT_MS));
        }
    }
}

fn spoilt() -> SocketError {
    SocketError::Misuse("TLS failed on this connection: nothing can follow".to_owned())
}

fn torn() -> SocketError {
    SocketError::Misuse("an earlier write on this connection was cut off".to_owned())
}
