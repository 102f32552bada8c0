//! A file as a `wasi:io` input-stream: read in pieces, never held as a whole.

use std::io;
use std::path::Path;

use tokio::fs::File;
use tokio::io::AsyncReadExt;
use wasmtime_wasi_io::bytes::{Bytes, BytesMut};
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{InputStream, StreamError, StreamResult};

/// How much is read ahead.
const PIECE: usize = 256 * 1024;

/// A file that is read from its beginning to its end.
pub struct FileStream {
    file: File,
    ready: Ready,
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
        let file = File::open(path).await?;
        let about = file.metadata().await?;
        if !about.is_file() {
            let what = if about.is_dir() { "it is a folder" } else { "it is no regular file" };
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        Ok((FileStream { file, ready: Ready::Nothing }, about.len()))
    }
}

#[wasmtime_wasi_io::async_trait]
impl Pollable for FileStream {
    async fn ready(&mut self) {
        if let Ready::Nothing = self.ready {
            let mut piece = BytesMut::with_capacity(PIECE);
            self.ready = match self.file.read_buf(&mut piece).await {
                Ok(0) => Ready::End,
                Ok(_) => Ready::Bytes(piece.freeze()),
                Err(error) => Ready::Failed(error),
            };
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
