//! Failures at a real server, each explained as what it is.

use super::folder;
use crate::cli::run;
use crate::servers::client::{Answer, Client};
use crate::servers::server::Server;
use serde_json::Value;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What `host logs explain --json` says of the one conversation in this answer's log.
#[track_caller]
fn explained(answer: &Answer, code: i32) -> Value {
    run(&folder(), &["logs", "explain", "--json", "-"], &answer.file).exits(code).json()
}

/// It failed, of this class, and the line that shows it has this text.
#[track_caller]
fn assert_class(answer: &Answer, class: &str, shown: &str) {
    let told = explained(answer, 69);
    let explanation = &told["explanations"][0];
    assert_eq!(explanation["class"], class, "{told:#}\n{}", answer.told());
    let statement = explanation["statement"].as_str().unwrap_or_default();
    assert!(statement.contains(shown), "{statement}");
    let line = explanation["line"].as_u64().and_then(|line| answer.extended.statements.get(line as usize - 1));
    assert!(line.is_some_and(|line| line.contains(shown)), "{line:?}");
    assert!(explanation["advice"].as_str().is_some_and(|advice| advice.len() > 20), "{told:#}");
}

/// A policy service as Postfix asks it: who comes for the first time is to come again.
fn greylisting() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("it has an address").port();
    std::thread::spawn(move || {
        let seen = Arc::new(Mutex::new(HashSet::new()));
        for stream in listener.incoming().flatten() {
            // Each process of Postfix keeps a connection of its own.
            let seen = seen.clone();
            std::thread::spawn(move || answer(&stream, &seen));
        }
    });
    port
}

fn answer(mut stream: &TcpStream, seen: &Mutex<HashSet<String>>) -> std::io::Result<()> {
    let mut recipient = String::new();
    for line in BufReader::new(stream).lines() {
        let line = line?;
        if let Some(name) = line.strip_prefix("recipient=") {
            recipient = name.to_owned();
        } else if line.is_empty() {
            let mut seen = seen.lock().expect("no other thread panics");
            let is_new = recipient.starts_with("grey") && seen.insert(recipient.clone());
            let action = if is_new { "DEFER_IF_PERMIT Greylisted, please try again in 300 seconds" } else { "DUNNO" };
            write!(stream, "action={action}\n\n")?;
        }
    }
    Ok(())
}

#[test]
fn failures_at_postfix_are_explained_rightly() {
    let policy = greylisting();
    let settings = format!(
        "virtual_mailbox_domains = mail.test\n\
         mynetworks = 192.0.2.0/24\n\
         smtpd_recipient_restrictions = check_recipient_access inline:{{\
         {{nobody-here@mail.test = 550 5.1.1 no such mailbox}}, {{full@mail.test = 452 4.2.2 mailbox is over quota}}}}, \
         check_policy_service inet:127.0.0.1:{policy}\n\
         smtpd_sender_login_maps = inline:{{{{alice@mail.test = alice}}}}\n\
         smtpd_sender_restrictions = reject_authenticated_sender_login_mismatch"
    );
    let extra = [("EXTRA_MAIN_CF", settings.as_str()), ("SIZE_LIMIT", "20000")];
    let Some(server) = Server::start_with("postfix", &extra, &[]) else { return };
    let submission = || Client::starttls(&server, server.submission);
    let known = || submission().login("alice", "wonderland");
    let mail = |client: Client, from: &str, to: &str| {
        client.args(["--from", from, "--to", to, "--subject", "small", "--text", "hello"]).send()
    };
    let alice = "alice@mail.test";

    let wrong = mail(submission().login("alice", "not-the-password"), alice, "bob@mail.test");
    assert_class(&wrong, "bad-credentials", "535 5.7.8");
    assert_eq!(explained(&wrong, 69)["authentication"]["state"], "refused");

    let stranger = Client::to(&format!("smtp://localhost:{}", server.submission));
    assert_class(
        &mail(stranger.login("alice", "wonderland"), alice, "bob@mail.test"),
        "certificate-unknown-issuer",
        "TLS failed",
    );

    assert_class(
        &mail(Client::starttls(&server, server.mx), alice, "c@elsewhere.test"),
        "relaying-denied",
        "554 5.7.1",
    );
    assert_class(&mail(known(), alice, "nobody-here@mail.test"), "unknown-recipient", "550 5.1.1");
    assert_class(&mail(known(), alice, "full@mail.test"), "mailbox-full", "452 4.2.2");
    assert_class(&mail(known(), "eve@mail.test", "bob@mail.test"), "sender-not-authenticated-user", "553 5.7.1");

    let large = format!("From: {alice}\r\n\r\n{}", "0123456789\r\n".repeat(3000));
    assert_class(
        &known().eml(large.as_bytes(), alice, &["bob@mail.test"]).send(),
        "message-too-large",
        "at most 20000",
    );

    let at_first = mail(known(), alice, "grey@mail.test");
    assert_class(&at_first, "greylisted", "450 4.7.1");
    let again = mail(known(), alice, "grey@mail.test").sent();
    let told = explained(&again, 0);
    assert_eq!((&told["outcome"], &told["mails"][0]["accepted"]), (&"accepted".into(), &1.into()), "{told:#}");
    assert_eq!(told["tls"]["version"], "TLSv1.3");
    assert_eq!(told["authentication"]["state"], "accepted");
    assert!(told["mails"][0]["reply"]["text"].as_str().is_some_and(|text| text.contains("queued as")), "{told:#}");
    assert_eq!(told["mails"][0]["content"]["size"], again.json["bytes"]);

    // TLS at once where plain text is spoken.
    let wrong_port = Client::to(&format!("smtps://localhost:{}", server.mx)).arg("--ca-file").arg(server.ca());
    assert_class(&mail(wrong_port, alice, "bob@mail.test"), "tls-not-spoken", "TLS failed");

    // One of two is refused: the mail went, and not to all.
    let some = known()
        .eml(b"From: alice@mail.test\r\n\r\nhello\r\n", alice, &["nobody-here@mail.test", "bob@mail.test"])
        .send();
    let told = explained(&some, 69);
    assert_eq!((&told["outcome"], &told["explanations"][0]["class"]), (&"partly".into(), &"unknown-recipient".into()));
}

