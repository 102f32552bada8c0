//! An attachment on its way from a request to the wire: a few pieces at a time, and an end that is told.

use axum::body::Bytes;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc;

/// Pieces that wait.
const PIECES: usize = 4;

enum Piece {
    Bytes(Bytes),
    End,
}

/// Where the request's bytes go in.
pub struct PartWriter(mpsc::Sender<Piece>);

/// Where they come out. It fails where the writer is gone before the end: a mail that is cut short is no mail.
pub struct PartReader {
    pieces: mpsc::Receiver<Piece>,
    rest: Bytes,
    over: bool,
    /// Bytes that may come yet.
    room: u64,
}

/// A part of at most `room` bytes.
pub fn part(room: u64) -> (PartWriter, PartReader) {
    let (sender, pieces) = mpsc::channel(PIECES);
    (PartWriter(sender), PartReader { pieces, rest: Bytes::new(), over: false, room })
}

impl PartWriter {
    /// False where nobody reads any more.
    pub async fn write(&self, bytes: Bytes) -> bool {
        self.0.send(Piece::Bytes(bytes)).await.is_ok()
    }

    pub async fn end(self) {
        let _ = self.0.send(Piece::End).await;
    }
}

impl AsyncRead for PartReader {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.rest.is_empty() && !self.over {
            match self.pieces.poll_recv(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Piece::Bytes(bytes))) => {
                    let Some(room) = self.room.checked_sub(bytes.len() as u64) else {
                        return Poll::Ready(Err(io::Error::other("the mail is larger than this transporter takes")));
                    };
                    self.room = room;
                    self.rest = bytes;
                }
                Poll::Ready(Some(Piece::End)) => self.over = true,
                Poll::Ready(None) => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
            }
        }
        let length = self.rest.len().min(into.remaining());
        into.put_slice(&self.rest.split_to(length));
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn whole_cut_short_and_too_large() {
        let (writer, mut reader) = part(10);
        assert!(writer.write("hello".into()).await);
        writer.end().await;
        let mut text = String::new();
        reader.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "hello");

        let (writer, mut reader) = part(10);
        assert!(writer.write("hello".into()).await);
        drop(writer);
        assert!(reader.read_to_string(&mut text).await.is_err());

        let (writer, mut reader) = part(4);
        assert!(writer.write("hello".into()).await);
        assert!(reader.read_to_string(&mut text).await.is_err());
        drop(reader);
        assert!(!writer.write("more".into()).await);
    }
}
