//! Whatever can be printed for debugging is printed, and no form of a secret is found in it.

use std::fmt::{Debug, Write as _};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use wasmtime::component::ResourceTable;

use super::{NamedSecrets, Purpose, Secret};
use crate::bindings::smtp::transporter::tls_sockets as wit;
use crate::policy::Policy;
use crate::tls_sockets as plain;
use crate::types::{ClientCertificate, Proxy, ProxyKind, RootStore, Server, Trust};
use crate::{SmtpCtx, SmtpCtxView};

fn proxy(secret: &Secret) -> Proxy {
    Proxy {
        kind: ProxyKind::Socks5,
        host: "proxy.example".into(),
        port: 1080,
        user: Some("ana".into()),
        password: Some(secret.clone()),
    }
}

fn trust(secret: &Secret) -> Trust {
    Trust { roots: Vec::new(), pin_sha256: None, client_certificate: Some(ClientCertificate { pem: secret.clone() }) }
}

fn server(secret: &Secret) -> Server {
    Server {
        host: "mail.example".into(),
        port: None,
        tls_at_once: None,
        user: Some("ana".into()),
        password: Some(secret.clone()),
        access_token: Some(secret.clone()),
        authentication_mode: None,
        accept_unsecure_connection: None,
        connection_time_out: None,
        send_time_out: None,
        keep_alive: None,
        log_file: None,
        log_language: None,
        ehlo_name: None,
        initial_response: None,
        pipelining: None,
        chunking: None,
        trust: Some(trust(secret)),
        proxy: Some(proxy(secret)),
    }
}

/// Both forms of `Debug` of everything that is public and may hold a secret.
fn everything_printed(text: &str) -> String {
    let mut printed = String::new();
    let mut print = |what: &dyn Debug| {
        // Writing into a `String` can't fail.
        let _ = writeln!(printed, "{what:?}\n{what:#?}");
    };
    for secret in [Secret::from(text), Secret::named(text)] {
        print(&secret);
        print(&Some(&secret));
        print(&server(&secret));
        print(&proxy(&secret));
        print(&trust(&secret));
        print(&ClientCertificate { pem: secret.clone() });
        print(&wit::Endpoint { host: "h".into(), port: 25, proxy: Some(proxy(&secret)) });
        print(&wit::TlsSettings { server_name: "h".into(), trust: Some(trust(&secret)) });
    }
    let proxy = plain::Proxy {
        kind: plain::ProxyKind::HttpConnect,
        host: "h".into(),
        port: 1,
        user: Some("ana".into()),
        password: Some(text.into()),
    };
    print(&proxy);
    print(&plain::Endpoint { host: "h".into(), port: 25, proxy: Some(proxy) });
    let client_certificate = Some(plain::ClientCertificate { pem: text.into() });
    print(&client_certificate);
    let trust = plain::Trust { client_certificate, ..plain::Trust::default() };
    print(&plain::TlsSettings { server_name: "h".into(), trust: Some(trust) });
    let mut named = NamedSecrets::default();
    named.grant("the name", text);
    print(&named);
    print(&SmtpCtx::builder().secret("the name", text).build());
    print(&named.find("another name", &Purpose::safe("h", 25)));
    printed
}

/// As it is, as `Debug` and as a list of numbers would write it, in hexadecimal, and what of its base64 does not depend on
/// the text around it.
fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let escaped = format!("{secret:?}");
    let numbers = format!("{bytes:?}");
    let mut forms = vec![
        secret.to_owned(),
        escaped[1..escaped.len() - 1].to_owned(),
        numbers[1..numbers.len() - 1].to_owned(),
        hex.to_ascii_uppercase(),
        hex,
    ];
    for offset in 0..3 {
        let encoded = STANDARD.encode([&[0; 2][..offset], bytes].concat());
        let first = if offset == 0 { 0 } else { 4 };
        forms.push(encoded[first..(offset + bytes.len()) / 3 * 4].to_owned());
    }
    forms
}

proptest! {
    #[test]
    fn debug_shows_no_secret(secret in "(?s).{10,60}") {
        let printed = everything_printed(&secret);
        for form in forms(&secret) {
            prop_assert!(!printed.contains(&form), "{form:?} stands in {printed}");
        }
    }
}

#[test]
fn what_is_looked_for_is_found() {
    let text = "a secret\r\n\0\"é";
    let printed = format!("{:?} {:?} {text} {}", text, text.as_bytes(), STANDARD.encode(format!("ab{text}")));
    let found = forms(text).iter().filter(|form| printed.contains(form.as_str())).count();
    assert_eq!(found, 4, "{printed}");
}

