//! An SMTP server that answers at once and keeps nothing, in a process of its own so that its memory and time are not
//! counted: this very program, called with `ARGUMENT`.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

pub const ARGUMENT: &str = "serve-as-sink";
/// As the last argument: the sink offers BINARYMIME.
const BINARY: &str = "binarymime";
/// Large enough that a gigabyte is few reads.
const BUFFER: usize = 256 << 10;

/// A running sink; ended when dropped.
pub struct Sink {
    process: Child,
    pub port: u16,
}

impl Sink {
    pub fn start() -> Sink {
        Sink::start_with(&[], false)
    }

    /// With TLS at once where PEM files of a certificate and its key are given.
    pub fn start_with(certificate_and_key: &[&Path], is_binary: bool) -> Sink {
        let program = std::env::current_exe().expect("this program has a path");
        let mut command = Command::new(program);
        command.arg(ARGUMENT).args(certificate_and_key).args(is_binary.then_some(BINARY));
        let mut process = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().expect("a sink");
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().expect("its output")).read_line(&mut line).expect("its port");
        Sink { port: line.trim().parse().expect("a port"), process }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until it is killed; over TLS where the arguments name a certificate and its key.
pub fn serve() {
    let mut files: Vec<String> = std::env::args().skip_while(|argument| argument != ARGUMENT).skip(1).collect();
    let is_binary = files.pop_if(|last| last == BINARY).is_some();
    let tls = match files.as_slice() {
        [certificate, key, ..] => Some(tls(certificate, key)),
        _ => None,
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("it has an address").port());
    for stream in listener.incoming().flatten() {
        let tls = tls.clone();
        let serve = move || {
            stream.set_nodelay(true).ok()?;
            match tls {
                None => talk(stream, is_binary),
                Some(tls) => talk(StreamOwned::new(ServerConnection::new(tls).ok()?, stream), is_binary),
            }
        };
        thread::Builder::new().stack_size(64 << 10).spawn(serve).expect("a thread");
    }
}

fn tls(certificate: &str, key: &str) -> Arc<ServerConfig> {
    let chain = vec![CertificateDer::from_pem_file(certificate).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_file(key).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = versions.expect("TLS").with_no_client_auth().with_single_cert(chain, key);
    Arc::new(config.expect("the key is the certificate's"))
}

/// One connection; an error ends it.
fn talk<S: Read + Write>(stream: S, is_binary: bool) -> Option<()> {
    let mut peer = Peer { stream, buffer: vec![0; 4096], start: 0, end: 0 };
    peer.stream.write_all(b"220 sink\r\n").ok()?;
    let mut answers = Vec::new();
    loop {
        let line = peer.line()?;
        let mut words = line.split_ascii_whitespace();
        match words.next()?.to_ascii_uppercase().as_str() {
            "EHLO" => {
                answers.extend_from_slice(b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 0\r\n");
                answers.extend_from_slice(if is_binary { b"250-BINARYMIME\r\n" } else { b"" });
                answers.extend_from_slice(b"250 CHUNKING\r\n");
            }
            "BDAT" => {
                peer.skip(words.next()?.parse().ok()?)?;
                answers.extend_from_slice(b"250 2.0.0 gone\r\n");
            }
            "DATA" => {
                answers.extend_from_slice(b"354 go on\r\n");
                peer.stream.write_all(&answers).ok()?;
                answers.clear();
                peer.skip_to_dot()?;
                answers.extend_from_slice(b"250 2.0.0 gone\r\n");
            }
            "QUIT" => answers.extend_from_slice(b"221 bye\r\n"),
            _ => answers.extend_from_slice(b"250 2.0.0 ok\r\n"),
        }
        // One write for a flight, as a real server does.
        if peer.start == peer.end {
            peer.stream.write_all(&answers).ok()?;
            peer.stream.flush().ok()?;
            answers.clear();
        }
    }
}

struct Peer<S> {
    stream: S,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl<S: Read + Write> Peer<S> {
    /// Reads more, and forgets what was taken; `None` at the end of the stream.
    fn fill(&mut self) -> Option<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        let count = self.stream.read(self.buffer.get_mut(self.end..)?).ok()?;
        self.end += count;
        (count > 0).then_some(())
    }

    fn line(&mut self) -> Option<String> {
        loop {
            let rest = &self.buffer[self.start..self.end];
            if let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
                let line = String::from_utf8_lossy(&rest[..=at]).into_owned();
                self.start += at + 1;
                return Some(line);
            }
            self.fill()?;
        }
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        loop {
            let taken = count.min(self.end - self.start);
            self.start += taken;
            count -= taken;
            if count == 0 {
                return Some(());
            }
            self.buffer.resize(BUFFER, 0);
            self.fill()?;
        }
    }

    /// The client awaits the reply, so nothing stands behind the dot.
    fn skip_to_dot(&mut self) -> Option<()> {
        let mut tail = *b"xxx\r\n";
        loop {
            let new = &self.buffer[self.start..self.end];
            let new = &new[new.len().saturating_sub(tail.len())..];
            tail.rotate_left(new.len());
            let from = tail.len() - new.len();
            tail[from..].copy_from_slice(new);
            self.start = self.end;
            if tail == *b"\r\n.\r\n" {
                return Some(());
            }
            self.buffer.resize(BUFFER, 0);
            self.fill()?;
        }
    }
}
