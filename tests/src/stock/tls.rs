//! TLS by wasi:tls: with roots that an embedder chose, and with those of wasmtime's command line.

use super::runtime::Run;
use super::scene::{Folder, alike, options, stock};
use crate::cli::run::Stage;
use crate::scripted::Authority;
use crate::scripted::plan::{Plan, Security};
use crate::scripted::server::Scripted;
use crate::servers::{Server, arrived};
use std::fs;

const TO: &[&str] = &["--to", "bob@mail.test"];
const LOGIN: &[&str] = &["--to", "bob@mail.test", "--user", "alice", "--password-file", "/files/password"];

#[test]
fn postfix() {
    let refusals = "smtpd_recipient_restrictions = check_recipient_access inline:{\
                    {nobody-here@mail.test = 550 5.1.1 no such mailbox}}";
    let Some(server) = Server::start_with("postfix", &[("EXTRA_MAIN_CF", refusals)], &[]) else { return };
    let ca = server.ca();
    let trusting = Run::new().trusting(&ca);
    let inbox = server.folder.join("mail/inbox/new");
    let starttls = format!("smtp://localhost:{}", server.submission);
    let at_once = format!("smtps://localhost:{}", server.tls);

    let login = |mode| [LOGIN, &["--auth", mode]].concat();
    let Some(log) = alike(&trusting, Some(&ca), &starttls, &login("scram-sha-256"), 0) else { return };
    assert!(
        log.contains("C > \"STARTTLS\"") && log.contains("### SMTP TLS started: server name 'localhost'."),
        "{log}"
    );
    arrived(&inbox, "Message-ID: <fixed@mail.test>");
    let log = alike(&trusting, Some(&ca), &at_once, &login("plain"), 0).expect("as before");
    assert!(log.contains("(secured)") && log.contains("C > \"AUTH PLAIN ****"), "{log}");
    alike(&trusting, Some(&ca), &at_once, &login("login"), 0);

    let some = [LOGIN, &["--to", "nobody-here@mail.test"]].concat();
    alike(&trusting, Some(&ca), &starttls, &some, 0);
    let wrong = [TO, &["--user", "alice", "--password-file", "/files/wrong", "--auth", "plain"]].concat();
    for url in [&starttls, &at_once] {
        let log = alike(&trusting, Some(&ca), url, &wrong, 77).expect("as before");
        assert!(log.contains("S < \"535 5.7.8"), "{log}");
    }

    // The command line of wasmtime trusts Mozilla's roots and nobody else.
    for url in [&starttls, &at_once] {
        let folder = Folder::new();
        let before = fs::read_dir(&inbox).expect("the inbox").count();
        let (ran, log) = stock(&Run::new(), &folder, &options(url, LOGIN)).expect("as before");
        ran.exits(69).says("The certificate of localhost did not pass: the runtime trusts none of its issuers");
        let line = "### SMTP TLS failed: the certificate of the server did not pass. (the runtime trusts none of its issuers, \
                    and whom it trusts can't be chosen)";
        assert!(log.contains(line) && !log.contains("AUTH "), "{log}");
        assert_eq!(fs::read_dir(&inbox).expect("the inbox").count(), before);
    }
    // Accepting an unsecure connection accepts no wrong certificate.
    let folder = Folder::new();
    let open = [LOGIN, &["--accept-unsecure"]].concat();
    let (ran, log) = stock(&Run::new(), &folder, &options(&starttls, &open)).expect("as before");
    ran.exits(69).says("it did not go on in the clear");
    assert!(!log.contains("AUTH "), "{log}");
}

/// Postfix ends the handshake, and says it by SMTP.
#[test]
fn a_server_that_wants_a_client_certificate() {
    let wants = "smtpd_tls_req_ccert = yes";
    let Some(server) = Server::start_with("postfix", &[("EXTRA_MAIN_CF", wants)], &[]) else { return };
    let ca = server.ca();
    for url in [format!("smtp://localhost:{}", server.submission), format!("smtps://localhost:{}", server.tls)] {
        let Some(log) = alike(&Run::new().trusting(&ca), Some(&ca), &url, LOGIN, 75) else { return };
        assert!(log.contains("No client certificate presented"), "{log}");
    }
}

#[test]
fn dovecot() {
    let Some(sink) = Server::start("smtp-sink") else { return };
    let relay = sink.mx.to_string();
    let Some(server) = Server::start_with("dovecot-submission", &[("RELAY_PORT", &relay)], &[]) else { return };
    let ca = server.ca();
    let trusting = Run::new().trusting(&ca);
    let url = format!("smtp://localhost:{}", server.submission);
    alike(&trusting, Some(&ca), &url, LOGIN, 0);
    let url = format!("smtps://localhost:{}", server.tls);
    alike(&trusting, Some(&ca), &url, LOGIN, 0);
}

/// Certificates of an authority that is trusted, and that don't pass all the same.
#[test]
fn certificates_that_do_not_pass() {
    let folder = Folder::new();
    let authority = Authority::new("Stock");
    let ca = folder.join("ca.pem");
    fs::write(&ca, authority.pem()).expect("a file");
    let trusting = Run::new().trusting(&ca);
    for (certificate, line, words) in [
        (authority.expired(), "did not pass. (certificate expired: ", "has expired."),
        (authority.not_yet_valid(), "did not pass. (certificate not valid yet: ", "is not valid yet."),
        (authority.wrong_name(), "did not pass. (certificate not valid for name \"localhost\"", "is for another name."),
    ] {
        for at_once in [true, false] {
            let (scheme, security) = match at_once {
                true => ("smtps", Security::AtOnce(certificate.clone())),
                false => ("smtp", Security::StartTls(certificate.clone())),
            };
            let server = Scripted::start(Plan::good().offering("AUTH PLAIN LOGIN").secured(security));
            let url = format!("{scheme}://localhost:{}", server.port);
            let Some((ran, log)) = stock(&trusting, &folder, &options(&url, LOGIN)) else { return };
            ran.exits(69).says(words);
            assert!(log.contains(line), "{log}");
            assert_eq!(server.wait_for(1).mails(), 0);
            fs::remove_dir_all(folder.logs()).expect("the logs");
        }
    }
}

#[test]
fn a_server_that_speaks_plain_text() {
    let stage = Stage::open();
    let folder = Folder::new();
    let url = format!("smtps://localhost:{}", stage.plain_port());
    let Some((ran, log)) = stock(&Run::new(), &folder, &options(&url, TO)) else { return };
    ran.exits(69).says("localhost speaks plain text on port");
    assert!(log.contains("### SMTP TLS failed: the server speaks plain text on this port."), "{log}");
}
