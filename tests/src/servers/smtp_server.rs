//! Nodemailer's smtp-server, from JavaScript: PIPELINING without CHUNKING.

use super::client::Client;
use super::every::{PASSWORD, USER, logs_in, over_tls, refuses_recipient};
use super::server::Server;

#[test]
fn submission() {
    let Some(server) = Server::start("smtp-server") else { return };
    let inbox = server.folder.join("mail");
    over_tls(&server, server.mx, &inbox);
    let client = || Client::starttls(&server, server.mx).login(USER, PASSWORD);
    refuses_recipient(client, "nobody-here@mail.test", &inbox, "to-some");
    for mechanism in ["PLAIN", "LOGIN", "CRAM-MD5"] {
        logs_in(client(), mechanism, PASSWORD);
    }
    logs_in(Client::tls(&server).token(USER, "token"), "XOAUTH2", "dG9rZW4");
}
