//! Every host through proxies of both kinds: what goes through is the same, and so is what the log says where it does not.

use super::hosts::{Driver, Scene, alike, drivers};
use crate::cli::run::Stage;
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const USER: &str = "through";
const PASSWORD: &str = "looking glass";

/// A proxy that wants a user and password, and connects to nothing but this machine. Ends with the process.
struct Proxy {
    port: u16,
    passed: Arc<AtomicUsize>,
}

impl Proxy {
    fn start(open: fn(&mut BufReader<TcpStream>) -> io::Result<TcpStream>) -> Proxy {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let passed = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&passed);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let counter = Arc::clone(&counter);
                thread::spawn(move || {
                    // No read-ahead may be lost: the reader goes on with what it has.
                    let mut client = BufReader::new(client);
                    let Ok(target) = open(&mut client) else { return };
                    counter.fetch_add(1, Ordering::Relaxed);
                    relay(client, target);
                });
            }
        });
        Proxy { port, passed }
    }

    fn settings(&self, kind: &str, password: &str) -> Value {
        json!({"kind": kind, "host": "127.0.0.1", "port": self.port, "user": USER, "password": password})
    }
}

fn relay(mut client: BufReader<TcpStream>, mut target: TcpStream) {
    let (mut back, mut answers) = (client.get_ref().try_clone().unwrap(), target.try_clone().unwrap());
    thread::spawn(move || {
        let _ = io::copy(&mut answers, &mut back);
        let _ = back.shutdown(Shutdown::Write);
    });
    let _ = io::copy(&mut client, &mut target);
    let _ = target.shutdown(Shutdown::Write);
}

fn refused<T>() -> io::Result<T> {
    Err(io::ErrorKind::PermissionDenied.into())
}

/// RFC 1928 and 1929, names only.
fn socks(client: &mut BufReader<TcpStream>) -> io::Result<TcpStream> {
    let read = |client: &mut BufReader<TcpStream>, count: usize| {
        let mut bytes = vec![0; count];
        client.read_exact(&mut bytes).map(|()| bytes)
    };
    let text = |client: &mut BufReader<TcpStream>| {
        let length = read(client, 1)?[0];
        read(client, length.into())
    };
    let offered = read(client, 2)?;
    let methods = read(client, offered[1].into())?;
    if offered[0] != 5 || !methods.contains(&2) {
        client.get_mut().write_all(&[5, 0xff])?;
        return refused();
    }
    client.get_mut().write_all(&[5, 2])?;
    read(client, 1)?;
    let (user, password) = (text(client)?, text(client)?);
    let is_known = user == USER.as_bytes() && password == PASSWORD.as_bytes();
    client.get_mut().write_all(&[1, u8::from(!is_known)])?;
    if !is_known {
        return refused();
    }
    assert_eq!(read(client, 4)?, [5, 1, 0, 3]);
    assert_eq!(text(client)?, b"localhost");
    let port = read(client, 2)?;
    let target = TcpStream::connect(("127.0.0.1", u16::from_be_bytes([port[0], port[1]])));
    let code = if target.is_ok() { 0 } else { 5 };
    client.get_mut().write_all(&[5, code, 0, 1, 127, 0, 0, 1, 0, 0])?;
    target
}

/// RFC 9110 §9.3.6.
fn connect(client: &mut BufReader<TcpStream>) -> io::Result<TcpStream> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if client.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let login = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("{USER}:{PASSWORD}"));
    if !head.contains(&format!("Proxy-Authorization: Basic {login}")) {
        client.get_mut().write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")?;
        return refused();
    }
    let port = head[0].strip_prefix("CONNECT localhost:").and_then(|rest| rest.strip_suffix(" HTTP/1.1"));
    let target = TcpStream::connect(("127.0.0.1", port.and_then(|port| port.parse().ok()).expect("a port")));
    let answer: &[u8] = match target {
        Ok(_) => b"HTTP/1.1 200 Connection established\r\nVia: 1.1 here\r\n\r\n",
        Err(_) => b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
    };
    client.get_mut().write_all(answer)?;
    target
}

#[test]
fn the_log_is_the_same_through_a_proxy() {
    let stage = Stage::new();
    let scene = Scene { folder: &stage.folder, ca: Some(stage.folder.join("ca.pem")) };
    let bob: &[&str] = &["bob@mail.test"];
    let closed = super::hosts::free_port();
    for (kind, proxy) in [("socks5", Proxy::start(socks)), ("http-connect", Proxy::start(connect))] {
        let server = |port: u16, password: &str| {
            json!({
                "port": port, "user": "alice", "password": "wonderland", "authentication_mode": "plain",
                "proxy": proxy.settings(kind, password),
            })
        };
        let arrives =
            |who: &str| assert!(stage.received().last().is_some_and(|mail| mail.text().contains("note.bin")), "{who}");
        let before = stage.received().len();
        let hosts = 1 + drivers().filter(Driver::is_here).count();
        alike(&scene, &format!("{kind}-sent"), server(stage.starttls_port(), PASSWORD), bob, "sent", &arrives);
        assert_eq!(stage.received().len() - before, hosts, "{kind}");
        assert_eq!(proxy.passed.load(Ordering::Relaxed), hosts, "{kind}: not all went through the proxy");
        let nothing = |_: &str| ();
        let wrong = server(stage.starttls_port(), "wrong horse");
        alike(&scene, &format!("{kind}-password"), wrong, bob, "proxy-failed", &nothing);
        alike(&scene, &format!("{kind}-closed"), server(closed, PASSWORD), bob, "proxy-failed", &nothing);
        // One that speaks another protocol, and one that is not there.
        let mut mail_server = server(stage.starttls_port(), PASSWORD);
        mail_server["proxy"]["port"] = stage.plain_port().into();
        alike(&scene, &format!("{kind}-none"), mail_server, bob, "proxy-failed", &nothing);
        let mut nobody = server(stage.starttls_port(), PASSWORD);
        nobody["proxy"]["port"] = closed.into();
        alike(&scene, &format!("{kind}-nobody"), nobody, bob, "connection-refused", &nothing);
    }
}
