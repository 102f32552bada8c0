//! Reading and writing: both at once, without waiting, to the end and beyond.

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::*;

/// More than the system's buffers take.
const UPLOAD: usize = 16 << 20;
/// Less than a write keeps.
const FURTHER: usize = 24 << 10;

/// Fills the pipe while nobody reads, and has yet more to say before it reads anything itself.
async fn stubborn<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, full: Arc<Notify>) {
    let chatter = vec![b'c'; FURTHER];
    while let Ok(written) = timeout(Duration::from_millis(200), stream.write(&chatter)).await {
        written.unwrap();
    }
    full.notify_one();
    stream.write_all(&chatter).await.unwrap();
    stream.flush().await.unwrap();
    let (mut buffer, mut count) = (vec![0; 64 << 10], 0);
    while count < UPLOAD {
        count += stream.read(&mut buffer).await.unwrap();
    }
    stream.write_all(b"done").await.unwrap();
    stream.flush().await.unwrap();
    pause(1_000).await;
}

fn narrow(tcp: &TcpStream) {
    SockRef::from(tcp).set_send_buffer_size(8192).unwrap();
}

async fn upload(mut socket: Socket, full: Arc<Notify>) {
    SockRef::from(socket.stream.tcp().unwrap()).set_recv_buffer_size(8192).unwrap();
    full.notified().await;
    socket.write(&vec![b'u'; UPLOAD], LONG).await.unwrap();
    let mut all = Vec::new();
    while !all.ends_with(b"done") {
        all.extend(read_all(&mut socket, 1).await);
    }
    assert!(all[..all.len() - 4].iter().all(|byte| *byte == b'c'));
}

#[tokio::test]
async fn a_server_that_waits_to_be_read_plain() {
    let full = Arc::new(Notify::new());
    let theirs = Arc::clone(&full);
    let address = server(move |stream| {
        narrow(&stream);
        stubborn(stream, Arc::clone(&theirs))
    })
    .await;
    upload(connect(address, None).await.unwrap(), full).await;
}

#[tokio::test]
async fn a_server_that_waits_to_be_read_under_tls() {
    let authority = Authority::new();
    let full = Arc::new(Notify::new());
    let theirs = Arc::clone(&full);
    let address = tls_server(authority.issue(&localhost()).server(), move |mut stream| {
        narrow(stream.get_ref().0);
        stream.get_mut().1.set_buffer_limit(Some(8192));
        stubborn(stream, Arc::clone(&theirs))
    })
    .await;
    upload(connect(address, Some(settings(authority.trust()))).await.unwrap(), full).await;
}

#[tokio::test]
async fn a_server_that_says_too_much_is_waited_for() {
    let address = server(|mut stream| async move {
        let _ = stream.write_all(&vec![b'c'; UPLOAD]).await;
        pause(5_000).await; // whoever closes with bytes unread resets
    })
    .await;
    let mut socket = connect(address, None).await.unwrap();
    let late = Err(SocketError::Failed(SocketFailure::TimedOut(300)));
    assert_eq!(socket.write(&vec![b'u'; UPLOAD], 300).await, late);
    assert!(matches!(socket.write(b"more", 300).await, Err(SocketError::Misuse(_))));
    // What came meanwhile is not lost.
    assert_eq!(socket.read(u32::MAX, LONG).await.unwrap().len(), 64 << 10);
    assert_eq!(read_all(&mut socket, UPLOAD - (64 << 10)).await.len(), UPLOAD - (64 << 10));
}

#[tokio::test]
async fn reading_what_is_there() {
    let authority = Authority::new();
    async fn speak<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) {
        stream.read_u8().await.unwrap();
        stream.write_all(b"hello").await.unwrap();
        stream.flush().await.unwrap();
        stream.read_u8().await.unwrap();
        stream.shutdown().await.unwrap();
    }
    let plain = server(speak).await;
    let tls = tls_server(authority.issue(&localhost()).server(), speak).await;
    for (address, tls) in [(plain, None), (tls, Some(settings(authority.trust())))] {
        let mut socket = connect(address, tls).await.unwrap();
        let nothing = Err(SocketError::Failed(SocketFailure::TimedOut(0)));
        assert_eq!(socket.read(10, 0).await, nothing);
        pause(50).await;
        assert_eq!(socket.read(10, 0).await, nothing);
        socket.write(b"1", LONG).await.unwrap();
        pause(50).await;
        assert_eq!(socket.read(3, 0).await.unwrap(), b"hel");
        assert_eq!(socket.read(3, 0).await.unwrap(), b"lo");
        assert_eq!(socket.read(3, 0).await, nothing);
        assert_eq!(socket.read(3, 20).await, Err(SocketError::Failed(SocketFailure::TimedOut(20))));
        socket.write(b"2", LONG).await.unwrap();
        pause(50).await;
        assert_eq!(socket.read(3, 0).await, Ok(Vec::new()));
        assert_eq!(socket.read(3, LONG).await, Ok(Vec::new()));
    }
}

#[tokio::test]
async fn a_reset_is_no_end() {
    let address = server(|mut stream| async move {
        stream.read_u8().await.unwrap();
        SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    })
    .await;
    for timeout_ms in [0, LONG] {
        let mut socket = connect(address, None).await.unwrap();
        socket.write(b"1", LONG).await.unwrap();
        pause(50).await;
        let reset = Err(SocketError::Failed(SocketFailure::Reset));
        assert_eq!(socket.read(3, timeout_ms).await, reset);
        assert_eq!(socket.read(3, timeout_ms).await, reset);
    }
}

#[tokio::test]
async fn last_words_before_a_cut_write() {
    // Says why, and closes without reading: the write fails, and the words can still be read.
    let address = server(|mut stream| async move {
        stream.write_all(b"554 go away\r\n").await.unwrap();
        pause(50).await;
    })
    .await;
    let mut socket = connect(address, None).await.unwrap();
    let error = socket.write(&vec![b'u'; UPLOAD], LONG).await.unwrap_err();
    assert!(matches!(error, SocketError::Lost | SocketError::Failed(SocketFailure::Reset)), "{error:?}");
    assert_eq!(socket.read(100, LONG).await.unwrap(), b"554 go away\r\n");
}

#[test]
fn an_idle_plain_socket_is_small() {
    // And it owns nothing on the heap but the list of its tries and tokio's registration.
    assert!(std::mem::size_of::<Socket>() < 1024, "{}", std::mem::size_of::<Socket>());
}
