//! Places that were not granted, and too much of those that were.

use crate::world::{Endpoint, Socket, SocketError};
use crate::{escaped, refused};

pub fn attack(what: &str, arguments: &[&str]) {
    let port = |at: usize| arguments[at].parse().expect("a port");
    match what {
        // HOST PORT …
        "reach" => {
            for pair in arguments.chunks(2) {
                let port = pair[1].parse().expect("a port");
                match connect(pair[0], port, 5000) {
                    Ok(_) => escaped(format!("{}:{port}", pair[0])),
                    Err(error) => refused((pair[0], error)),
                }
            }
        }
        // Sockets that are never closed.
        "hoard" => {
            let mut sockets = Vec::new();
            for _ in 0..5000 {
                match connect(arguments[0], port(1), 5000) {
                    Ok(socket) => sockets.push(socket),
                    Err(error) => return refused((sockets.len(), error)),
                }
            }
            escaped(format!("{} sockets", sockets.len()));
        }
        // A server that says nothing, and all the patience in the world.
        "patience" => {
            let socket = connect(arguments[0], port(1), u32::MAX).expect("it is granted");
            refused(socket.read(u32::MAX, u32::MAX));
        }
        "names" => {
            for host in [
                "",
                ".",
                "a b",
                "a\r\nb",
                "127.1",
                "2130706433",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "\0",
                "[::1",
                "ok.test%00",
            ] {
                match connect(host, port(0), 2000) {
                    Ok(_) => escaped(host),
                    Err(error) => refused(error),
                }
            }
            let long = "a".repeat(32 << 20);
            match connect(&long, port(0), 2000) {
                Ok(_) => escaped("a name of 32 MiB"),
                Err(error) => refused(format!("{error:?}").len()),
            }
        }
        "read" => {
            let socket = connect(arguments[0], port(1), 5000).expect("it is granted");
            let greeting = socket.read(u32::MAX, 5000).expect("a greeting");
            assert!(greeting.len() <= 65_536);
            // What is not a line of SMTP is the server's business; what is too much is ours.
            for _ in 0..4 {
                if let Err(error) = socket.write(&vec![b'x'; 16 << 20], 1000) {
                    return refused(error);
                }
            }
        }
        _ => panic!("no such attack"),
    }
}

fn connect(host: &str, port: u16, timeout: u32) -> Result<Socket, SocketError> {
    Socket::connect(&Endpoint { host: host.to_owned(), port, proxy: None }, None, timeout)
        .map_err(|failed| failed.error)
}
