//! Requests that mean harm: too large, too slow, out of the folder; and where the service must not listen.

use super::http::{answer, connect, head, request};
use super::{in_the_clear, start};
use crate::servers::{free_port, host};
use std::io::{Read, Write};
use std::process::Command;
use std::time::{Duration, Instant};

#[test]
fn nothing_leads_out_of_the_folder() {
    let service = start("");
    service.log_on();
    std::fs::write(service.folder.join("secret.txt"), "secret").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(service.folder.join("secret.txt"), service.folder.join("logs/SMTPLog_9.txt")).unwrap();
    for name in [
        "..%2fsecret.txt",
        "%2e%2e%2fsecret.txt",
        "..",
        "SMTPLog_9.txt",
        "SMTPLog_1.txt%00",
        "SMTPLog_1.txt%2f..%2f..%2fsecret.txt",
        "%2fetc%2fpasswd",
        "SMTPLog_99999999999.txt",
    ] {
        let answer = service.ask("GET", &format!("/v1/log/files/{name}"), None);
        assert_eq!(answer.status, 404, "{name}: {}", answer.text());
    }
    for path in ["/v1/log/files/../../secret.txt", "/../secret.txt", "//etc/passwd"] {
        assert_eq!(service.ask("GET", path, None).status, 404, "{path}");
    }
    assert_eq!(service.ask("GET", "/v1/log/files/SMTPLog_1.txt", None).status, 200);
}

#[test]
fn large_bodies() {
    let service = start(&in_the_clear("main", free_port()));
    let bearer = format!("Bearer {}", service.token);
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    // Told beforehand: refused before it is sent.
    let mut stream = connect(service.port);
    let headers = [headers[0], headers[1], ("Connection", "close")];
    stream.write_all(head(service.port, "POST", "/v1/send", &headers, Some(1 << 40)).as_bytes()).unwrap();
    assert_eq!(answer(stream).status, 413);
    let large = vec![b' '; 100_000];
    assert_eq!(request(service.port, "PUT", "/v1/log", &headers, &large).status, 413);
    // Not told: refused when it is too much.
    let mut stream = connect(service.port);
    let chunked = [headers[0], headers[1], headers[2], ("Transfer-Encoding", "chunked")];
    stream.write_all(head(service.port, "POST", "/v1/send", &chunked, None).as_bytes()).unwrap();
    let piece = [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    while stream.write_all(&piece).is_ok() {}
    drop(stream);
    // A header without an end.
    let mut stream = connect(service.port);
    let _ = stream.write_all(format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}", "x".repeat(200_000)).as_bytes());
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&said));
    assert_eq!(service.ask("GET", "/healthz", None).status, 200);
}

#[test]
fn slow_bodies_are_not_waited_for() {
    let service = start(&in_the_clear("main", free_port()));
    let bearer = format!("Bearer {}", service.token);
    let start = Instant::now();
    let slow: Vec<_> = [("application/json", "{"), ("multipart/form-data; boundary=B", "--B\r\n")]
        .into_iter()
        .map(|(kind, begun)| {
            let headers = [("Authorization", bearer.as_str()), ("Content-Type", kind)];
            let mut stream = connect(service.port);
            let text = head(service.port, "POST", "/v1/send", &headers, Some(1000)) + begun;
            stream.write_all(text.as_bytes()).unwrap();
            stream
        })
        .collect();
    slow.into_iter().for_each(|stream| assert_eq!(answer(stream).status, 408));
    assert!(start.elapsed() < Duration::from_secs(50));
}

#[test]
fn others_are_not_served_in_the_clear() {
    let service = start("");
    let output = Command::new(host())
        .args(["serve", "--listen", "0.0.0.0:0", "--config"])
        .arg(service.folder.join("serve.toml"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(64), "{said}");
    assert!(said.contains("[tls]") && said.contains("--insecure-http"), "{said}");
}
