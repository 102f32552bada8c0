//! HTTP CONNECT: RFC 9110 §9.3.6, with Basic authentication (RFC 7617).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::broken;
use crate::tls_sockets::host::Host;
use crate::tls_sockets::types::Proxy;

const LONGEST_HEAD: usize = 8 << 10;

pub(super) async fn pass(tcp: &mut TcpStream, proxy: &Proxy, target: &Host, port: u16) -> Result<(), String> {
    tcp.write_all(request(proxy, &target.with_port(port)).as_bytes()).await.map_err(broken)?;
    let mut head = Vec::new();
    // One at a time: the byte after the head is the target's, and a greeting may already stand behind it.
    while !(head.ends_with(b"\r\n\r\n") || head.ends_with(b"\n\n")) {
        if head.len() == LONGEST_HEAD {
            return Err(format!("its answer has no end within {LONGEST_HEAD} bytes"));
        }
        head.push(tcp.read_u8().await.map_err(broken)?);
        if !(b"HTTP/".starts_with(&head) || head.starts_with(b"HTTP/")) {
            return Err("it is no HTTP proxy".to_owned());
        }
    }
    answer(&head, proxy.user.is_some())
}

fn request(proxy: &Proxy, target: &str) -> String {
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
    if let Some(user) = &proxy.user {
        let login = format!("{user}:{}", proxy.password.as_deref().unwrap_or_default());
        request.push_str("Proxy-Authorization: Basic ");
        request.push_str(&BASE64_STANDARD.encode(login));
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    request
}

/// Reads the status line: the rest of the head is of no interest.
fn answer(head: &[u8], identified: bool) -> Result<(), String> {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let line = line.trim_end();
    let mut parts = line.splitn(3, ' ');
    let version = parts.next().unwrap_or_default();
    let status = parts.next().unwrap_or_default();
    if !version.starts_with("HTTP/1.") || status.len() != 3 || !status.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("its answer is no HTTP".to_owned());
    }
    // Who was told a password may repeat it in his reason.
    let reason = parts.next().filter(|reason| !identified && !reason.is_empty()).unwrap_or_default();
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(200).collect();
    let status_and_reason = format!("{status} {reason}");
    let told = status_and_reason.trim_end();
    match (status, identified) {
        (status, _) if status.starts_with('2') => Ok(()),
        ("407", true) => Err(format!("it refused the user and password ({told})")),
        ("407", false) => Err(format!("it wants a user and password ({told})")),
        _ => Err(format!("it refused the connection ({told})")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_answer_is_understood_or_refused(head: Vec<u8>, identified: bool) {
            prop_assert_eq!(answer(&head, identified).is_ok(), is_success(&head));
        }

        #[test]
        fn any_status_is_understood_or_refused(status: u16, reason: String, identified: bool) {
            let head = format!("HTTP/1.1 {status} {reason}\r\n\r\n");
            prop_assert_eq!(answer(head.as_bytes(), identified).is_ok(), (200..300).contains(&status));
            if let Err(words) = answer(head.as_bytes(), identified) {
                prop_assert!(words.len() < 1000 && !words.contains(['\r', '\n']));
            }
        }
    }

    fn is_success(head: &[u8]) -> bool {
        head.starts_with(b"HTTP/1.")
            && String::from_utf8_lossy(head).split(' ').nth(1).is_some_and(|s| s.starts_with('2'))
    }

    #[test]
    fn answers() {
        assert_eq!(answer(b"HTTP/1.1 200 Connection established\r\n\r\n", false), Ok(()));
        assert_eq!(answer(b"HTTP/1.0 200\r\n\r\n", false), Ok(()));
        assert_eq!(
            answer(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", true),
            Err("it refused the user and password (407)".to_owned())
        );
        assert!(answer(b"HTTP/1.1 20 OK\r\n\r\n", false).is_err());
        assert!(answer(b"220 smtp.example.com ESMTP\r\n\r\n", false).is_err());
    }
}
