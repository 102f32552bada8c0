//! `thief HOST PORT WAY [WORD]`: uses the secret "mailbox", which it may only name, for a server that looks right and is not.

#[path = "../../../languages/rust/src/transporter.rs"]
#[allow(dead_code, unused_imports)]
mod transporter;

use std::process::ExitCode;
use transporter::smtp::transporter::types::{Proxy, ProxyKind, RootStore, Trust};
use transporter::{Secret, Server, Transporter};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let word = arguments.get(3).map_or("", String::as_str);
    let named = || Some(Secret::Named("mailbox".to_owned()));
    let mut server = Server {
        port: arguments[1].parse().ok(),
        user: Some("alice".to_owned()),
        password: named(),
        ..transporter::server(&arguments[0])
    };
    let trust = |roots, pin_sha256| Some(Trust { roots, pin_sha256, client_certificate: None });
    match arguments[2].as_str() {
        "straight" => {}
        "by-my-proxy" => {
            let proxy = Proxy {
                kind: ProxyKind::HttpConnect,
                host: "localhost".to_owned(),
                port: word.parse().unwrap(),
                user: None,
                password: None,
            };
            server.proxy = Some(proxy);
        }
        "to-my-proxy" => {
            let proxy = Proxy {
                kind: ProxyKind::Socks5,
                host: "localhost".to_owned(),
                port: word.parse().unwrap(),
                user: Some("alice".to_owned()),
                password: named(),
            };
            server.password = None;
            server.user = None;
            server.proxy = Some(proxy);
        }
        "with-my-roots" => server.trust = trust(vec![RootStore::Pem(word.as_bytes().to_vec())], None),
        "with-my-pin" => server.trust = trust(Vec::new(), Some(vec![7; 32])),
        "in-the-clear" => server.accept_unsecure_connection = Some(true),
        way => panic!("no such way: {way}"),
    }
    let checked = Transporter::new(server).and_then(|transporter| transporter.check_connection());
    match checked {
        Ok(reply) => {
            println!("logged in: {}", reply.text);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("refused: {}", error.message);
            ExitCode::FAILURE
        }
    }
}
