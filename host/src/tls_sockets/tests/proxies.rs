//! Small proxies of both kinds, and what they may answer.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

const TARGET: &str = "smtp.example.com";

fn through(address: SocketAddr, kind: ProxyKind, login: Option<(&str, &str)>) -> Endpoint {
    let (user, password) = login.map(|(user, password)| (user.to_owned(), password.to_owned())).unzip();
    let proxy = Proxy { kind, host: address.ip().to_string(), port: address.port(), user, password };
    Endpoint { host: TARGET.to_owned(), port: 587, proxy: Some(proxy) }
}

/// A proxy that expects the first of each pair and answers the second; a greeting follows the last at once.
async fn script(steps: &'static [(&'static [u8], &'static [u8])]) -> SocketAddr {
    server(move |mut stream| async move {
        for (expected, answer) in steps {
            let mut got = vec![0; expected.len()];
            stream.read_exact(&mut got).await.unwrap();
            assert_eq!(got.escape_ascii().to_string(), expected.escape_ascii().to_string());
            stream.write_all(answer).await.unwrap();
        }
        pause(1_000).await;
    })
    .await
}

async fn pass(address: SocketAddr, kind: ProxyKind, login: Option<(&str, &str)>) -> Result<Socket, SocketError> {
    let mut policy = everything_here();
    policy.allow_exactly(TARGET, 587).unwrap();
    Socket::connect(&policy, through(address, kind, login), None, 500).await.map_err(|failed| failed.error)
}

const GREETING: &[u8] = b"220 hello\r\n";
const SOCKS_REQUEST: &[u8] = b"\x05\x01\0\x03\x10smtp.example.com\x02\x4b";

#[tokio::test]
async fn socks() {
    let address =
        script(&[(b"\x05\x01\0", b"\x05\0"), (SOCKS_REQUEST, b"\x05\0\0\x03\x04name\0\x19220 hello\r\n")]).await;
    let mut socket = pass(address, ProxyKind::Socks5, None).await.unwrap();
    assert_eq!(read_all(&mut socket, GREETING.len()).await, GREETING);
    assert_eq!(socket.attempts()[0].address, address);

    let address = script(&[
        (b"\x05\x02\0\x02", b"\x05\x02"),
        (b"\x01\x04user\x04pass", b"\x01\0"),
        (SOCKS_REQUEST, b"\x05\0\0\x01\0\0\0\0\0\x00220 hello\r\n"),
    ])
    .await;
    let mut socket = pass(address, ProxyKind::Socks5, Some(("user", "pass"))).await.unwrap();
    assert_eq!(read_all(&mut socket, GREETING.len()).await, GREETING);
}

#[tokio::test]
async fn socks_that_refuses() {
    type Steps = &'static [(&'static [u8], &'static [u8])];
    let login = Some(("user", "pass"));
    let cases: [(Steps, Option<_>, &str); 6] = [
        (&[(b"\x05\x01\0", b"\x05\xff")], None, "it wants a user and password"),
        (&[(b"\x05\x02\0\x02", b"\x05\xff")], login, "it takes no user and password"),
        (
            &[(b"\x05\x02\0\x02", b"\x05\x02"), (b"\x01\x04user\x04pass", b"\x01\x01")],
            login,
            "it refused the user and password",
        ),
        (&[(b"\x05\x01\0", b"\x05\0"), (SOCKS_REQUEST, b"\x05\x05\0\x01")], None, "connection refused there"),
        (&[(b"\x05\x01\0", b"HT")], None, "it is no SOCKS 5 proxy"),
        (&[(b"\x05\x01\0", b"\x05")], None, "127.0.0.1:PORT did not answer within 500 ms"),
    ];
    for (steps, login, words) in cases {
        let address = script(steps).await;
        let error = pass(address, ProxyKind::Socks5, login).await.unwrap_err();
        assert_eq!(error, SocketError::Proxy(words.replace("PORT", &address.port().to_string())));
    }
}

#[tokio::test]
async fn http() {
    let address = script(&[(
        b"CONNECT smtp.example.com:587 HTTP/1.1\r\nHost: smtp.example.com:587\r\n\
          Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\n220 hello\r\n",
    )])
    .await;
    let mut socket = pass(address, ProxyKind::HttpConnect, Some(("user", "pass"))).await.unwrap();
    assert_eq!(read_all(&mut socket, GREETING.len()).await, GREETING);
}

#[tokio::test]
async fn http_that_refuses() {
    const REQUEST: &[u8] = b"CONNECT smtp.example.com:587 HTTP/1.1\r\nHost: smtp.example.com:587\r\n\r\n";
    const ENDLESS: &[u8] = &{
        let mut head = [b'x'; 9000];
        let start = *b"HTTP/1.1 200 OK\r\n";
        let mut index = 0;
        while index < start.len() {
            head[index] = start[index];
            index += 1;
        }
        head
    };
    let cases: [(&'static [u8], &str); 4] = [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "it refused the connection (403 Forbidden)"),
        (b"HTTP/1.1 407 Who?\r\n\r\n", "it wants a user and password (407 Who?)"),
        (b"220 smtp.example.com", "it is no HTTP proxy"),
        (ENDLESS, "its answer has no end within 8192 bytes"),
    ];
    for (answer, words) in cases {
        let address = server(move |mut stream| async move {
            stream.read_exact(&mut vec![0; REQUEST.len()]).await.unwrap();
            let _ = stream.write_all(answer).await;
            pause(1_000).await;
        })
        .await;
        let error = pass(address, ProxyKind::HttpConnect, None).await.unwrap_err();
        assert_eq!(error, SocketError::Proxy(words.to_owned()));
    }
}

#[tokio::test]
async fn a_proxy_that_repeats_the_password_is_not_repeated() {
    let address = server(|mut stream| async move {
        let _ = stream.read_exact(&mut [0; 80]).await;
        let _ = stream.write_all(b"HTTP/1.1 407 user pass dXNlcjpwYXNz\r\n\r\n").await;
        pause(1_000).await;
    })
    .await;
    let error = pass(address, ProxyKind::HttpConnect, Some(("user", "pass"))).await.unwrap_err();
    assert_eq!(error, SocketError::Proxy("it refused the user and password (407)".to_owned()));
}

#[tokio::test]
async fn both_the_proxy_and_the_target_must_be_granted() {
    let address = SocketAddr::from(([127, 0, 0, 1], 1080));
    let mut target_only = Policy::none();
    target_only.allow_exactly(TARGET, 587).unwrap();
    for (policy, words) in [
        (everything_here(), "the host has not granted smtp.example.com:587; --allow smtp.example.com:587 would"),
        (target_only, "the host has not granted 127.0.0.1:1080; --allow 127.0.0.1:1080 would"),
    ] {
        let error =
            Socket::connect(&policy, through(address, ProxyKind::Socks5, None), None, LONG).await.unwrap_err().error;
        assert_eq!(error, SocketError::Denied(words.to_owned()));
    }
}

#[test]
fn secrets_stand_in_no_debug_output() {
    let address = SocketAddr::from(([127, 0, 0, 1], 1080));
    let shown = format!("{:?}", through(address, ProxyKind::Socks5, Some(("us3r", "s3cret"))));
    assert!(!shown.contains("s3cret") && !shown.contains("us3r"), "{shown}");
    let client = ClientCertificate { pem: b"s3cret".to_vec() };
    assert_eq!(format!("{client:?}"), "ClientCertificate(***)");
}
