//! aiosmtpd, from Python: AUTH inside TLS only, no DSN, no PIPELINING announced.

use super::client::Client;
use super::every::{PASSWORD, USER, logs_in, over_tls, refuses_recipient};
use super::server::Server;

#[test]
fn submission() {
    let Some(server) = Server::start("aiosmtpd") else { return };
    let inbox = server.folder.join("mail");
    over_tls(&server, server.mx, &inbox);
    let client = || Client::starttls(&server, server.mx).login(USER, PASSWORD);
    refuses_recipient(client, "nobody-here@mail.test", &inbox, "to-some");
    for mechanism in ["PLAIN", "LOGIN"] {
        logs_in(client(), mechanism, PASSWORD);
    }
    let answer = client().args(["--auth", "scram-sha-256"]).small_mail().send();
    answer.failed(77, "auth", "mechanism-not-offered");
}
