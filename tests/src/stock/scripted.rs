//! Servers that misbehave.

use super::runtime::Run;
use super::scene::{Folder, alike, options, stock};
use crate::scripted::Authority;
use crate::scripted::plan::{At, Plan, Security, What};
use crate::scripted::server::Scripted;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// A server of one connection.
fn server<T: Send + 'static>(talk: impl FnOnce(TcpStream) -> T + Send + 'static) -> (u16, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (port, thread::spawn(move || talk(listener.accept().expect("a client").0)))
}

/// Reads until a line begins like this.
fn until(stream: &mut TcpStream, start: &str) -> Option<()> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    loop {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        line.push(byte[0]);
        if byte[0] == b'\n' {
            if line.starts_with(start.as_bytes()) {
                return Some(());
            }
            line.clear();
        }
    }
}

const TO: &[&str] = &["--to", "bob@mail.test", "--connect-timeout", "2"];

/// Bytes behind the reply to STARTTLS are not taken for the server's.
#[test]
fn bytes_before_tls() {
    let (port, injected) = server(|mut stream| {
        stream.write_all(b"220 mail.test ESMTP\r\n").ok()?;
        until(&mut stream, "EHLO")?;
        stream.write_all(b"250-mail.test\r\n250 STARTTLS\r\n").ok()?;
        until(&mut stream, "STARTTLS")?;
        stream.write_all(b"220 go ahead\r\n250 injected\r\n").ok()?;
        // Nothing of a handshake may follow.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        Some(rest)
    });
    let folder = Folder::new();
    let url = format!("smtp://127.0.0.1:{port}");
    let Some((ran, log)) = stock(&Run::new(), &folder, &options(&url, TO)) else { return };
    ran.exits(69);
    assert!(log.contains("bytes came in the clear behind the reply to STARTTLS"), "{log}");
    assert_eq!(injected.join().expect("the server"), Some(Vec::new()));
}

/// Who says nothing is waited for as long as the settings say: at the greeting, and in the handshake.
#[test]
fn silence_has_an_end() {
    let mute = |mut stream: TcpStream| {
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
    };
    for scheme in ["smtp", "smtps"] {
        let (port, _) = server(mute);
        let folder = Folder::new();
        let url = format!("{scheme}://127.0.0.1:{port}");
        let started = Instant::now();
        let Some((ran, log)) = stock(&Run::new(), &folder, &options(&url, TO)) else { return };
        ran.exits(75);
        assert!(log.contains("2 s"), "{log}");
        assert!((1..20).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    }
}

/// A server that stops reading until it is read: with full pipes in both directions the mail still goes.
#[test]
fn both_sides_write() {
    let folder = Folder::new();
    let authority = Authority::new("Stock");
    let ca = folder.join("ca.pem");
    fs::write(&ca, authority.pem()).expect("a file");
    fs::write(folder.join("text"), "0123456789\n".repeat(400_000)).expect("a long text");
    let long = [TO, &["--accept-unsecure", "--text", "@/files/text"]].concat();
    let stubborn = Plan { stubborn: true, narrow: true, ..Plan::good() };
    for (scheme, plan) in [("smtp", stubborn.clone()), ("smtps", stubborn.secured(Security::AtOnce(authority.good())))]
    {
        let server = Scripted::start(plan);
        let url = format!("{scheme}://localhost:{}", server.port);
        let Some((ran, _)) = stock(&Run::new().trusting(&ca), &folder, &options(&url, &long)) else { return };
        ran.exits(0);
        let seen = server.wait_for(1);
        assert_eq!(seen.mails(), 1);
        assert!(seen.connections[0].mails[0].len() > 4_400_000, "{}", seen.connections[0].mails[0].len());
        fs::remove_dir_all(folder.logs()).expect("the logs");
    }
}

/// Connections that break, in the clear and in the handshake: what the log says is what the host says.
#[test]
fn broken_connections() {
    let folder = Folder::new();
    let authority = Authority::new("Stock");
    let ca = folder.join("ca.pem");
    fs::write(&ca, authority.pem()).expect("a file");
    let run = Run::new().trusting(&ca);
    let open = [TO, &["--accept-unsecure"]].concat();
    let scene = |scheme: &str, plan: Plan, code| {
        let server = Scripted::start(plan);
        alike(&run, Some(&ca), &format!("{scheme}://localhost:{}", server.port), &open, code).is_some()
    };
    for (at, what) in [
        (At::Greeting, What::Close),
        (At::Greeting, What::Reset),
        (At::Ehlo, What::Leave),
        (At::Rcpt, What::Close),
        (At::Content, What::Close),
        (At::Content, What::Reset),
        (At::Content, What::Leave),
    ] {
        if !scene("smtp", Plan::good().failing(at, what), 75) {
            return;
        }
        let secured = Plan::good().secured(Security::AtOnce(authority.good()));
        scene("smtps", secured.failing(at, what), 75);
    }
    for what in [What::Close, What::Reset] {
        let at_once = Plan::good().secured(Security::AtOnce(authority.good()));
        scene("smtps", at_once.failing(At::Handshake, what), 75);
        let later = Plan::good().secured(Security::StartTls(authority.good()));
        scene("smtp", later.failing(At::Handshake, what), 75);
    }
    scene("smtps", Plan::good().secured(Security::AncientAtOnce), 69);
}

/// A connection is kept, found dead where the server has ended it meanwhile, and replaced once.
#[test]
fn kept_connections() {
    const REPLACED: &str = "### SMTP Kept connection found closed";
    let folder = Folder::new();
    let authority = Authority::new("Stock");
    let ca = folder.join("ca.pem");
    fs::write(&ca, authority.pem()).expect("a file");
    let run = Run::new().trusting(&ca).env("SMTP_LOG", "1").folder(&folder.logs(), "/logs");
    for secured in ["", "tls"] {
        for (fault, connections) in
            [(None, 1), (Some((0, At::Content, What::CloseAfter)), 2), (Some((1, At::Mail, What::Close)), 2)]
        {
            let mut plan = Plan::good().without("CHUNKING");
            if secured == "tls" {
                plan = plan.secured(Security::AtOnce(authority.good()));
            }
            if let Some((mails, at, what)) = fault {
                plan = plan.failing_after(mails, at, what);
            }
            let server = Scripted::start(plan);
            let Some(ran) = run.many(&[&server.port.to_string(), "3", "30", secured]) else { return };
            let log = fs::read_to_string(folder.logs().join("SMTPLog_1.txt")).expect("a log");
            assert_eq!(ran.code, 0, "{}{log}", ran.told());
            let seen = server.wait_for(connections);
            assert_eq!((seen.connections.len(), seen.mails()), (connections, 3), "{secured} {fault:?} {log}");
            assert_eq!(log.matches(REPLACED).count(), connections - 1, "{secured} {fault:?} {log}");
            fs::remove_file(folder.logs().join("SMTPLog_1.txt")).expect("the log");
        }
    }
}
