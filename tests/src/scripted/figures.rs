//! Round trips and writes, counted by the server: no clock, so the figures are the same on every machine.

use std::time::Duration;

use smtp_host::types::{AuthenticationMode, Server};

use super::certificates::Authority;
use super::client::{self, Client, mail};
use super::plan::{Plan, Security};
use super::seen::Connection;
use super::server::Scripted;

/// Longer than the client needs for what it says without waiting.
const LATENCY: Duration = Duration::from_millis(15);

/// What the server saw of two mails over one connection, and the flights of the second.
async fn two_mails(plan: Plan, server: impl Fn(u16) -> Server) -> (Connection, usize) {
    let scripted = Scripted::start(Plan { latency: LATENCY, ..plan });
    let client = Client::new();
    let mut transporter = client.transporter(server(scripted.port)).await;
    for _ in 0..2 {
        transporter.send(&mail()).await.unwrap_or_else(|error| panic!("{}", client::told(&error, &client.regular())));
    }
    transporter.close().await;
    let mut connection = scripted.after(1).await.connections.remove(0);
    assert_eq!(connection.mails.len(), 2, "{connection:?}");
    assert_eq!(connection.flights.pop().map(|quit| quit.start), Some("QUIT\r\n".into()));
    let mails: Vec<usize> = positions(&connection, "MAIL");
    let [first, second] = mails[..] else { panic!("two mails: {:?}", connection.flights) };
    let second_mail = connection.flights.len() - second;
    // With DATA, the content is a flight of its own.
    let first_mail = second - first;
    connection.flights.truncate(first + first_mail);
    (connection, second_mail)
}

fn positions(connection: &Connection, start: &str) -> Vec<usize> {
    let flights = connection.flights.iter().enumerate();
    flights.filter(|(_, flight)| flight.start.starts_with(start)).map(|(at, _)| at).collect()
}

#[tokio::test]
async fn round_trips() {
    let authority = Authority::new("Figures");
    let pem = authority.pem();
    let at_once = Security::AtOnce(authority.good());
    let starttls = Security::StartTls(authority.good());
    let auth =
        |server: Server| Server { authentication_mode: Some(AuthenticationMode::Plain), ..client::login(server) };
    let plan = Plan::good;
    let with_auth = || plan().offering("AUTH PLAIN");

    let mut rows = Vec::new();
    let mut row = |name: &str, expected: (usize, usize), (first, live): (Connection, usize)| {
        rows.push((name.to_owned(), expected, (first.round_trips(), live), first));
    };
    row("plain, PIPELINING and CHUNKING", (4, 1), two_mails(plan(), client::settings).await);
    row("plain, PIPELINING", (5, 2), two_mails(plan().without("CHUNKING"), client::settings).await);
    let secured = |port| client::secured(port, true, &pem);
    row("TLS 1.3 at once", (5, 1), two_mails(plan().secured(at_once.clone()), secured).await);
    let upgraded = |port| client::secured(port, false, &pem);
    row("STARTTLS, TLS 1.3", (7, 1), two_mails(plan().secured(starttls.clone()), upgraded).await);
    row("plain, AUTH", (5, 1), two_mails(with_auth(), |port| auth(client::settings(port))).await);
    row("TLS 1.3 at once, AUTH", (6, 1), two_mails(with_auth().secured(at_once), |port| auth(secured(port))).await);
    row("STARTTLS, TLS 1.3, AUTH", (8, 1), two_mails(with_auth().secured(starttls), |port| auth(upgraded(port))).await);

    println!("{:<34} {:>18} {:>18}", "round trips", "connect to accepted", "live connection");
    for (name, _, (first, live), _) in &rows {
        println!("{name:<34} {first:>18} {live:>18}");
    }
    for (name, expected, counted, connection) in rows {
        assert_eq!(counted, expected, "{name}: {:#?}", connection.flights);
    }
}

/// One write for the envelope and a small content. The kernel counts the segments: with TCP_NODELAY and everything
/// acknowledged, the first of two writes would be a segment of its own. And the server, which reads whatever is there,
/// reads once.
#[tokio::test]
async fn one_write_a_mail() {
    let authority = Authority::new("Figures");
    let secured = Security::AtOnce(authority.good());
    for (plan, at_once) in [(Plan::good(), false), (Plan::good().secured(secured), true)] {
        let scripted = Scripted::start(plan);
        let client = Client::new();
        let settings = match at_once {
            true => client::secured(scripted.port, true, &authority.pem()),
            false => client::settings(scripted.port),
        };
        let mut transporter = client.transporter(settings).await;
        transporter.send(&mail()).await.expect("a mail accepted");
        let before = segments(scripted.port);
        for _ in 1..20 {
            transporter.send(&mail()).await.expect("a mail accepted");
        }
        assert_eq!(segments(scripted.port) - before, 19, "segments with data that 19 mails left in");
        transporter.close().await;
        let seen = scripted.after(1).await;
        let flights: Vec<_> =
            seen.connections[0].flights.iter().filter(|flight| flight.start.starts_with("MAIL")).collect();
        assert_eq!(flights.len(), 20, "{flights:#?}");
        // Under TLS a record's header and its body may be read one after the other.
        assert!(flights.iter().all(|flight| flight.reads == 1), "{flights:#?}");
    }
}

/// Segments with data that the one client of this port has sent so far: TCP_INFO, as `ss` prints it.
fn segments(port: u16) -> u64 {
    let output = std::process::Command::new("ss").args(["-Htin", &format!("dport = :{port}")]).output();
    let output = output.expect("ss, of the package iproute2");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut found = text.split_whitespace().filter_map(|word| word.strip_prefix("data_segs_out:"));
    let count = found.next().and_then(|count| count.parse().ok());
    assert_eq!(found.next(), None, "one connection: {text}");
    count.unwrap_or_else(|| panic!("no count of segments: {text}"))
}
