//! An SMTP server that answers at once and keeps nothing, in a process of its own so that its memory and time are not
//! counted: this very program, called with `ARGUMENT`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;

pub const ARGUMENT: &str = "serve-as-sink";

/// A running sink; ended when dropped.
pub struct Sink {
    process: Child,
    pub port: u16,
}

impl Sink {
    pub fn start() -> Sink {
        let program = std::env::current_exe().expect("this program has a path");
        let mut process =
            Command::new(program).arg(ARGUMENT).stdout(Stdio::piped()).stdin(Stdio::null()).spawn().expect("a sink");
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

/// Serves until it is killed.
pub fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("it has an address").port());
    for stream in listener.incoming().flatten() {
        thread::Builder::new().stack_size(64 << 10).spawn(move || talk(&stream)).expect("a thread");
    }
}

/// One connection; an error ends it.
fn talk(mut stream: &TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    stream.write_all(b"220 sink\r\n").ok()?;
    let mut input = BufReader::new(stream);
    let mut answers = Vec::new();
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let word = line.split_ascii_whitespace().next()?.to_ascii_uppercase();
        match word.as_str() {
            "EHLO" => answers.extend_from_slice(b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 CHUNKING\r\n"),
            "BDAT" => {
                let size = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
                std::io::copy(&mut (&mut input).take(size), &mut std::io::sink()).ok()?;
                answers.extend_from_slice(b"250 2.0.0 gone\r\n");
            }
            "QUIT" => answers.extend_from_slice(b"221 bye\r\n"),
            _ => answers.extend_from_slice(b"250 2.0.0 ok\r\n"),
        }
        // One write for a flight, as a real server does.
        if input.buffer().is_empty() {
            let mut output = stream;
            output.write_all(&answers).ok()?;
            answers.clear();
        }
    }
}
