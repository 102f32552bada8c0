//! A wire tap for plain connections: what each side really said, to hold against the log.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// Forwards one connection to a server and keeps both directions.
pub struct Tee {
    pub port: u16,
    recorded: JoinHandle<(Vec<u8>, Vec<u8>)>,
}

impl Tee {
    pub fn before(port: u16) -> Tee {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port for the tap");
        let tapped = listener.local_addr().expect("it has an address").port();
        let recorded = thread::spawn(move || {
            let (client, _) = listener.accept().expect("the client connects");
            let server = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
            let (to_server, from_client) =
                (server.try_clone().expect("a handle"), client.try_clone().expect("a handle"));
            let up = thread::spawn(move || copy(from_client, to_server));
            let down = copy(server, client);
            (up.join().expect("the tap"), down)
        });
        Tee { port: tapped, recorded }
    }

    /// The lines of the client and of the server, once both are done.
    pub fn lines(self) -> (Vec<String>, Vec<String>) {
        let (client, server) = self.recorded.join().expect("the tap");
        (lines(&client), lines(&server))
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        all.extend_from_slice(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    all
}

fn lines(bytes: &[u8]) -> Vec<String> {
    bytes.split_inclusive(|b| *b == b'\n').map(|l| super::log::escaped(l.strip_suffix(b"\r\n").unwrap_or(l))).collect()
}
