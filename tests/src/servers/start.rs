//! Every server starts on ports of its own, greets, and is gone afterwards: the ground the other tests stand on.

use super::server::Server;
use std::net::TcpStream;
use std::time::Duration;

fn greets(name: &str, ports: fn(&Server) -> Vec<u16>) {
    let Some(server) = Server::start(name) else { return };
    let ports = ports(&server);
    for port in &ports {
        let banner = server.banner(*port);
        assert!(banner.starts_with("220"), "{name} says {banner:?}");
    }
    let folder = server.folder.clone();
    drop(server);
    assert!(!folder.exists(), "{name} left {}", folder.display());
    for port in ports {
        let closed = (0..100).any(|_| TcpStream::connect(("127.0.0.1", port)).is_err() || nap());
        assert!(closed, "{name} still listens on {port}");
    }
}

/// The system closes the port of an ended process a moment later.
fn nap() -> bool {
    std::thread::sleep(Duration::from_millis(50));
    false
}

#[test]
fn every_server_starts_and_stops() {
    greets("postfix", |s| vec![s.mx, s.submission]);
    greets("exim", |s| vec![s.mx]);
    greets("opensmtpd", |s| vec![s.mx]);
    greets("sendmail", |s| vec![s.mx]);
    greets("aiosmtpd", |s| vec![s.mx]);
    greets("smtp-server", |s| vec![s.mx]);
    greets("smtp-sink", |s| vec![s.mx]);
    let Some(relay) = Server::start("smtp-sink") else { return };
    if let Some(dovecot) = Server::start_with("dovecot-submission", &[("RELAY_PORT", &relay.mx.to_string())], &[]) {
        assert!(dovecot.banner(dovecot.submission).starts_with("220"));
    }
}
