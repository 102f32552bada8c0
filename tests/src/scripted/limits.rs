//! The two limits of the caller, over real sockets, with values that tell which of them ended it.

use std::time::{Duration, Instant};

use smtp_host::types::{ErrorKind, Phase, Server};
use tokio::task::JoinSet;

use super::certificates::Authority;
use super::client::{self, Client, mail, told};
use super::plan::{At, Plan, Security, What};
use super::server::Scripted;

/// Longer than any test may take: what ends within it was ended by the other limit.
const ENDLESS: u32 = 3600;

/// Where a server falls silent, how that is called, and whether connecting is still going on.
const SILENT: [(At, Phase, bool); 6] = [
    (At::Greeting, Phase::Greeting, true),
    (At::Ehlo, Phase::Ehlo, true),
    (At::StartTls, Phase::Starttls, true),
    (At::Handshake, Phase::Tls, true),
    (At::Auth, Phase::Auth, false),
    (At::Mail, Phase::MailFrom, false),
];

#[tokio::test]
async fn each_limit_ends_what_it_is_for() {
    let authority = Authority::new("Limits");
    let mut runs = JoinSet::new();
    for (at, phase, is_connecting) in SILENT {
        for by_connection in [true, false] {
            // The connection's limit does not reach beyond TLS: then the send's must do.
            let (connection, send) = match (by_connection, is_connecting) {
                (true, true) => (1, ENDLESS),
                (true, false) => (1, 2),
                (false, _) => (ENDLESS, 1),
            };
            let plan = Plan::good().secured(Security::StartTls(authority.good())).offering("AUTH LOGIN");
            let pem = authority.pem();
            runs.spawn(async move {
                let scripted = Scripted::start(plan.failing(at, What::Silence));
                let client = Client::new();
                let settings = Server {
                    connection_time_out: Some(connection),
                    send_time_out: Some(send),
                    ..client::login(client::secured(scripted.port, false, &pem))
                };
                let error = client.transporter(settings).await.send(&mail()).await.expect_err("silence");
                let limit = match (by_connection, is_connecting) {
                    (true, true) => "before the connection time-out of 1 s ran out",
                    _ => &format!("before the send time-out of {send} s ran out"),
                };
                let told = format!("{at:?}, {connection} and {send} s: {}", told(&error, &client.regular()));
                assert_eq!((error.phase, error.kind), (phase, ErrorKind::TimedOut), "{told}");
                assert!(error.message.contains(limit), "{told}");
            });
        }
    }
    while let Some(run) = runs.join_next().await {
        run.expect("no panic");
    }
}

/// Implicit TLS: the handshake is part of connecting, and all of it has one limit.
#[tokio::test]
async fn tls_at_once_has_the_connections_limit() {
    let authority = Authority::new("Limits");
    let plan = Plan::good().secured(Security::AtOnce(authority.good())).failing(At::Handshake, What::Silence);
    let scripted = Scripted::start(plan);
    let client = Client::new();
    let settings = Server {
        connection_time_out: Some(1),
        send_time_out: Some(ENDLESS),
        ..client::secured(scripted.port, true, &authority.pem())
    };
    let error = client.transporter(settings).await.send(&mail()).await.expect_err("silence");
    let told = told(&error, &client.regular());
    assert_eq!((error.phase, error.kind), (Phase::Tls, ErrorKind::TimedOut), "{told}");
    assert!(error.message.contains("did not end within 1 s"), "{told}");
}

/// The kept connection dies after 3 of 4 seconds, the one that replaces it is silent: 1 second is left for that, not 4.
#[tokio::test]
async fn a_replaced_connection_gets_no_time_of_its_own() {
    const LIMIT: u32 = 4;
    let plan = Plan::good().failing_after(1, At::Mail, What::CloseLate(3000)).failing_on(1, At::Mail, What::Silence);
    let scripted = Scripted::start(plan);
    let client = Client::new();
    let settings = Server { chunking: Some(false), send_time_out: Some(LIMIT), ..client::settings(scripted.port) };
    let mut transporter = client.transporter(settings).await;
    transporter.send(&mail()).await.unwrap_or_else(|error| panic!("{}", told(&error, &client.regular())));
    let began = Instant::now();
    let error = transporter.send(&mail()).await.expect_err("silence");
    let took = began.elapsed();
    let told = told(&error, &client.regular());
    assert!(client.regular().contains("### SMTP Kept connection found closed"), "{told}");
    assert!(error.message.contains("before the send time-out of 4 s ran out"), "{told}");
    // A limit of its own would make it 7.
    assert!(took >= Duration::from_millis(3900) && took < Duration::from_millis(6500), "{took:?} {told}");
}
