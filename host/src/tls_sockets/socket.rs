//! One connection, as the sandbox sees it.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::{Instant, timeout, timeout_at};

use super::connect::{Connected, connect};
use super::error::{ConnectError, SocketError};
use super::stream::{Stream, Waiting};
use super::tls;
use super::types::{Attempt, Endpoint, Moment, TlsSession, TlsSettings};
use crate::policy::Policy;

/// What one read gives, and what a write keeps of what came meanwhile.
const MOST: usize = 64 << 10;

/// A TCP connection, in the clear or under TLS. Every wait ends after the limit that the call names.
pub struct Socket {
    pub(super) stream: Stream,
    /// Came while writing; allocated then, freed when it was read.
    held: Vec<u8>,
    /// How reading ends, once it did: an orderly end is `Ok`.
    ended: Option<Result<(), SocketError>>,
    /// A write was cut off somewhere in its middle.
    torn: bool,
    attempts: Vec<Attempt>,
    local: SocketAddr,
    session: Option<TlsSession>,
    started: Instant,
    /// Name or address as it was asked for, and port; not those of a proxy.
    to: (Box<str>, u16),
}

impl Socket {
    /// Resolves the name, tries every address that the policy grants, passes the proxy, and starts TLS where `tls` is
    /// given: all of it within `timeout_ms`.
    pub async fn connect(
        policy: &Policy,
        to: Endpoint,
        tls: Option<TlsSettings>,
        timeout_ms: u32,
    ) -> Result<Self, ConnectError> {
        let started = Instant::now();
        let deadline = started + milliseconds(timeout_ms);
        let mut attempts = Vec::new();
        let connected = connect(policy, &to, deadline, timeout_ms, &mut attempts).await;
        let Connected { tcp, local } = match connected {
            Ok(connected) => connected,
            Err(error) => return Err(ConnectError { error, attempts }),
        };
        let mut socket = Self {
            stream: Stream::Plain(tcp),
            held: Vec::new(),
            ended: None,
            torn: false,
            attempts,
            local,
            session: None,
            started,
            to: (to.host.into(), to.port),
        };
        if let Some(settings) = tls
            && let Err(error) = socket.secure(&settings, deadline, timeout_ms).await
        {
            return Err(ConnectError { error, attempts: std::mem::take(&mut socket.attempts) });
        }
        Ok(socket)
    }

    /// The tries of `connect`; the last one made the connection.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// Turns the stream into TLS. Fails where bytes are already waiting. After a failure nothing can follow.
    pub async fn start_tls(&mut self, settings: &TlsSettings, timeout_ms: u32) -> Result<&TlsSession, SocketError> {
        if self.session.is_some() {
            return Err(SocketError::Misuse("TLS was started already".to_owned()));
        }
        if self.torn {
            return Err(torn());
        }
        let waiting = match self.stream.waiting() {
            Ok(Waiting::Nothing) => 0,
            Ok(Waiting::Bytes(0)) if self.held.is_empty() => return Err(SocketError::Lost),
            Ok(Waiting::Bytes(count)) => count,
            Err(error) => return Err(tls::failure(&error)),
        };
        match self.held.len() + waiting {
            0 => self.secure(settings, Instant::now() + milliseconds(timeout_ms), timeout_ms).await,
            count => Err(SocketError::InjectedBytes(u32::try_from(count).unwrap_or(u32::MAX))),
        }
    }

    /// Takes 1 to `max` bytes, 65,536 at most; empty is the end of the stream. With a `timeout_ms` of 0 it takes what is
    /// there, and `TimedOut(0)` says that nothing is.
    pub async fn read(&mut self, max: u32, timeout_ms: u32) -> Result<Vec<u8>, SocketError> {
        let max = usize::try_from(max).unwrap_or(MOST).clamp(1, MOST);
        if let Some(bytes) = self.take_held(max) {
            return Ok(bytes);
        }
        if let Some(end) = &self.ended {
            return end.clone().map(|()| Vec::new());
        }
        let read = if timeout_ms == 0 {
            self.read_at_once(max).await
        } else {
            let reading = poll_fn(|cx| self.stream.poll_read(cx, max));
            timeout(milliseconds(timeout_ms), reading).await.unwrap_or_else(|_| Err(SocketError::timed_out(timeout_ms)))
        };
        match &read {
            Ok(bytes) if bytes.is_empty() => self.ended = Some(Ok(())),
            Err(error) if *error != SocketError::timed_out(timeout_ms) => self.ended = Some(Err(error.clone())),
            _ => (),
        }
        read
    }

