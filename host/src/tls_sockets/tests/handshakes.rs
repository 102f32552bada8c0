//! Servers that do not speak TLS, or not ours, or not when they should.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

fn mozilla() -> TlsSettings {
    TlsSettings { server_name: "localhost".to_owned(), trust: None }
}

/// The error of a handshake with a server that answers the first bytes (or does not wait for them) with these.
async fn answered(bytes: &'static [u8], wait: bool, then_close: bool) -> SocketError {
    let address = server(move |mut stream| async move {
        if wait {
            let _ = stream.read(&mut [0; 2048]).await;
        }
        let _ = stream.write_all(bytes).await;
        if !then_close {
            pause(5_000).await;
        }
    })
    .await;
    Socket::connect(&everything_here(), endpoint(address), Some(mozilla()), 1_000).await.unwrap_err().error
}

#[tokio::test]
async fn plain_text_on_a_tls_port() {
    let greeting = b"220 mail.example.com ESMTP\r\n";
    for wait in [false, true] {
        assert_eq!(answered(greeting, wait, false).await, SocketError::NotTls(greeting.to_vec()));
    }
    // Too short for a record's header.
    assert_eq!(answered(b"5", true, true).await, SocketError::NotTls(b"5".to_vec()));
    let long = &[b'x'; 100];
    assert_eq!(answered(long, true, false).await, SocketError::NotTls(vec![b'x'; 64]));
}

#[tokio::test]
async fn no_common_version_or_cipher() {
    let alert = |words: &str| SocketError::NoCommonTls(words.to_owned());
    let protocol_version = b"\x15\x03\x01\x00\x02\x02\x46";
    assert_eq!(answered(protocol_version, true, false).await, alert("the server's alert was ProtocolVersion"));
    let handshake_failure = b"\x15\x03\x03\x00\x02\x02\x28";
    assert_eq!(answered(handshake_failure, true, false).await, alert("the server's alert was HandshakeFailure"));
    // A ServerHello of TLS 1.0: random of zeros, no session, TLS_RSA_WITH_AES_128_CBC_SHA.
    let hello = b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x00\x2f\x00";
    assert_eq!(answered(hello, true, false).await, alert("the server speaks neither TLS 1.2 nor TLS 1.3"));
}

#[tokio::test]
async fn silence_and_an_early_end() {
    assert_eq!(answered(b"", true, true).await, SocketError::Lost);
    assert_eq!(answered(b"", true, false).await, SocketError::Failed(SocketFailure::TimedOut(1_000)));
}

#[tokio::test]
async fn starting_tls_later() {
    let authority = Authority::new();
    let acceptor = TlsAcceptor::from(Arc::new(authority.issue(&localhost()).server()));
    let address = server(move |mut stream| {
        let acceptor = acceptor.clone();
        async move {
            stream.write_all(b"220 go\r\n").await.unwrap();
            let mut stream = acceptor.accept(stream).await.unwrap();
            stream.write_all(b"250 secret\r\n").await.unwrap();
            pause(100).await; // and then TCP ends without a close_notify
        }
    })
    .await;
    let mut socket = connect(address, None).await.unwrap();
    assert_eq!(read_all(&mut socket, 8).await, b"220 go\r\n");
    assert_eq!(socket.tls_session(), None);
    let session = socket.start_tls(&settings(authority.trust()), LONG).await.unwrap().clone();
    assert_eq!(socket.tls_session(), Some(&session));
    assert_eq!(read_all(&mut socket, 12).await, b"250 secret\r\n");
    assert!(matches!(socket.start_tls(&mozilla(), LONG).await, Err(SocketError::Misuse(_))));
    assert_eq!(socket.read(10, LONG).await, Err(SocketError::Lost));
    assert_eq!(socket.read(10, LONG).await, Err(SocketError::Lost));
}

#[tokio::test]
async fn bytes_that_wait_when_tls_starts() {
    let address = server(|mut stream| async move {
        stream.write_all(b"220 go\r\n250 injected\r\n").await.unwrap();
        pause(5_000).await;
    })
    .await;
    let mut socket = connect(address, None).await.unwrap();
    assert_eq!(socket.read(8, LONG).await.unwrap(), b"220 go\r\n");
    pause(50).await;
    assert_eq!(socket.start_tls(&mozilla(), LONG).await, Err(SocketError::InjectedBytes(14)));
}

#[tokio::test]
async fn nothing_follows_a_failed_handshake() {
    let authority = Authority::new();
    let address = tls_server(authority.issue(&localhost()).server(), |_| async {}).await;
    let mut socket = connect(address, None).await.unwrap();
    assert!(matches!(socket.start_tls(&mozilla(), LONG).await, Err(SocketError::CertificateRefused(_))));
    assert!(matches!(socket.write(b"AUTH", LONG).await, Err(SocketError::Misuse(_))));
    assert!(matches!(socket.read(10, LONG).await, Err(SocketError::Misuse(_))));
    assert!(matches!(socket.start_tls(&mozilla(), LONG).await, Err(SocketError::Misuse(_))));
}
