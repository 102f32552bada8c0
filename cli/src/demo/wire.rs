//! One connection as lines and counted bytes: buffered, with a limit on every line and a deadline on every wait.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// Bytes read at once.
const PIECE: usize = 16 * 1024;
/// What a client may still say when the conversation is over: bytes, and time.
const MOST_UNREAD: u64 = 1 << 20;
const LINGER: Duration = Duration::from_secs(1);

/// Anything that SMTP can run over.
pub(super) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// Why a conversation ended without QUIT.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// The client closed or reset the connection.
    Closed,
    /// The client said nothing, or took nothing, for too long.
    Silent,
}

/// What became of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Whole,
    /// It went over the cap; all of it was read, the beginning was kept.
    TooLong,
}

/// What TLS came to.
#[derive(Clone)]
pub(super) struct Secured {
    /// `TLSv1.3`, `TLSv1.2`.
    pub(super) version: &'static str,
    /// RFC 9266, under TLS 1.3.
    pub(super) exporter: Option<Vec<u8>>,
}

pub(super) struct Wire {
    io: Box<dyn Io>,
    inbox: Vec<u8>,
    taken: usize,
    outbox: Vec<u8>,
    patience: Duration,
}

impl Wire {
    pub(super) fn new(io: impl Io + 'static, patience: Duration) -> Wire {
        Wire { io: Box::new(io), inbox: Vec::new(), taken: 0, outbox: Vec::new(), patience }
    }

    /// Reads one line with its line end into `into`, which is emptied first.
    pub(super) async fn line(&mut self, into: &mut Vec<u8>, cap: usize) -> Result<Line, Gone> {
        into.clear();
        let mut state = Line::Whole;
        loop {
            let waiting = &self.inbox[self.taken..];
            let end = waiting.iter().position(|byte| *byte == b'\n');
            let piece = &waiting[..end.map_or(waiting.len(), |at| at + 1)];
            let room = cap.saturating_sub(into.len());
            if piece.len() > room {
                state = Line::TooLong;
            }
            into.extend_from_slice(&piece[..piece.len().min(room)]);
            self.taken += piece.len();
            if end.is_some() {
                return Ok(state);
            }
            self.fill().await?;
        }
    }

    /// The next bytes, `1..=at_most` of them.
    pub(super) async fn bytes(&mut self, at_most: usize) -> Result<&[u8], Gone> {
        if self.taken == self.inbox.len() {
            self.fill().await?;
        }
        let from = self.taken;
        self.taken = self.inbox.len().min(from + at_most);
        Ok(&self.inbox[from..self.taken])
    }

    /// Whether the client has said more than was asked for.
    pub(super) fn has_input(&self) -> bool {
        self.taken < self.inbox.len()
    }

    /// Queues bytes; they leave together, when the next wait begins.
    pub(super) fn say(&mut self, bytes: &[u8]) {
        self.outbox.extend_from_slice(bytes);
    }

    pub(super) async fn flush(&mut self) -> Result<(), Gone> {
        if self.outbox.is_empty() {
            return Ok(());
        }
        let sending = async {
            self.io.write_all(&self.outbox).await?;
            self.io.flush().await
        };
        let sent = timeout(self.patience, sending).await.map_err(|_| Gone::Silent)?;
        self.outbox.clear();
        sent.map_err(|_| Gone::Closed)
    }

    /// Goes on under TLS. What was read ahead in the clear must not survive this, and does not.
    pub(super) async fn secure(mut self, acceptor: &TlsAcceptor) -> io::Result<(Wire, Secured)> {
        self.flush().await.map_err(|_| io::ErrorKind::BrokenPipe)?;
        let stream = timeout(self.patience, acceptor.accept(self.io)).await??;
        let connection = stream.get_ref().1;
        let modern = connection.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3);
        let exporter = match modern {
            true => connection.export_keying_material([0; 32], b"EXPORTER-Channel-Binding", Some(b"")).ok(),
            false => None,
        };
        let secured = Secured {
            version: if modern { "TLSv1.3" } else { "TLSv1.2" },
            exporter: exporter.map(|bytes| bytes.to_vec()),
        };
        Ok((Wire::new(stream, self.patience), secured))
    }

    /// Says what is left to say and closes in order. The client may be gone already.
    pub(super) async fn close(mut self) {
        if self.flush().await.is_err() || timeout(self.patience, self.io.shutdown()).await.is_err() {
            return;
        }
        // A socket that is closed with unread input is reset, and the last reply can be lost with it.
        let mut unread = self.io.take(MOST_UNREAD);
        let _ = timeout(LINGER, tokio::io::copy(&mut unread, &mut tokio::io::sink())).await;
    }

    async fn fill(&mut self) -> Result<(), Gone> {
        self.flush().await?;
        if self.taken == self.inbox.len() {
            self.inbox.clear();
            self.taken = 0;
        }
        self.inbox.reserve(PIECE);
        match timeout(self.patience, self.io.read_buf(&mut self.inbox)).await {
            Ok(Ok(1..)) => Ok(()),
            Ok(_) => Err(Gone::Closed),
            Err(_) => Err(Gone::Silent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(text: &'static [u8]) -> Wire {
        Wire::new(tokio::io::join(text, tokio::io::sink()), Duration::from_secs(5))
    }

    #[tokio::test]
    async fn lines_are_capped_and_read_to_their_end() {
        let mut wire = wire(b"NOOP\r\nNOOP too long\r\nQUIT\n");
        let mut line = Vec::new();
        assert_eq!(wire.line(&mut line, 10).await, Ok(Line::Whole));
        assert_eq!(line, b"NOOP\r\n");
        assert_eq!(wire.line(&mut line, 10).await, Ok(Line::TooLong));
        assert_eq!(line, b"NOOP too l");
        assert_eq!(wire.line(&mut line, 10).await, Ok(Line::Whole));
        assert_eq!(line, b"QUIT\n");
        assert_eq!(wire.line(&mut line, 10).await, Err(Gone::Closed));
    }

    #[tokio::test]
    async fn silence_ends() {
        let (_client, server) = tokio::io::duplex(16);
        let mut wire = Wire::new(server, Duration::from_millis(5));
        assert_eq!(wire.line(&mut Vec::new(), 10).await, Err(Gone::Silent));
    }
}
