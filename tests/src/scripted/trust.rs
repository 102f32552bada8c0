//! Servers that are not the one they should be: each is refused by a line of its own, and learns nothing.

use std::sync::Arc;

use rustls::ServerConfig;
use smtp_host::types::{Delivery, ErrorKind, Phase, Server, Trust};

use super::certificates::{Authority, self_signed};
use super::client::{self, Client, PASSWORD, TEXT, mail};
use super::plan::{Plan, Security};
use super::server::Scripted;

fn plan(security: Security) -> Plan {
    Plan::good().offering("AUTH PLAIN LOGIN").secured(security)
}

/// Tries to send, at once and by STARTTLS; `line` stands in both logs.
async fn refused(config: Arc<ServerConfig>, trust: &Trust, line: &str) {
    for at_once in [true, false] {
        let security = if at_once { Security::AtOnce(config.clone()) } else { Security::StartTls(config.clone()) };
        let scripted = Scripted::start(plan(security));
        let settings =
            Server { trust: Some(trust.clone()), ..client::login(client::secured(scripted.port, at_once, "")) };
        nothing_is_told(&scripted, settings, ErrorKind::CertificateRefused, line).await;
    }
}

async fn nothing_is_told(scripted: &Scripted, settings: Server, kind: ErrorKind, line: &str) {
    let client = Client::new();
    let at_once = settings.tls_at_once == Some(true);
    let mut transporter = client.transporter(settings).await;
    let error = transporter.send(&mail()).await.expect_err(line);
    transporter.close().await;
    let (regular, extended) = (client.regular(), client.extended());
    let told = client::told(&error, &regular);
    assert_eq!((error.phase, error.kind, error.delivery), (Phase::Tls, kind, Delivery::NotAccepted), "{told}");
    for log in [&regular, &extended] {
        assert!(log.lines().any(|statement| statement.contains("### ") && statement.contains(line)), "{line}: {told}");
    }
    let seen = scripted.after(1).await;
    assert_eq!((seen.connections.len(), seen.mails()), (1, 0), "{seen:?}");
    let connection = &seen.connections[0];
    assert!(connection.secured.is_empty(), "{line}: said under TLS: {}", connection.said());
    let said = connection.said();
    let expected = if at_once { "" } else { "EHLO [127.0.0.1]\r\nSTARTTLS\r\n" };
    assert_eq!(said, expected, "{line}");
    for secret in [PASSWORD, "someone", TEXT, "example.test"] {
        assert!(!said.contains(secret), "{said}");
    }
}

fn roots(pem: String) -> Trust {
    Trust { roots: vec![smtp_host::types::RootStore::Pem(pem.into())], pin_sha256: None, client_certificate: None }
}

#[tokio::test]
async fn a_good_certificate_is_taken() {
    let authority = Authority::new("Trusted");
    for at_once in [true, false] {
        let good = authority.good();
        let scripted = Scripted::start(plan(if at_once { Security::AtOnce(good) } else { Security::StartTls(good) }));
        let client = Client::new();
        let settings = client::login(client::secured(scripted.port, at_once, &authority.pem()));
        let mut transporter = client.transporter(settings).await;
        let receipt = transporter.send(&mail()).await.expect("a mail accepted");
        assert_eq!(receipt.tls.map(|tls| tls.version).as_deref(), Some("TLSv1.3"));
        transporter.close().await;
        assert_eq!(scripted.after(1).await.mails(), 1);
    }
}

#[tokio::test]
async fn expired() {
    let authority = Authority::new("Trusted");
    refused(authority.expired(), &roots(authority.pem()), "expired on 2020-02-03").await;
}

#[tokio::test]
async fn not_yet_valid() {
    let authority = Authority::new("Trusted");
    refused(authority.not_yet_valid(), &roots(authority.pem()), "not valid before 2090-02-03").await;
}

#[tokio::test]
async fn wrong_name() {
    let authority = Authority::new("Trusted");
    refused(authority.wrong_name(), &roots(authority.pem()), "it has 'mail.elsewhere.test'").await;
}

#[tokio::test]
async fn unknown_issuer() {
    let (authority, other) = (Authority::new("Trusted"), Authority::new("Stranger"));
    refused(other.good(), &roots(authority.pem()), "has an unknown issuer, 'CN=Stranger'").await;
}

#[tokio::test]
async fn signed_by_itself() {
    let authority = Authority::new("Trusted");
    refused(self_signed(), &roots(authority.pem()), "is issued by itself").await;
}

#[tokio::test]
async fn revoked() {
    let authority = Authority::new("Trusted");
    let (config, list) = authority.revoked();
    refused(config, &roots(authority.pem() + &list), "has been revoked by its issuer").await;
}

#[tokio::test]
async fn another_than_the_pinned_one() {
    let authority = Authority::new("Trusted");
    let trust = Trust { pin_sha256: Some(vec![0xab; 32]), ..roots(authority.pem()) };
    refused(authority.good(), &trust, "is not the pinned one, its SHA-256 is").await;
}

#[tokio::test]
async fn tls_1_0_alone() {
    let scripted = Scripted::start(plan(Security::AncientAtOnce));
    let settings = client::login(client::secured(scripted.port, true, &Authority::new("Trusted").pem()));
    nothing_is_told(&scripted, settings, ErrorKind::TlsFailed, "no TLS version or cipher suite in common").await;
}