    /// Hands all bytes over to the operating system, and reads meanwhile where it must wait.
    pub async fn write(&mut self, bytes: &[u8], timeout_ms: u32) -> Result<(), SocketError> {
        if self.torn {
            return Err(torn());
        }
        let mut done = 0;
        // Until the end is reached: a caller who drops the call leaves a line behind that nobody can complete.
        self.torn = true;
        let writing = poll_fn(|cx| match self.stream.poll_write_all(cx, bytes, &mut done) {
            Poll::Pending => {
                self.read_ahead(cx);
                Poll::Pending
            }
            ready => ready,
        });
        let written = timeout(milliseconds(timeout_ms), writing)
            .await
            .unwrap_or_else(|_| Err(SocketError::timed_out(timeout_ms)));
        self.torn = written.is_err();
        written
    }

    /// Where it was to go: name or address as given, and port.
    pub(crate) fn to(&self) -> (&str, u16) {
        (&self.to.0, self.to.1)
    }

    /// Our end of the connection (to the proxy, where there is one).
    pub fn local_address(&self) -> SocketAddr {
        self.local
    }

    /// None while the connection is in the clear.
    pub fn tls_session(&self) -> Option<&TlsSession> {
        self.session.as_ref()
    }

    /// Time since `connect`, and of day.
    pub fn now(&self) -> Moment {
        let since = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let unix_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, since);
        Moment {
            elapsed_ms: since(self.started.elapsed()),
            unix_ms,
            utc_offset_minutes: super::zone::offset_minutes(unix_ms / 1000),
        }
    }

    async fn secure(
        &mut self,
        settings: &TlsSettings,
        deadline: Instant,
        limit_ms: u32,
    ) -> Result<&TlsSession, SocketError> {
        let Stream::Plain(tcp) = std::mem::replace(&mut self.stream, Stream::Spoilt) else {
            return Err(SocketError::Misuse("TLS failed on this connection: nothing can follow".to_owned()));
        };
        // On the heap: a future lives on the component's stack, of which what was touched stays resident while it is idle.
        let handshake = Box::pin(tls::handshake(tcp, settings, deadline, limit_ms));
        let (stream, session) = handshake.await?;
        self.stream = Stream::Tls(Box::new(stream));
        Ok(self.session.insert(session))
    }

    fn take_held(&mut self, max: usize) -> Option<Vec<u8>> {
        if self.held.len() <= max {
            let all = std::mem::take(&mut self.held);
            return (!all.is_empty()).then_some(all);
        }
        let rest = self.held.split_off(max);
        Some(std::mem::replace(&mut self.held, rest))
    }

    /// Keeps what comes in while a write has to wait, so that the other side is not locked up with us. What is polled
    /// here wakes the same task that the write waits in.
    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        while self.ended.is_none() && self.held.len() < MOST {
            match self.stream.poll_read(cx, MOST - self.held.len()) {
                Poll::Pending => return,
                Poll::Ready(Ok(bytes)) if bytes.is_empty() => self.ended = Some(Ok(())),
                Poll::Ready(Ok(bytes)) => self.held.extend_from_slice(&bytes),
                Poll::Ready(Err(error)) => self.ended = Some(Err(error)),
            }
        }
    }

    /// Takes what is there. Under TLS bytes may be there that are no data (tickets, half records): each turn consumes some,
    /// and the number of turns is bounded.
    async fn read_at_once(&mut self, max: usize) -> Result<Vec<u8>, SocketError> {
        const TURNS: usize = 64;
        const LOOK: Duration = Duration::from_millis(50);
        for _ in 0..TURNS {
            let read = poll_fn(|cx| Poll::Ready(self.stream.poll_read(cx, max))).await;
            if let Poll::Ready(read) = read {
                return read;
            }
            if let Ok(Waiting::Nothing) = self.stream.waiting() {
                break;
            }
            // The system has something that tokio will hear of when it looks next.
            let Some(tcp) = self.stream.tcp() else { break };
            if timeout_at(Instant::now() + LOOK, tcp.readable()).await.is_err() {
                break;
            }
        }
        Err(SocketError::timed_out(0))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.ended.is_none() && !self.torn {
            self.stream.close();
        }
    }
}

/// Shows where the connection goes, and nothing that went over it.
impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let peer = self.attempts.last().map(|attempt| attempt.address);
        f.debug_struct("Socket")
            .field("local", &self.local)
            .field("peer", &peer)
            .field("secured", &self.session.is_some())
            .finish_non_exhaustive()
    }
}

fn milliseconds(count: u32) -> Duration {
    Duration::from_millis(count.into())
}

fn torn() -> SocketError {
    SocketError::Misuse("an earlier write on this connection was cut off".to_owned())
}
