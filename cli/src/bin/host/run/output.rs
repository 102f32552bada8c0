//! A component's standard output and error: as they are into a file or a pipe, harmless on a terminal.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use crate::terminal;

/// Connects the standard streams.
pub fn connect(wasi: &mut WasiCtxBuilder) {
    wasi.inherit_stdin();
    if io::IsTerminal::is_terminal(&io::stdout()) {
        wasi.stdout(Harmless { error: false });
    } else {
        wasi.inherit_stdout();
    }
    if io::IsTerminal::is_terminal(&io::stderr()) {
        wasi.stderr(Harmless { error: true });
    } else {
        wasi.inherit_stderr();
    }
}

/// A terminal on which the component moves no cursor and changes no colour.
#[derive(Clone, Copy)]
struct Harmless {
    error: bool,
}

impl IsTerminal for Harmless {
    /// Who thinks that this is none writes no escape sequences.
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Harmless {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(Writer { error: self.error, rest: Vec::new() })
    }
}

struct Writer {
    error: bool,
    /// The beginning of a character whose end is still to come.
    rest: Vec<u8>,
}

impl AsyncWrite for Writer {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.rest.extend_from_slice(bytes);
        let text = harmless(&mut self.rest);
        let written = if self.error {
            io::Write::write_all(&mut io::stderr().lock(), text.as_bytes())
        } else {
            io::Write::write_all(&mut io::stdout().lock(), text.as_bytes())
        };
        Poll::Ready(written.map(|()| bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed =
            if self.error { io::Write::flush(&mut io::stderr()) } else { io::Write::flush(&mut io::stdout()) };
        Poll::Ready(flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}

/// Takes the text from `bytes`, but for a character that is cut at the end; line ends and tabs stay what they are.
fn harmless(bytes: &mut Vec<u8>) -> String {
    let mut text = String::new();
    let mut rest = 0;
    for chunk in bytes.utf8_chunks() {
        for piece in chunk.valid().split_inclusive(['\n', '\t']) {
            let (words, end) = match piece.char_indices().next_back() {
                Some((at, '\n' | '\t')) => piece.split_at(at),
                _ => (piece, ""),
            };
            text.push_str(&terminal::safe(words));
            text.push_str(end);
        }
        rest += chunk.valid().len();
        let cut = rest + chunk.invalid().len() == bytes.len() && is_beginning(chunk.invalid());
        if !cut {
            chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
            rest += chunk.invalid().len();
        }
    }
    bytes.drain(..rest);
    text
}

/// Whether more bytes could make a character of these.
fn is_beginning(bytes: &[u8]) -> bool {
    let length = match bytes.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => 0,
    };
    bytes.len() < length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        let mut bytes = b"ok\x1b[2J\ta\r\n\xff\xc3".to_vec();
        assert_eq!(harmless(&mut bytes), "ok\\x1b[2J\ta\\x0d\n\\xff");
        bytes.extend_from_slice(b"\xb1!\xe2\x80");
        assert_eq!(harmless(&mut bytes), "ñ!");
        bytes.push(b'x');
        assert_eq!(harmless(&mut bytes), "\\xe2\\x80x");
        assert!(bytes.is_empty());
    }
}
