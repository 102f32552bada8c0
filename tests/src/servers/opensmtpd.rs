//! OpenSMTPD: no PIPELINING, which it punishes with 500; Debian 12's can't do TLS though it offers it.

use super::client::Client;
use super::every::{delivers, refuses_recipient};
use super::fixture::message;
use super::log::escaped;
use super::server::Server;
use super::tee::Tee;

#[test]
fn in_the_clear() {
    let Some(server) = Server::start("opensmtpd") else { return };
    let inbox = server.folder.join("mail/new");
    delivers(Client::plain(server.mx), server.mx, false, &inbox, "in-the-clear");
    refuses_recipient(|| Client::plain(server.mx), "bob@refused.test", &inbox, "to-some");

    // No STARTTLS, and nobody accepted that.
    let client = Client::to(&format!("smtp://localhost:{}", server.mx)).small_mail();
    client.send().failed(69, "starttls", "tls-not-offered");

    // STARTTLS is offered, and the handshake breaks.
    let client = Client::starttls(&server, server.tls).small_mail();
    let answer = client.send();
    assert!(answer.code != 0 && answer.json["errors"][0]["phase"] == "tls", "{}", answer.told());
    assert!(!answer.extended.client().iter().any(|line| line.starts_with("MAIL ")), "{}", answer.told());

    // What the tap heard is what the log says, line by line.
    let tap = Tee::before(server.mx);
    let message = message("tapped");
    let answer = Client::plain(tap.port).eml(&message, "alice@mail.test", &["bob@mail.test"]).send().sent();
    let (client, server) = tap.lines();
    assert_eq!(answer.extended.client(), client);
    assert_eq!(answer.extended.server(), server);
    assert!(client.contains(&escaped(b"...")), "dots are doubled on the wire");
}
