//! Dovecot's submission server, with smtp-sink as the relay behind it.

use super::client::Client;
use super::every::{PASSWORD, USER, logs_in, over_tls};
use super::server::Server;
use super::token::token;

#[test]
fn submission() {
    let Some(relay) = Server::start("smtp-sink") else { return };
    let relay_port = relay.mx.to_string();
    let Some(server) = Server::start_with("dovecot-submission", &[("RELAY_PORT", &relay_port)], &[]) else { return };
    over_tls(&server, server.submission, &relay.folder.join("mail"));
    for mechanism in ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"] {
        logs_in(Client::starttls(&server, server.submission).login(USER, PASSWORD), mechanism, PASSWORD);
    }
    let token = token(&server.folder.join("jwt.secret"), USER);
    for mechanism in ["XOAUTH2", "OAUTHBEARER"] {
        logs_in(Client::starttls(&server, server.submission).token(USER, &token), mechanism, &token);
    }
    Client::tls(&server).token(USER, &token).args(["--auth", "oauth2"]).small_mail().send().sent();
    for (mechanism, reason) in [("xoauth2", "401"), ("oauthbearer", "invalid_token")] {
        let client = Client::tls(&server).token(USER, "not.a.token").args(["--auth", mechanism]).small_mail();
        let answer = client.send().failed(77, "auth", "authentication-failed");
        assert!(answer.regular.event(reason), "the JSON of the refusal, decoded: {}", answer.told());
    }
}

#[test]
fn relay_refuses() {
    let Some(relay) = Server::start_with("smtp-sink", &[], &["-f", "RCPT"]) else { return };
    let relay_port = relay.mx.to_string();
    let Some(server) = Server::start_with("dovecot-submission", &[("RELAY_PORT", &relay_port)], &[]) else { return };
    let client = Client::starttls(&server, server.submission).login(USER, PASSWORD).small_mail();
    client.send().failed(69, "rcpt-to", "all-recipients-refused");
}