fn endpoint(host: &str, port: u16) -> wit::Endpoint {
    wit::Endpoint { host: host.into(), port, proxy: None }
}

fn verified(trust: Option<Trust>) -> Option<wit::TlsSettings> {
    Some(wit::TlsSettings { server_name: "mail.example".into(), trust })
}

#[test]
fn a_named_secret_is_given_only_where_it_was_granted() {
    use wit::Host;
    let mut ctx = SmtpCtx::builder().secret("relay", "wonder land").build();
    let mut table = ResourceTable::new();
    let mut view = SmtpCtxView { ctx: &mut ctx, table: &mut table };
    let anywhere = || endpoint("anywhere.example", 25);
    assert_eq!(view.credential("relay".into(), anywhere(), None).unwrap(), Ok("wonder land".to_owned()));
    let denied = view.credential("rel\nay".into(), anywhere(), None).unwrap().unwrap_err();
    assert!(denied.starts_with("the host was given no secret named 'rel\\nay'"), "{denied}");
    let mut nothing = SmtpCtx::builder().build();
    let mut view = SmtpCtxView { ctx: &mut nothing, table: &mut table };
    assert!(view.credential("relay".into(), anywhere(), None).unwrap().is_err());
}

#[test]
fn a_bound_secret_goes_to_its_server_alone() {
    use wit::Host;
    let mut to = Policy::none();
    to.allow("mail.example:587".parse().unwrap()).allow("*.relay.example:*".parse().unwrap());
    let bound = || SmtpCtx::builder().secret_for("relay", "wonder land", to.clone());
    let mut table = ResourceTable::new();
    let mut ask = |builder: crate::SmtpCtxBuilder, to: wit::Endpoint, tls| {
        let mut ctx = builder.build();
        let mut view = SmtpCtxView { ctx: &mut ctx, table: &mut table };
        view.credential("relay".into(), to, tls).unwrap()
    };
    let given = Ok("wonder land".to_owned());
    for host in ["mail.example", "MAIL.example.", "a.relay.example"] {
        assert_eq!(ask(bound(), endpoint(host, 587), verified(None)), given, "{host}");
    }
    let own = |roots, pin_sha256| verified(Some(Trust { roots, pin_sha256, client_certificate: None }));
    assert_eq!(ask(bound(), endpoint("mail.example", 587), own(vec![RootStore::System], None)), given);
    for (host, port) in [("mail.example", 25), ("evil.example", 587), ("relay.example", 587), ("127.0.0.1", 587)] {
        let denied = ask(bound(), endpoint(host, port), verified(None)).unwrap_err();
        let grant = format!("--secret 'relay=FILE;to={host}:{port}'");
        assert!(denied.contains(&grant), "{denied}");
    }
    // Somebody else who would be taken for the server.
    let through = || wit::Endpoint { proxy: Some(proxy(&"x".into())), ..endpoint("mail.example", 587) };
    let there = || endpoint("mail.example", 587);
    let pem = || own(vec![RootStore::Pem(Vec::new())], None);
    let pin = || own(Vec::new(), Some(vec![0; 32]));
    for (to, tls, grant) in [
        (through(), verified(None), "--proxy would"),
        (there(), pem(), "--ca-file would"),
        (there(), pin(), "--ca-file would"),
        (there(), None, "--secret without ;to= would"),
    ] {
        let denied = ask(bound(), to, tls).unwrap_err();
        assert!(denied.contains(grant), "{denied}");
    }
    // What the host chose itself is no hazard.
    let chosen = plain::Proxy { kind: plain::ProxyKind::Socks5, host: "p".into(), port: 1, user: None, password: None };
    assert_eq!(ask(bound().proxy(chosen), through(), verified(None)), given);
    assert_eq!(ask(bound().trust(plain::Trust::default()), there(), pem()), given);
}

/// A password for a proxy and a client's key are bound as a password for a server is, but nobody else sees them.
#[test]
fn other_bound_secrets() {
    let mut named = NamedSecrets::default();
    let mut to = Policy::none();
    to.allow("proxy.example:1080".parse().unwrap());
    named.grant_for("relay", "wonder land", to);
    assert_eq!(named.find("relay", &Purpose::safe("proxy.example", 1080)), Ok("wonder land"));
    assert!(named.find("relay", &Purpose::safe("proxy.example", 1081)).is_err());
}