#[test]
fn failures_at_exim_are_explained_rightly_and_in_spanish() {
    let rules = "  deny  message = relay not permitted\n        ! authenticated = *\n        domains = ! mail.test";
    let Some(server) = Server::start_with("exim", &[("RECIPIENT_RULES", rules)], &[]) else { return };
    let mail = |client: Client, to: &str| {
        client.args(["--from", "alice@mail.test", "--to", to, "--subject", "small", "--text", "hello"]).send()
    };
    let stranger = || Client::starttls(&server, server.mx);

    let wrong = mail(stranger().login("alice", "not-the-password"), "bob@mail.test");
    assert_class(&wrong, "bad-credentials", "535 Incorrect authentication data");
    // The greeting says whose words these are.
    assert_eq!(explained(&wrong, 69)["explanations"][0]["provider"], "Exim");
    assert_class(&mail(stranger(), "c@elsewhere.test"), "relaying-denied", "550 relay not permitted");
    assert_class(&mail(stranger(), "nobody-here@mail.test"), "unknown-recipient", "550 no such mailbox");
    assert_class(&mail(stranger(), "busy@mail.test"), "server-busy", "451 try again later");
    let open = stranger().login("alice", "wonderland");
    assert_eq!(explained(&mail(open, "c@elsewhere.test").sent(), 0)["outcome"], "accepted");

    // A log in Spanish, told in Spanish.
    let wrong = mail(stranger().login("alice", "not-the-password").args(["--log-language", "es"]), "bob@mail.test");
    assert!(wrong.extended.statements[0].starts_with("### SMTP Conectado a 'localhost'"), "{}", wrong.told());
    assert_class(&wrong, "bad-credentials", "535 Incorrect authentication data");
    let told = run(&folder(), &["logs", "explain", "--language", "es", "-"], &wrong.file).exits(69).out;
    for words in
        [" FALLIDO localhost:", "usuario rechazado", "El usuario o la contraseña no son correctos", "qué hacer: "]
    {
        assert!(told.contains(words), "{words} is not in {told}");
    }
}

#[test]
fn failures_at_dovecot_are_explained_rightly() {
    let Some(relay) = Server::start_with("smtp-sink", &[], &["-f", "RCPT"]) else { return };
    let relay_port = relay.mx.to_string();
    let Some(server) = Server::start_with("dovecot-submission", &[("RELAY_PORT", &relay_port)], &[]) else { return };
    let client = |password: &str| Client::starttls(&server, server.submission).login("alice", password).small_mail();
    assert_class(&client("not-the-password").send(), "bad-credentials", "535 5.7.8");
    // What the relay behind it says tells no more than that it refused.
    let refused = explained(&client("wonderland").send(), 69);
    assert_eq!((&refused["outcome"], &refused["mails"][0]["refused"]), (&"failed".into(), &1.into()), "{refused:#}");
    let token = Client::tls(&server).token("alice", "not.a.token").args(["--auth", "xoauth2"]).small_mail().send();
    let told = explained(&token, 69);
    assert_eq!(told["explanations"][0]["group"], "authentication", "{told:#}");
}

#[test]
fn a_server_that_is_not_there() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let answer = Client::plain(port).small_mail().send();
    assert_class(&answer, "connection-refused", "connection refused, nobody listens there");
}
