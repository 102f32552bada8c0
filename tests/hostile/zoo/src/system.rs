//! Files, environment and sockets of the machine itself.

use crate::{escaped, refused};
use std::fs;
use std::net::{TcpListener, TcpStream, UdpSocket};

pub fn attack(what: &str, arguments: &[&str]) {
    match what {
        "environment" => {
            for (name, value) in std::env::vars() {
                escaped(format!("{name}={value}"));
            }
            std::process::exit(1);
        }
        // Paths that must not be read, nor written.
        "files" => {
            for path in arguments {
                match fs::read(path) {
                    Ok(_) => escaped(format!("read {path}")),
                    Err(error) => refused((path, error.kind())),
                }
                match fs::OpenOptions::new().append(true).open(path) {
                    Ok(_) => escaped(format!("may write {path}")),
                    Err(error) => refused((path, error.kind())),
                }
            }
            std::process::exit(1);
        }
        // A folder that is for reading only.
        "write" => {
            for result in [
                fs::write(format!("{}/new", arguments[0]), "x"),
                fs::write(format!("{}/there", arguments[0]), "x"),
                fs::remove_file(format!("{}/there", arguments[0])),
                fs::create_dir(format!("{}/folder", arguments[0])),
                fs::hard_link(format!("{}/there", arguments[0]), format!("{}/link", arguments[0])),
            ] {
                match result {
                    Ok(()) => escaped("it was written"),
                    Err(error) => refused(error.kind()),
                }
            }
        }
        "sockets" => {
            let port: u16 = arguments[0].parse().expect("a port");
            match TcpStream::connect(("127.0.0.1", port)) {
                Ok(_) => escaped("TCP"),
                Err(error) => refused(error.kind()),
            }
            match TcpStream::connect(("localhost", port)) {
                Ok(_) => escaped("TCP by name"),
                Err(error) => refused(error.kind()),
            }
            match TcpListener::bind("127.0.0.1:0") {
                Ok(_) => escaped("a listener"),
                Err(error) => refused(error.kind()),
            }
            match UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(b"x", ("127.0.0.1", port))) {
                Ok(_) => escaped("UDP"),
                Err(error) => refused(error.kind()),
            }
        }
        "threads" => match std::thread::Builder::new().spawn(|| ()) {
            Ok(_) => escaped("a thread"),
            Err(error) => refused(error.kind()),
        },
        "process" => match std::process::Command::new("/bin/sh").spawn() {
            Ok(_) => escaped("a process"),
            Err(error) => refused(error.kind()),
        },
        "exit" => std::process::exit(1),
        _ => panic!("no such attack"),
    }
}
