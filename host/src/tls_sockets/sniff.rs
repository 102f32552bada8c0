//! A TCP stream that remembers the first bytes it reads, so that a server which speaks plain text can be quoted.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How many bytes are remembered.
const REMEMBERED: usize = 64;

/// The first bytes, shared with the stream that reads them: they must outlive a handshake that fails.
#[derive(Clone, Debug, Default)]
pub(super) struct FirstBytes(Arc<Mutex<Vec<u8>>>);

impl FirstBytes {
    /// The bytes, where they can't be the beginning of a TLS record (RFC 8446 §5.1: type 20 to 24, version 3.x).
    pub fn not_tls(&self) -> Option<Vec<u8>> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tls = match bytes.as_slice() {
            [] => true,
            [kind] => (20..=24).contains(kind),
            [kind, major, ..] => (20..=24).contains(kind) && *major == 3,
        };
        (!tls).then(|| bytes.clone())
    }

    fn remember(&self, bytes: &[u8]) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = REMEMBERED.saturating_sub(first.len());
        first.extend(bytes.iter().take(room));
    }
}

/// The stream below TLS.
#[derive(Debug)]
pub(super) struct Sniff {
    pub tcp: TcpStream,
    /// None once the handshake is over.
    pub first: Option<FirstBytes>,
}

impl AsyncRead for Sniff {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.tcp).poll_read(cx, buf))?;
        if let Some(first) = &self.first {
            first.remember(buf.filled().get(before..).unwrap_or_default());
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Sniff {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
