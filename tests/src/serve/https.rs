//! The service under TLS, with a certificate of its own.

use super::http;
use crate::scripted::Authority;
use std::fs;
use std::io::{Read, Write};
use std::sync::Arc;

/// The whole answer, over TLS that believes this authority.
fn ask(authority: &str, port: u16, request: &str) -> String {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in rustls_pem(authority) {
        roots.add(certificate).expect("a root");
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().expect("a name");
    let connection = rustls::ClientConnection::new(Arc::new(config), name).expect("a connection");
    let mut stream = rustls::StreamOwned::new(connection, http::connect(port));
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    // The end without a goodbye is not what this is about.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn rustls_pem(pem: &str) -> Vec<rustls::pki_types::CertificateDer<'static>> {
    use rustls::pki_types::pem::PemObject;
    rustls::pki_types::CertificateDer::pem_slice_iter(pem.as_bytes()).map(|one| one.expect("PEM")).collect()
}

#[test]
fn its_own_certificate_and_cookies_for_tls_only() {
    let authority = Authority::new("Authority of the page");
    let (chain, key) = authority.good_pem();
    let folder = std::env::temp_dir().join(format!("smtp-https-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("chain.pem"), chain).expect("a file");
    fs::write(folder.join("key.pem"), key).expect("a file");
    let path = |name: &str| folder.join(name).display().to_string();
    let tls = format!("[tls]\ncertificate = \"{}\"\nkey = \"{}\"\n", path("chain.pem"), path("key.pem"));
    let service = super::start(&format!("{tls}{}", super::in_the_clear("nobody", 9)));
    let port = service.port;

    let healthy = format!("GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    let answer = ask(&authority.pem(), port, &healthy);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    let form = format!("token={}", service.token);
    let login = format!(
        "POST /login HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: https://localhost:{port}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let answer = ask(&authority.pem(), port, &login);
    let cookie = answer.lines().find(|line| line.to_lowercase().starts_with("set-cookie:")).unwrap_or_default();
    for part in ["Secure", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{part} is not in {answer}");
    }

    // Who speaks no TLS gets no page.
    let mut plain = http::connect(port);
    plain.write_all(healthy.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/"), "{}", String::from_utf8_lossy(&answer));
    let _ = fs::remove_dir_all(&folder);
}
