//! Bytes in and out, plain or under TLS, with one reader and one writer that never wait for each other.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncBufRead, AsyncReadExt, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::error::{SocketError, SocketFailure};
use super::sniff::Sniff;
use super::tls;

/// What one read allocates at most; SMTP replies are far below it.
const READ_SIZE: usize = 16 << 10;

/// The connection itself. No buffer of its own: an idle one costs no memory but rustls'.
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<Sniff>>),
    /// A handshake failed: neither plain text nor TLS can go on here.
    Spoilt,
}

/// What the operating system holds for us.
pub(super) enum Waiting {
    Nothing,
    /// So many bytes, or more. 0 is the end.
    Bytes(usize),
}

impl Stream {
    pub fn tcp(&self) -> Option<&TcpStream> {
        match self {
            Self::Plain(tcp) => Some(tcp),
            Self::Tls(tls) => Some(&tls.get_ref().0.tcp),
            Self::Spoilt => None,
        }
    }

    /// Takes 1 to `max` bytes; empty is an orderly end.
    pub fn poll_read(&mut self, cx: &mut Context<'_>, max: usize) -> Poll<Result<Vec<u8>, SocketError>> {
        match self {
            Self::Plain(tcp) => {
                // First ready, then a buffer: whoever waits holds none.
                ready!(tcp.poll_read_ready(cx)).map_err(|error| tls::failure(&error))?;
                let mut bytes = Vec::with_capacity(max.min(READ_SIZE));
                let mut limited = tcp.take(max as u64);
                ready!(pin!(limited.read_buf(&mut bytes)).poll(cx)).map_err(|error| tls::failure(&error))?;
                if bytes.len() < bytes.capacity() / 4 {
                    bytes.shrink_to_fit();
                }
                Poll::Ready(Ok(bytes))
            }
            Self::Tls(tls) => {
                let mut tls = Pin::new(tls.as_mut());
                let bytes = ready!(tls.as_mut().poll_fill_buf(cx)).map_err(|error| tls::failure(&error))?;
                let bytes = bytes.get(..max).unwrap_or(bytes).to_vec();
                tls.consume(bytes.len());
                Poll::Ready(Ok(bytes))
            }
            Self::Spoilt => Poll::Ready(Err(spoilt())),
        }
    }

    /// Hands bytes over, `done` counts them; ready when all are with the operating system.
    pub fn poll_write_all(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        done: &mut usize,
    ) -> Poll<Result<(), SocketError>> {
        let writer: &mut (dyn AsyncWrite + Send + Unpin) = match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.as_mut(),
            Self::Spoilt => return Poll::Ready(Err(spoilt())),
        };
        let mut writer = Pin::new(writer);
        while let Some(rest @ [_, ..]) = bytes.get(*done..) {
            match ready!(writer.as_mut().poll_write(cx, rest)) {
                Ok(0) => return Poll::Ready(Err(SocketError::Lost)),
                Ok(written) => *done += written,
                Err(error) => return Poll::Ready(Err(write_failure(&error))),
            }
        }
        writer.as_mut().poll_flush(cx).map_err(|error| write_failure(&error))
    }

    /// Asks the operating system itself: tokio's own knowledge is as old as its last look.
    pub fn waiting(&self) -> io::Result<Waiting> {
        let Some(tcp) = self.tcp() else { return Ok(Waiting::Nothing) };
        let mut bytes = [std::mem::MaybeUninit::uninit(); 1024];
        match SockRef::from(tcp).peek(&mut bytes) {
            Ok(count) => Ok(Waiting::Bytes(count)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Waiting::Nothing),
            Err(error) => Err(error),
        }
    }

    /// Says an orderly goodbye under TLS, as far as it goes without waiting.
    pub fn close(&mut self) {
        if let Self::Tls(tls) = self {
            let (io, connection) = tls.get_mut();
            connection.send_close_notify();
            let mut bytes = Vec::new();
            while connection.wants_write() && connection.write_tls(&mut bytes).is_ok() {}
            // If it can't go now the other side sees the end of TCP alone; nobody is left to be told.
            let _ = io.tcp.try_write(&bytes);
        }
    }
}

fn write_failure(error: &io::Error) -> SocketError {
    match error.kind() {
        // The other side had ended the connection before.
        io::ErrorKind::BrokenPipe => SocketError::Lost,
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => SocketError::Failed(SocketFailure::Reset),
        _ => tls::failure(error),
    }
}

fn spoilt() -> SocketError {
    SocketError::Misuse("TLS failed on this connection: nothing can follow".to_owned())
}
