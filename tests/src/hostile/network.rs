//! Places that were not granted, and too much of those that were.

use super::cage::Cage;
use std::net::{IpAddr, TcpListener, ToSocketAddrs};

#[test]
fn what_is_not_granted_is_not_reached() {
    let Some(cage) = Cage::new() else { return };
    let granted = cage.stage.plain_port().to_string();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let other = listener.local_addr().unwrap().port().to_string();

    // Another port of the same host, another host, another spelling of it.
    let allow = format!("localhost:{granted}");
    let ran = cage
        .attack(&["--allow", &allow], &["network-reach", "localhost", &other, "127.0.0.1", &granted, "::1", &granted]);
    let ran = ran
        .exits(0)
        .says(&format!("refused: the host has not granted localhost:{other}; --allow localhost:{other} would\n"));
    assert_eq!(ran.out.matches("Denied").count(), 3, "{}", ran.told());

    // A wildcard is for public places: no loopback, no neighbour, no cloud's metadata, in no spelling.
    let places = [
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "localhost",
        "a.localhost",
        "10.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "64:ff9b::7f00:1",
    ];
    let attack: Vec<_> =
        ["network-reach"].into_iter().chain(places.iter().flat_map(|place| [*place, other.as_str()])).collect();
    let ran = cage
        .attack(&["--allow", "*:*"], &attack)
        .exits(0)
        .says("is a private address, which a wildcard does not grant");
    assert_eq!(ran.out.matches("Denied").count(), places.len(), "{}", ran.told());

    let ran = cage.attack(&["--allow", "*:*"], &["network-names", &other]).exits(0);
    assert_eq!(ran.out.matches("refused:").count(), 12, "{}", ran.told());
    assert!(listener.accept().is_err(), "somebody came through");
    cage.neighbours_are_well();
}

/// A name that nobody would take for a private one, which leads to a private address: this machine's own, by /etc/hosts.
#[test]
fn a_public_name_for_a_private_address() {
    let Some(cage) = Cage::new() else { return };
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned();
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let private = |ip: IpAddr| match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    };
    let addresses: Vec<_> = (name.as_str(), port).to_socket_addrs().into_iter().flatten().collect();
    if addresses.is_empty() || !addresses.iter().all(|address| private(address.ip())) {
        return crate::servers::not_run("DNS rebinding", "this machine's name leads to no private address");
    }
    let port = port.to_string();
    let ran = cage.attack(&["--allow", "*:*"], &["network-reach", &name, &port]).exits(0);
    ran.says("is a private address, which a wildcard does not grant");
    assert!(listener.accept().is_err(), "somebody came through");
    // Who grants the name means where it leads.
    let all = ["--allow", &format!("{name}:{port}")].map(str::to_owned);
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    let zoo = crate::plugins::guests::zoo().unwrap().to_str().unwrap();
    let all: Vec<_> = ["run"].iter().chain(&all).chain(&[zoo, "network-reach", &name, &port]).copied().collect();
    assert!(crate::cli::run::run(&cage.stage.folder, &all, b"").out.contains("ESCAPED"), "the grant reaches it");
}

#[test]
fn sockets_and_waits_end() {
    let Some(cage) = Cage::new() else { return };
    let port = cage.stage.plain_port().to_string();
    let allow = format!("localhost:{port}");
    let ran = cage.attack(&["--allow", &allow, "--max-sockets", "5"], &["network-hoard", "localhost", &port]);
    let ran =
        ran.exits(0).says("5 sockets are open, which is all that the host grants; --max-sockets would allow more");
    assert!(ran.out.contains("refused: (5, "), "{}", ran.told());

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let allow = format!("127.0.0.1:{port}");
    let ran = cage.attack_within("2", &["--allow", &allow], &["network-patience", "127.0.0.1", &port]);
    ran.exits(77).says("took more than 2 s; --timeout would allow more");
    assert!(cage.log().contains("### SMTP Component stopped: it took more than 2 s"));

    let port = cage.stage.plain_port().to_string();
    let allow = format!("localhost:{port}");
    cage.attack(&["--allow", &allow], &["network-read", "localhost", &port]);
    cage.neighbours_are_well();
}

/// The machine's own sockets are nobody's.
#[test]
fn sockets_of_wasi() {
    let Some(cage) = Cage::new() else { return };
    let port = cage.stage.plain_port().to_string();
    let ran = cage.attack(&["--allow", "*:*"], &["system-sockets", &port]).exits(0);
    let ran = ran.says("refused: sockets of its own (wasi:sockets): no option grants them");
    assert_eq!(ran.out.matches("refused:").count(), 4, "{}", ran.told());
}
