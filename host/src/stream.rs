//! A file as a `wasi:io` input-stream: read in pieces, never held as a whole.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use tokio::sync::mpsc::{Receiver, channel};
use wasmtime_wasi_io::bytes::Bytes;
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{InputStream, StreamError, StreamResult};

/// How much is read at once.
const PIECE: usize = 256 * 1024;
/// So many pieces wait while another is sent: the disk and the network work at the same time.
const AHEAD: usize = 2;

/// A file that is read from its beginning to its end, on a thread of its own once somebody asks for it.
pub struct FileStream {
    source: Source,
    ready: Ready,
}

enum Source {
    Untouched(File),
    /// The thread ends when this is dropped.
    Reading(Receiver<io::Result<Bytes>>),
    Over,
}

enum Ready {
    Nothing,
    Bytes(Bytes),
    End,
    Failed(io::Error),
}

impl FileStream {
    /// Opens a regular file, and says its length in bytes.
    ///
    /// # Errors
    /// As of opening; a folder or a device is [`io::ErrorKind::InvalidInput`].
    pub async fn open(path: &Path) -> io::Result<(FileStream, u64)> {
        let path = path.to_owned();
        let opened = tokio::task::spawn_blocking(move || {
            let file = File::open(path)?;
            let about = file.metadata()?;
            Ok::<_, io::Error>((file, about))
        });
        let (file, about) = opened.await.map_err(io::Error::other)??;
        if !about.is_file() {
            let what = if about.is_dir() { "it is a folder" } else { "it is no regular file" };
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        Ok((FileStream { source: Source::Untouched(file), ready: Ready::Nothing }, about.len()))
    }

    /// The same file from its beginning once more, to be read before or after this one, not at the same time.
    ///
    /// # Errors
    /// Where this one is being read already, or the system has no file descriptor left.
    pub fn again(&self) -> io::Result<FileStream> {
        match &self.source {
            Source::Untouched(file) => {
                Ok(FileStream { source: Source::Untouched(file.try_clone()?), ready: Ready::Nothing })
            }
            _ => Err(io::Error::other("the stream is being read already")),
        }
    }

    async fn next(&mut self) -> Ready {
        if matches!(self.source, Source::Untouched(_))
            && let Source::Untouched(file) = std::mem::replace(&mut self.source, Source::Over)
        {
            self.source = Source::Reading(read_ahead(file));
        }
        let Source::Reading(pieces) = &mut self.source else { return Ready::End };
        match pieces.recv().await {
            Some(Ok(piece)) => Ready::Bytes(piece),
            Some(Err(error)) => Ready::Failed(error),
            None => Ready::End,
        }
    }
}

/// Reads until the end, an error, or until nobody listens any more.
fn read_ahead(mut file: File) -> Receiver<io::Result<Bytes>> {
    let (sender, receiver) = channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        // Another stream of the same file may have moved their common place.
        let mut start = file.seek(SeekFrom::Start(0));
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            let begun = std::mem::replace(&mut start, Ok(0));
            let read = begun.and_then(|_| (&mut file).take(PIECE as u64).read_to_end(&mut piece));
            match read {
                Ok(0) => return,
                Ok(_) if sender.blocking_send(Ok(piece.into())).is_err() => return,
                Ok(_) => {}
                Err(error) => {
                    let _ = sender.blocking_send(Err(error));
                    return;
                }
            }
        }
    });
    receiver
}

#[wasmtime_wasi_io::async_trait]
impl Pollable for FileStream {
    async fn ready(&mut self) {
        if let Ready::Nothing = self.ready {
            self.ready = self.next().await;
        }
    }
}

#[wasmtime_wasi_io::async_trait]
impl InputStream for FileStream {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        match std::mem::replace(&mut self.ready, Ready::Nothing) {
            Ready::Nothing => Ok(Bytes::new()),
            Ready::Bytes(mut bytes) => {
                let piece = bytes.split_to(size.min(bytes.len()));
                if !bytes.is_empty() {
                    self.ready = Ready::Bytes(bytes);
                }
                Ok(piece)
            }
            Ready::End => {
                self.ready = Ready::End;
                Err(StreamError::Closed)
            }
            Ready::Failed(error) => {
                self.ready = Ready::End;
                Err(StreamError::LastOperationFailed(wasmtime::Error::new(error)))
            }
        }
    }
}
