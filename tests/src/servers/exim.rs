//! Exim 4, which offers CHUNKING and answers the last BDAT in two lines.

use super::client::Client;
use super::every::{PASSWORD, USER, logs_in, over_tls, refuses_recipient};
use super::server::Server;
use super::token::token;

#[test]
fn submission() {
    let Some(server) = Server::start("exim") else { return };
    let inbox = server.folder.join("mail/new");
    over_tls(&server, server.mx, &inbox);
    let client = || Client::starttls(&server, server.mx).login(USER, PASSWORD);
    refuses_recipient(client, "nobody-here@mail.test", &inbox, "to-some");
    for mechanism in ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"] {
        logs_in(client(), mechanism, PASSWORD);
    }
    let token = token(&server.folder.join("dovecot/jwt.secret"), USER);
    for mechanism in ["XOAUTH2", "OAUTHBEARER"] {
        logs_in(Client::tls(&server).token(USER, &token), mechanism, &token);
    }
}
