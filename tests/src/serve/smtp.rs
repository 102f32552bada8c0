//! A mail server that says what a test wants it to.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// Answers RCPT with `rcpt` and everything else well, after a pause each time; returns its port. It ends with the test's process.
pub fn refusing(rcpt: &'static str, pause: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || talk(stream, rcpt, pause));
        }
    });
    port
}

fn talk(stream: TcpStream, rcpt: &str, pause: Duration) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    out.write_all(b"220 hostile.test\r\n").ok()?;
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        let answer = match line.get(..4).unwrap_or_default() {
            "RCPT" => rcpt,
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        std::thread::sleep(pause);
        out.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
    Some(())
}
