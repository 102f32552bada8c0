//! SOCKS 5: RFC 1928, with the user and password of RFC 1929.

use std::net::IpAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::broken;
use crate::tls_sockets::host::Host;
use crate::tls_sockets::types::Proxy;

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;

pub(super) async fn pass(tcp: &mut TcpStream, proxy: &Proxy, target: &Host, port: u16) -> Result<(), String> {
    let login = login(proxy)?;
    let greeting: &[u8] = match login {
        Some(_) => &[VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD],
        None => &[VERSION, 1, NO_AUTHENTICATION],
    };
    tcp.write_all(greeting).await.map_err(broken)?;
    let mut choice = [0; 2];
    tcp.read_exact(&mut choice).await.map_err(broken)?;
    if method(choice, login.is_some())? == USER_AND_PASSWORD {
        tcp.write_all(&login.unwrap_or_default()).await.map_err(broken)?;
        let mut status = [0; 2];
        tcp.read_exact(&mut status).await.map_err(broken)?;
        if status[1] != 0 {
            return Err("it refused the user and password".to_owned());
        }
    }
    tcp.write_all(&request(target, port)).await.map_err(broken)?;
    let mut head = [0; 4];
    tcp.read_exact(&mut head).await.map_err(broken)?;
    // What the proxy bound is of no interest, but stands before the target's first byte.
    let mut bound = [0; 255 + 2];
    let length = match reply(head)? {
        Bound::Address(length) => length,
        Bound::Name => usize::from(tcp.read_u8().await.map_err(broken)?),
    };
    let rest = bound.get_mut(..length + 2).ok_or("its answer is too long")?;
    tcp.read_exact(rest).await.map_err(broken)?;
    Ok(())
}

/// The message of RFC 1929.
fn login(proxy: &Proxy) -> Result<Option<Vec<u8>>, String> {
    let Some(user) = &proxy.user else { return Ok(None) };
    let mut message = vec![1];
    for (what, text) in [("user", user.as_str()), ("password", proxy.password.as_deref().unwrap_or_default())] {
        let length = u8::try_from(text.len()).map_err(|_| format!("the {what} has more than 255 bytes"))?;
        message.push(length);
        message.extend_from_slice(text.as_bytes());
    }
    Ok(Some(message))
}

fn method([version, method]: [u8; 2], login: bool) -> Result<u8, String> {
    match (version, method) {
        (VERSION, NO_AUTHENTICATION) => Ok(method),
        (VERSION, USER_AND_PASSWORD) if login => Ok(method),
        (VERSION, 0xff) if login => Err("it takes no user and password".to_owned()),
        (VERSION, 0xff) => Err("it wants a user and password".to_owned()),
        (VERSION, other) => Err(format!("it chose the authentication {other}, which was not offered")),
        _ => Err("it is no SOCKS 5 proxy".to_owned()),
    }
}

fn request(target: &Host, port: u16) -> Vec<u8> {
    let mut request = vec![VERSION, 1, 0]; // CONNECT
    match target {
        Host::Ip(IpAddr::V4(ip)) => {
            request.push(1);
            request.extend(ip.octets());
        }
        Host::Ip(IpAddr::V6(ip)) => {
            request.push(4);
            request.extend(ip.octets());
        }
        Host::Name(name) => {
            request.push(3);
            request.push(u8::try_from(name.len()).unwrap_or(u8::MAX)); // a `Host` has 253 at most
            request.extend_from_slice(name.as_bytes());
        }
    }
    request.extend(port.to_be_bytes());
    request
}

/// The address that the proxy bound: its length, or that the length comes next.
#[derive(Debug, PartialEq)]
enum Bound {
    Address(usize),
    Name,
}

fn reply([version, code, _, kind]: [u8; 4]) -> Result<Bound, String> {
    if version != VERSION {
        return Err("it is no SOCKS 5 proxy".to_owned());
    }
    let words = match code {
        0 => {
            return match kind {
                1 => Ok(Bound::Address(4)),
                3 => Ok(Bound::Name),
                4 => Ok(Bound::Address(16)),
                other => Err(format!("its answer has an address of the unknown kind {other}")),
            };
        }
        1 => "general failure",
        2 => "its rules don't allow this connection",
        3 => "network unreachable from there",
        4 => "host unreachable from there",
        5 => "connection refused there",
        6 => "the connection timed out there (TTL expired)",
        7 => "it can't connect on behalf of others",
        8 => "it does not know this kind of address",
        other => return Err(format!("failure {other}")),
    };
    Err(words.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_answer_is_understood_or_refused(head: [u8; 4], choice: [u8; 2], login: bool) {
            if let Ok(Bound::Address(length)) = reply(head) {
                prop_assert!(length == 4 || length == 16);
            }
            if let Ok(chosen) = method(choice, login) {
                prop_assert!(chosen == NO_AUTHENTICATION || login);
            }
        }
    }

    #[test]
    fn requests() {
        let to = |host: &str| request(&host.parse().unwrap(), 587);
        assert_eq!(to("a.example"), b"\x05\x01\0\x03\x09a.example\x02\x4b");
        assert_eq!(to("127.0.0.1"), b"\x05\x01\0\x01\x7f\0\0\x01\x02\x4b");
        assert_eq!(to("::1").len(), 4 + 16 + 2);
    }
}
