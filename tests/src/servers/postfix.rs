//! Postfix: an exchanger, submission with STARTTLS, submission with TLS at once; SASL from Dovecot and from Cyrus.

use super::client::Client;
use super::every::{PASSWORD, USER, delivers, logs_in, over_tls, refuses_recipient};
use super::mailbox;
use super::server::Server;
use super::token::token;

const PASSWORDS: [&str; 5] = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"];

#[test]
fn submission_and_exchange() {
    let refusals = "smtpd_recipient_restrictions = check_recipient_access inline:{\
                    {nobody-here@mail.test = 550 5.1.1 no such mailbox}, {busy@mail.test = 451 4.3.0 try again later}}";
    let Some(server) = Server::start_with("postfix", &[("EXTRA_MAIN_CF", refusals)], &[]) else { return };
    let inbox = server.folder.join("mail/inbox/new");
    over_tls(&server, server.submission, &inbox);

    // The exchanger asks for no login, and for no TLS from those who can't.
    delivers(Client::starttls(&server, server.mx), server.mx, false, &inbox, "by-exchange");
    let client = || Client::starttls(&server, server.submission).login(USER, PASSWORD);
    refuses_recipient(client, "nobody-here@mail.test", &inbox, "to-some");
    let later = client().eml(&super::fixture::message("busy"), "alice@mail.test", &["busy@mail.test"]).send();
    assert_eq!(later.failed(75, "rcpt-to", "all-recipients-refused").json["retry"], "later");

    // Submission without a login: Postfix refuses the recipients.
    let stranger = Client::starttls(&server, server.submission).small_mail().send();
    assert_eq!(stranger.failed(69, "rcpt-to", "all-recipients-refused").json["status"], 554);

    for mechanism in PASSWORDS {
        logs_in(client(), mechanism, PASSWORD);
    }
    let token = token(&server.folder.join("dovecot/jwt.secret"), USER);
    for mechanism in ["XOAUTH2", "OAUTHBEARER"] {
        logs_in(Client::tls(&server).token(USER, &token), mechanism, &token);
    }
    logs_in(Client::tls(&server).login("bøb", "pässword"), "PLAIN", "pässword");
    let refused = Client::tls(&server).token(USER, "not.a.token").args(["--auth", "xoauth2"]).small_mail().send();
    refused.failed(77, "auth", "authentication-failed");

    // An international address needs SMTPUTF8 and gets it.
    let client = client().args([
        "--from",
        "alice@mail.test",
        "--to",
        "δοκιμή@mail.test",
        "--subject",
        "Größe",
        "--text",
        "日本",
    ]);
    let answer = client.send().sent();
    assert!(answer.extended.client().iter().any(|line| line.contains(" SMTPUTF8")), "{}", answer.told());
    mailbox::arrived(&inbox, "日本");
}

#[test]
fn too_large() {
    let Some(server) = Server::start_with("postfix", &[("SIZE_LIMIT", "5000")], &[]) else { return };
    let client = Client::starttls(&server, server.mx);
    let large = super::fixture::message("large");
    let answer = client.eml(&large, "alice@mail.test", &["bob@mail.test"]).send();
    let answer = answer.failed(69, "mail-from", "message-too-large");
    assert!(
        !answer.extended.client().iter().any(|line| line.starts_with("MAIL ")),
        "refused before: {}",
        answer.told()
    );
}

#[test]
fn cyrus() {
    let Some(server) = Server::start_with("postfix", &[("SASL", "cyrus")], &[]) else { return };
    for mechanism in PASSWORDS {
        logs_in(Client::starttls(&server, server.submission).login("alice@mail.test", PASSWORD), mechanism, PASSWORD);
    }
}
