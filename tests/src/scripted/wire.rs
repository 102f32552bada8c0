//! The server's end of a connection: lines in, bytes out, every read counted.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::seen::{Connection, Flight};

/// A TCP stream that counts the reads which gave bytes.
pub struct Counted {
    stream: TcpStream,
    reads: Arc<AtomicUsize>,
}

impl AsyncRead for Counted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if polled.is_ready() && buf.filled().len() > before {
            self.reads.fetch_add(1, Ordering::Relaxed);
        }
        polled
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

enum Stream {
    Plain(Counted),
    Tls(Box<TlsStream<Counted>>),
}

pub struct Wire {
    stream: Stream,
    reads: Arc<AtomicUsize>,
    inbox: Vec<u8>,
    outbox: Vec<u8>,
    /// Whether something was said since the client spoke last: then what it says next is another flight.
    spoke: bool,
    latency: Duration,
    /// Bytes that leave at once; 0: all.
    pub piece: usize,
    pub seen: Connection,
}

impl Wire {
    pub fn new(stream: TcpStream, latency: Duration) -> Wire {
        let reads = Arc::new(AtomicUsize::new(0));
        let stream = Stream::Plain(Counted { stream, reads: reads.clone() });
        let seen = Connection::default();
        Wire { stream, reads, inbox: Vec::new(), outbox: Vec::new(), spoke: true, latency, piece: 0, seen }
    }

    /// Becomes TLS. What was read ahead is left behind; the handshake is no flight.
    ///
    /// # Errors
    /// Where the client does not like the certificate: what was seen until then.
    pub async fn secure(self, config: Arc<ServerConfig>) -> Result<Wire, Connection> {
        let Wire { stream, reads, latency, piece, mut seen, .. } = self;
        let Stream::Plain(stream) = stream else { return Err(seen) };
        let Ok(stream) = TlsAcceptor::from(config).accept(stream).await else { return Err(seen) };
        let stream = Stream::Tls(Box::new(stream));
        seen.handshakes += 1;
        Ok(Wire { stream, reads, inbox: Vec::new(), outbox: Vec::new(), spoke: true, latency, piece, seen })
    }

    pub fn say(&mut self, text: &str) {
        self.say_bytes(text.as_bytes());
    }

    pub fn say_bytes(&mut self, bytes: &[u8]) {
        self.outbox.extend_from_slice(bytes);
    }

    pub async fn flush(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.outbox);
        if bytes.is_empty() {
            return Ok(());
        }
        self.spoke = true;
        let piece = if self.piece == 0 { bytes.len() } else { self.piece };
        for piece in bytes.chunks(piece) {
            match &mut self.stream {
                Stream::Plain(stream) => stream.write_all(piece).await?,
                Stream::Tls(stream) => {
                    stream.write_all(piece).await?;
                    stream.flush().await?;
                }
            }
        }
        Ok(())
    }

    /// One line without its CRLF.
    pub async fn line(&mut self) -> io::Result<Vec<u8>> {
        loop {
            if let Some(at) = self.inbox.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.inbox.drain(..=at).collect();
                line.truncate(line.len().saturating_sub(2));
                return Ok(line);
            }
            self.fill().await?;
        }
    }

    pub async fn exactly(&mut self, count: usize) -> io::Result<Vec<u8>> {
        while self.inbox.len() < count {
            self.fill().await?;
        }
        Ok(self.inbox.drain(..count).collect())
    }

    /// Reads until the client is gone.
    pub async fn until_gone(&mut self) {
        while self.fill().await.is_ok() {}
    }

    /// Says what is left to say, and ends the stream in order.
    pub async fn close(mut self) -> Connection {
        if self.flush().await.is_ok() {
            let ended = match &mut self.stream {
                Stream::Plain(stream) => stream.shutdown().await,
                Stream::Tls(stream) => stream.shutdown().await,
            };
            if ended.is_ok() {
                // Unread input would turn the end into a reset.
                let _ = tokio::time::timeout(Duration::from_millis(300), self.until_gone()).await;
            }
        }
        self.seen
    }

    /// The bare socket, for what is no SMTP.
    pub fn tcp(&mut self) -> Option<&mut TcpStream> {
        match &mut self.stream {
            Stream::Plain(counted) => Some(&mut counted.stream),
            Stream::Tls(_) => None,
        }
    }

    pub fn reset(self) -> Connection {
        let tcp = match &self.stream {
            Stream::Plain(counted) => counted,
            Stream::Tls(stream) => stream.get_ref().0,
        };
        tcp.stream.set_zero_linger().expect("a reset can be had");
        self.seen
    }

    async fn fill(&mut self) -> io::Result<()> {
        self.flush().await?;
        let mut buffer = vec![0; 256 * 1024];
        let before = self.reads.load(Ordering::Relaxed);
        let mut count = self.read(&mut buffer).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if !self.latency.is_zero() {
            // Whatever the client says while our reply is on its way it says without having it.
            tokio::time::sleep(self.latency).await;
            while let Ok(more) = tokio::time::timeout(Duration::ZERO, self.read(&mut buffer[count..])).await {
                match more? {
                    0 => break,
                    more => count += more,
                }
            }
        }
        let bytes = &buffer[..count];
        if std::mem::take(&mut self.spoke) {
            let start = String::from_utf8_lossy(&bytes[..count.min(12)]).into_owned();
            self.seen.flights.push(Flight { start, reads: 0, bytes: 0 });
        }
        if let Some(flight) = self.seen.flights.last_mut() {
            flight.reads += self.reads.load(Ordering::Relaxed) - before;
            flight.bytes += count;
        }
        let record =
            if matches!(self.stream, Stream::Plain(_)) { &mut self.seen.plain } else { &mut self.seen.secured };
        record.extend_from_slice(bytes);
        self.inbox.extend_from_slice(bytes);
        Ok(())
    }

    async fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.read(into).await,
            Stream::Tls(stream) => stream.read(into).await,
        }
    }
}
