//! Whatever can be printed for debugging is printed, and no form of a secret is found in it.

use std::fmt::{Debug, Write as _};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use wasmtime::component::ResourceTable;

use super::{NamedSecrets, Secret};
use crate::bindings::smtp::transporter::tls_sockets as wit;
use crate::tls_sockets as plain;
use crate::types::{ClientCertificate, Proxy, ProxyKind, Server, Trust};
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
    print(&named.find("another name"));
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

#[test]
fn a_named_secret_is_given_only_where_it_was_granted() {
    use wit::Host;
    let mut ctx = SmtpCtx::builder().secret("relay", "wonder land").build();
    let mut table = ResourceTable::new();
    let mut view = SmtpCtxView { ctx: &mut ctx, table: &mut table };
    assert_eq!(view.credential("relay".into()).unwrap(), Ok("wonder land".to_owned()));
    let denied = view.credential("rel\nay".into()).unwrap().unwrap_err();
    assert!(denied.starts_with("the host was given no secret named 'rel\\nay'"), "{denied}");
    let mut nothing = SmtpCtx::builder().build();
    let mut view = SmtpCtxView { ctx: &mut nothing, table: &mut table };
    assert!(view.credential("relay".into()).unwrap().is_err());
}
