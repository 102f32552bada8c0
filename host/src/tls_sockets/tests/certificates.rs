//! Which certificates pass, and what is said of those that don't.

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd};
use tokio::io::AsyncWriteExt;

use super::*;

async fn greet(config: rustls::ServerConfig, tls: TlsSettings) -> Result<Socket, SocketError> {
    let address = tls_server(config, |mut stream| async move {
        stream.write_all(b"220 hello\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
    })
    .await;
    let mut socket = connect(address, Some(tls)).await?;
    assert_eq!(read_all(&mut socket, 11).await, b"220 hello\r\n");
    assert_eq!(socket.read(10, LONG).await, Ok(Vec::new()));
    assert_eq!(socket.read(10, LONG).await, Ok(Vec::new()));
    Ok(socket)
}

async fn refusal(identity: &Identity, tls: TlsSettings) -> CertificateRefusal {
    match greet(identity.server(), tls).await.unwrap_err() {
        SocketError::CertificateRefused(refusal) => *refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_good_one_under_both_versions() {
    let authority = Authority::new();
    let identity = authority.issue(&localhost());
    for (version, name) in [(&rustls::version::TLS13, "TLSv1.3"), (&rustls::version::TLS12, "TLSv1.2")] {
        let socket = greet(identity.server_with(&[version]), settings(authority.trust())).await.unwrap();
        let session = socket.tls_session().unwrap();
        assert_eq!(session.version, name);
        assert!(session.cipher.starts_with("TLS_"), "{}", session.cipher);
        assert_eq!(session.server_name, "localhost");
        assert_eq!(session.certificate.subject, "CN=localhost");
        assert_eq!(session.certificate.issuer, "CN=Test Authority");
        assert_eq!(session.certificate.names, ["localhost", "127.0.0.1"]);
        assert_eq!(session.certificate.not_after, "4096-01-01T00:00:00Z");
        assert_eq!(session.certificate.sha256.len(), 64);
        assert_eq!(session.channel_binding_exporter.as_ref().map(Vec::len), (name == "TLSv1.3").then_some(32));
        assert_eq!(session.channel_binding_end_point, Some(identity.pin()));
    }
}

#[tokio::test]
async fn a_server_known_by_its_address() {
    let authority = Authority::new();
    let tls = TlsSettings { server_name: "127.0.0.1".to_owned(), trust: Some(authority.trust()) };
    assert!(greet(authority.issue(&localhost()).server(), tls).await.is_ok());
}

#[tokio::test]
async fn dates() {
    let authority = Authority::new();
    let mut params = localhost();
    params.not_after = date_time_ymd(2020, 1, 2);
    let refused = refusal(&authority.issue(&params), settings(authority.trust())).await;
    assert_eq!(refused.check, CertificateCheck::Expired);
    assert_eq!(refused.detail, "expired on 2020-01-02T00:00:00Z");
    assert_eq!(refused.certificate.unwrap().subject, "CN=localhost");

    let mut params = localhost();
    params.not_before = date_time_ymd(4000, 1, 2);
    let refused = refusal(&authority.issue(&params), settings(authority.trust())).await;
    assert_eq!(refused.check, CertificateCheck::NotYetValid);
    assert_eq!(refused.detail, "not valid before 4000-01-02T00:00:00Z");
}

#[tokio::test]
async fn names() {
    let authority = Authority::new();
    let identity = authority.issue(&CertificateParams::new(vec!["mail.example.com".to_owned()]).unwrap());
    let refused = refusal(&identity, settings(authority.trust())).await;
    assert_eq!(refused.check, CertificateCheck::WrongName);
    assert_eq!(refused.detail, "it is for mail.example.com");
    assert_eq!(refused.certificate.unwrap().names, ["mail.example.com"]);
}

#[tokio::test]
async fn issuers() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let refused = refusal(&theirs.issue(&localhost()), TlsSettings { trust: None, ..settings(ours.trust()) }).await;
    assert_eq!(refused.check, CertificateCheck::UnknownIssuer);
    assert_eq!(refused.detail, "issued by CN=Test Authority, whom the trust settings don't include");

    for is_ca in [IsCa::NoCa, IsCa::Ca(rcgen::BasicConstraints::Unconstrained)] {
        let mut params = localhost();
        params.is_ca = is_ca;
        let key = KeyPair::generate().unwrap();
        let identity = Identity { certificate: params.self_signed(&key).unwrap(), key };
        let refused = refusal(&identity, settings(ours.trust())).await;
        assert_eq!((refused.check, refused.detail.as_str()), (CertificateCheck::UnknownIssuer, "self-signed"));
        // Given as a root it passes, and its name still counts.
        let given = Trust { roots: vec![RootStore::Pem(identity.certificate.pem().into_bytes())], ..Trust::default() };
        assert!(greet(identity.server(), settings(given.clone())).await.is_ok());
        let other = TlsSettings { server_name: "other.example".to_owned(), trust: Some(given) };
        assert_eq!(refusal(&identity, other).await.check, CertificateCheck::WrongName);
    }
}

#[tokio::test]
async fn purposes() {
    let authority = Authority::new();
    let mut params = localhost();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let refused = refusal(&authority.issue(&params), settings(authority.trust())).await;
    assert_eq!(refused.check, CertificateCheck::NotForServers);
}

#[tokio::test]
async fn signatures() {
    // The same name as the trusted authority's, another key.
    let (ours, theirs) = (Authority::new(), Authority::new());
    let refused = refusal(&theirs.issue(&localhost()), settings(ours.trust())).await;
    assert_eq!(refused.check, CertificateCheck::BadSignature);
}

#[tokio::test]
async fn revocation_lists() {
    let (authority, other) = (Authority::new(), Authority::new());
    let mut params = localhost();
    params.serial_number = Some(7.into());
    let (good, revoked) = (authority.issue(&localhost()), authority.issue(&params));
    let list = |issuer: &Authority| {
        let entry = rcgen::RevokedCertParams {
            serial_number: 7.into(),
            revocation_time: date_time_ymd(2020, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let list = rcgen::CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 1),
            next_update: date_time_ymd(4000, 1, 1),
            crl_number: 1.into(),
            issuing_distribution_point: None,
            revoked_certs: vec![entry],
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        list.signed_by(&issuer.issuer).unwrap().pem().unwrap()
    };
    let trust = |lists: &str| {
        let pem = format!("{}{lists}", authority.pem);
        settings(Trust { roots: vec![RootStore::Pem(pem.into_bytes())], ..Trust::default() })
    };
    assert!(greet(revoked.server(), trust("")).await.is_ok());
    let refused = refusal(&revoked, trust(&list(&authority))).await;
    assert_eq!(refused.check, CertificateCheck::Revoked);
    assert_eq!(refused.detail, "its issuer's revocation list names it");
    assert!(greet(good.server(), trust(&list(&authority))).await.is_ok());
    // A list that somebody else signed in the issuer's name is no reason to refuse, and none to accept.
    assert!(greet(revoked.server(), trust(&list(&other))).await.is_err());
    // The list alone is no root, but may stand beside others.
    let roots = vec![RootStore::Pem(list(&authority).into_bytes()), RootStore::Pem(authority.pem.clone().into_bytes())];
    let refused = refusal(&revoked, settings(Trust { roots, ..Trust::default() })).await;
    assert_eq!(refused.check, CertificateCheck::Revoked);
}

#[tokio::test]
async fn pins() {
    let authority = Authority::new();
    let mut params = CertificateParams::new(vec!["elsewhere.example".to_owned()]).unwrap();
    params.not_after = date_time_ymd(2020, 1, 1);
    let identity = authority.issue(&params);
    let pinned = |pin| settings(Trust { pin_sha256: Some(pin), ..Trust::default() });
    assert!(greet(identity.server(), pinned(identity.pin())).await.is_ok());
    let refused = refusal(&identity, pinned(vec![7; 32])).await;
    assert_eq!(refused.check, CertificateCheck::PinMismatch);
    assert!(refused.certificate.is_some());
    let error = greet(identity.server(), pinned(vec![7; 20])).await.unwrap_err();
    assert_eq!(error, SocketError::BadTrust("the pin has 20 bytes; a SHA-256 has 32".to_owned()));
}

#[tokio::test]
async fn client_certificates() {
    let authority = Authority::new();
    let server = authority.issue(&localhost());
    let mut params = CertificateParams::default();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let client = authority.issue(&params);

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    let der = rustls::pki_types::pem::PemObject::from_pem_slice(authority.pem.as_bytes()).unwrap();
    roots.add(der).unwrap();
    let verifier =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server.key.serialize_der()));
    let config = |versions: &[&'static rustls::SupportedProtocolVersion]| {
        ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .unwrap()
            .with_client_cert_verifier(verifier.clone().unwrap())
            .with_single_cert(vec![server.certificate.der().clone()], key.clone_key())
            .unwrap()
    };
    let shown = |pem: String| {
        let client_certificate = Some(ClientCertificate { pem: pem.into_bytes() });
        settings(Trust { client_certificate, ..authority.trust() })
    };
    // The key first or last.
    for pem in
        [client.certificate.pem() + &client.key.serialize_pem(), client.key.serialize_pem() + &client.certificate.pem()]
    {
        assert!(greet(config(&[&rustls::version::TLS13]), shown(pem)).await.is_ok());
    }
    for (pem, words) in [
        (client.key.serialize_pem(), "no certificate"),
        (client.certificate.pem(), "no private key (PKCS#8, PKCS#1 or SEC1)"),
        (
            client.certificate.pem() + &server.key.serialize_pem() + &client.key.serialize_pem(),
            "more than one private key",
        ),
    ] {
        let error = greet(config(&[&rustls::version::TLS13]), shown(pem)).await.unwrap_err();
        assert_eq!(error, SocketError::BadTrust(format!("the PEM of the client certificate holds {words}")));
    }
    // TLS 1.3 says it at the first read, TLS 1.2 within the handshake.
    let address = tls_server(config(&[&rustls::version::TLS13]), |_| async {}).await;
    let mut socket = connect(address, Some(settings(authority.trust()))).await.unwrap();
    let wanted = SocketError::Handshake("the server wants a client certificate".to_owned());
    assert_eq!(socket.read(10, LONG).await, Err(wanted));
}

#[tokio::test]
async fn roots_that_cannot_be_read() {
    let trust = |pem: &[u8]| settings(Trust { roots: vec![RootStore::Pem(pem.to_vec())], ..Trust::default() });
    let identity = Authority::new().issue(&localhost());
    for (pem, words) in [
        (&b""[..], "the PEM of the roots holds no certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n", "the PEM of the roots has no END line"),
        (b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n", "the PEM of the roots is not base64"),
    ] {
        let error = greet(identity.server(), trust(pem)).await.unwrap_err();
        assert_eq!(error, SocketError::BadTrust(words.to_owned()));
    }
}

#[tokio::test]
async fn sessions_are_resumed_among_those_who_trust_the_same() {
    let authority = Authority::new();
    let address = tls_server(authority.issue(&localhost()).server(), |mut stream| async move {
        use tokio::io::AsyncReadExt;
        stream.write_all(b"220 hello\r\n").await.unwrap();
        let _ = stream.read_u8().await;
    })
    .await;
    let mut kinds = Vec::new();
    let mut facts = Vec::new();
    for _ in 0..2 {
        let mut socket = connect(address, Some(settings(authority.trust()))).await.unwrap();
        read_all(&mut socket, 11).await;
        let super::super::stream::Stream::Tls(tls) = &socket.stream else { panic!() };
        kinds.push(tls.get_ref().1.handshake_kind().unwrap());
        facts.push(socket.tls_session().unwrap().certificate.clone());
    }
    assert_eq!(kinds, [rustls::HandshakeKind::Full, rustls::HandshakeKind::Resumed]);
    assert_eq!(facts[0], facts[1]);
}
