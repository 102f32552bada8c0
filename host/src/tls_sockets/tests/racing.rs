//! Names, addresses, and what the policy lets through.

use super::super::race::{interleave, race};
use super::*;

async fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

/// Nobody accepts, and the queue is full: the system answers no more.
async fn black_hole() -> (TcpListener, Vec<TcpStream>) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        queue.push(stream);
    }
    (listener, queue)
}

#[tokio::test]
async fn both_families() {
    for local in ["127.0.0.1:0", "[::1]:0"] {
        let listener = TcpListener::bind(local).await.unwrap();
        let address = listener.local_addr().unwrap();
        let socket = connect(address, None).await.unwrap();
        assert_eq!(socket.local_address().ip(), address.ip());
        assert!(matches!(socket.attempts(), [Attempt { failure: None, address: tried, .. }] if *tried == address));
        let tcp = socket.stream.tcp().unwrap();
        assert!(tcp.nodelay().unwrap());
    }
}

#[tokio::test]
async fn a_name_is_resolved() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = Endpoint { host: "LocalHost".to_owned(), port: listener.local_addr().unwrap().port(), proxy: None };
    let socket = Socket::connect(&everything_here(), to, None, LONG).await.unwrap();
    assert_eq!(socket.attempts().last().unwrap().failure, None);
}

#[tokio::test]
async fn refused() {
    let port = closed_port().await;
    let to = endpoint(SocketAddr::from(([127, 0, 0, 1], port)));
    let failed = Socket::connect(&everything_here(), to, None, LONG).await.unwrap_err();
    assert_eq!(failed.error, SocketError::Unreachable);
    assert_eq!(failed.to_string(), format!("no address could be reached: 127.0.0.1:{port} (connection refused)"));
    assert!(matches!(failed.attempts.as_slice(), [Attempt { failure: Some(SocketFailure::Refused), .. }]));
}

#[tokio::test]
async fn the_next_address_follows_a_refusal_at_once_and_a_silence_soon() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let good = listener.local_addr().unwrap();
    let closed = SocketAddr::from(([127, 0, 0, 1], closed_port().await));
    let (hole, _queue) = black_hole().await;
    let hole = hole.local_addr().unwrap();
    let deadline = || tokio::time::Instant::now() + Duration::from_secs(5);

    let mut attempts = Vec::new();
    assert!(race(vec![closed, good], deadline(), 5_000, &mut attempts).await.is_some());
    let outcomes: Vec<_> = attempts.iter().map(|attempt| (attempt.address, attempt.failure.clone())).collect();
    assert_eq!(outcomes, [(closed, Some(SocketFailure::Refused)), (good, None)]);

    let (started, mut attempts) = (tokio::time::Instant::now(), Vec::new());
    assert!(race(vec![hole, good], deadline(), 5_000, &mut attempts).await.is_some());
    assert!(started.elapsed() >= Duration::from_millis(250));
    assert!(matches!(attempts.as_slice(), [Attempt { failure: None, .. }]));

    let mut attempts = Vec::new();
    let soon = tokio::time::Instant::now() + Duration::from_millis(300);
    assert!(race(vec![hole], soon, 300, &mut attempts).await.is_none());
    assert_eq!(attempts[0].failure, Some(SocketFailure::TimedOut(300)));
    assert!(attempts[0].elapsed_ms >= 290);
}

#[test]
fn families_alternate() {
    let list = |text: &str| text.split(' ').map(|ip| SocketAddr::new(ip.parse().unwrap(), 25)).collect::<Vec<_>>();
    assert_eq!(interleave(list("::1 ::2 ::3 1.0.0.1 1.0.0.2")), list("::1 1.0.0.1 ::2 1.0.0.2 ::3"));
    assert_eq!(interleave(list("1.0.0.1 ::1")), list("1.0.0.1 ::1"));
    assert_eq!(interleave(Vec::new()), Vec::new());
}

#[tokio::test]
async fn what_was_not_granted() {
    let mut policy = Policy::none();
    policy.allow("*:25".parse().unwrap());
    for (host, words) in [
        ("smtp.example.com", "the host has not granted smtp.example.com:26; --allow smtp.example.com:26 would"),
        ("::1", "the host has not granted [::1]:26; --allow [::1]:26 would"),
    ] {
        let to = Endpoint { host: host.to_owned(), port: 26, proxy: None };
        let error = Socket::connect(&policy, to, None, LONG).await.unwrap_err().error;
        assert_eq!(error, SocketError::Denied(words.to_owned()));
    }
    let to = Endpoint { host: "127.0.0.1".to_owned(), port: 25, proxy: None };
    assert!(matches!(Socket::connect(&policy, to, None, LONG).await.unwrap_err().error, SocketError::Denied(_)));
    let to = Endpoint { host: "no such host".to_owned(), port: 25, proxy: None };
    assert!(matches!(Socket::connect(&policy, to, None, LONG).await.unwrap_err().error, SocketError::NotResolved(_)));
}

#[tokio::test]
async fn time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let socket = connect(listener.local_addr().unwrap(), None).await.unwrap();
    let before = socket.now();
    pause(20).await;
    let after = socket.now();
    assert!(after.elapsed_ms >= before.elapsed_ms + 20 && after.unix_ms >= before.unix_ms);
}
