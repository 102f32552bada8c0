//! Dovecot's submission server, with smtp-sink as the relay behind it.

use super::client::Client;
use super::every::{PASSWORD, USER, logs_in, over_tls};
use super::server::Server;
use super::token::token;
use crate::cli::run::Stage;

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

/// Binary content goes as it is, without base64: to Dovecot by BDAT with BODY=BINARYMIME, and on to a server that takes it too.
/// Dovecot 2.3 puts a CR before each lone LF on the way, so that there is none here.
#[test]
fn binary_content() {
    let relay = Stage::open();
    let relay_port = relay.plain_port().to_string();
    let settings = [("RELAY_PORT", relay_port.as_str()), ("MORE_CAPABILITIES", "BINARYMIME")];
    let Some(server) = Server::start_with("dovecot-submission", &settings, &[]) else { return };
    // Each other byte, what would end a content by DATA, and more than one chunk.
    let some: Vec<u8> = (0..=255).filter(|byte| *byte != b'\n').chain(*b"\r\n.\r\n\r.\r\n..").collect();
    let bytes = some.repeat(1000);
    let file = server.folder.join("all.bin");
    std::fs::write(&file, &bytes).expect("a file");
    let client = Client::starttls(&server, server.submission).login(USER, PASSWORD).small_mail();
    let answer = client.args(["--attach", file.to_str().expect("UTF-8")]).send();
    answer.sent();
    let received = relay.received();
    assert!(received[0].content.windows(bytes.len()).any(|content| content == bytes));
    assert!(received[0].text().contains("Content-Transfer-Encoding: binary"));
}

#[test]
fn relay_refuses() {
    let Some(relay) = Server::start_with("smtp-sink", &[], &["-f", "RCPT"]) else { return };
    let relay_port = relay.mx.to_string();
    let Some(server) = Server::start_with("dovecot-submission", &[("RELAY_PORT", &relay_port)], &[]) else { return };
    let client = Client::starttls(&server, server.submission).login(USER, PASSWORD).small_mail();
    client.send().failed(69, "rcpt-to", "all-recipients-refused");
}
