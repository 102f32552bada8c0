//! From a name to a TCP connection: policy, resolver, race, proxy.

use std::net::SocketAddr;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::error::{SocketError, SocketFailure};
use super::host::Host;
use super::proxy;
use super::race::{interleave, race};
use super::types::{Attempt, Endpoint};
use crate::policy::{Permit, Policy};

/// A name with more addresses than this is no mail server's; the first of each family are tried.
const MOST_ADDRESSES: usize = 32;

pub(super) struct Connected {
    pub tcp: TcpStream,
    pub local: SocketAddr,
}

/// The tries are added to `attempts`, whatever comes of them.
pub(super) async fn connect(
    policy: &Policy,
    to: &Endpoint,
    deadline: Instant,
    limit_ms: u32,
    attempts: &mut Vec<Attempt>,
) -> Result<Connected, SocketError> {
    let target: Host = to.host.parse().map_err(SocketError::NotResolved)?;
    let permit = policy.check(&target, to.port).map_err(SocketError::Denied)?;
    let Some(proxy) = &to.proxy else {
        return reach(&target, to.port, &permit, deadline, limit_ms, attempts).await;
    };
    let host: Host = proxy.host.parse().map_err(SocketError::NotResolved)?;
    let permit = policy.check(&host, proxy.port).map_err(SocketError::Denied)?;
    let mut connected = reach(&host, proxy.port, &permit, deadline, limit_ms, attempts).await?;
    // On the heap, as the handshake of TLS.
    let passing = Box::pin(proxy::pass(&mut connected.tcp, proxy, &target, to.port));
    match timeout_at(deadline, passing).await {
        Ok(Ok(())) => Ok(connected),
        Ok(Err(words)) => Err(SocketError::Proxy(words)),
        Err(_) => {
            Err(SocketError::Proxy(format!("{} did not answer within {limit_ms} ms", host.with_port(proxy.port))))
        }
    }
}

/// Connects to one of the addresses of `host`: to those that the policy was asked about, and no others.
async fn reach(
    host: &Host,
    port: u16,
    permit: &Permit<'_>,
    deadline: Instant,
    limit_ms: u32,
    attempts: &mut Vec<Attempt>,
) -> Result<Connected, SocketError> {
    let mut granted = Vec::new();
    let mut denial = None;
    for address in resolve(host, port, deadline, limit_ms).await? {
        match permit.check_address(address.ip()) {
            Ok(()) => granted.push(address),
            Err(words) => {
                let failure = Some(SocketFailure::Other(words.clone()));
                attempts.push(Attempt { address, failure, elapsed_ms: 0 });
                denial = Some(words);
            }
        }
    }
    if let (true, Some(words)) = (granted.is_empty(), denial) {
        return Err(SocketError::Denied(words));
    }
    let mut addresses = interleave(granted);
    addresses.truncate(MOST_ADDRESSES);
    let Some(tcp) = race(addresses, deadline, limit_ms, attempts).await else {
        return Err(SocketError::Unreachable);
    };
    let failed = |error: std::io::Error| SocketError::Failed(SocketFailure::of(&error, 0));
    // Nagle's algorithm against a server that delays its acknowledgements costs 40 ms a mail.
    tcp.set_nodelay(true).map_err(failed)?;
    let local = tcp.local_addr().map_err(failed)?;
    let local = SocketAddr::new(local.ip().to_canonical(), local.port());
    tracing::debug!(%host, port, %local, tries = attempts.len(), "connected");
    Ok(Connected { tcp, local })
}

/// By `getaddrinfo`: /etc/hosts, mDNS and whatever else the machine's own programs see, in RFC 6724's order.
async fn resolve(host: &Host, port: u16, deadline: Instant, limit_ms: u32) -> Result<Vec<SocketAddr>, SocketError> {
    let name = match host {
        Host::Ip(ip) => return Ok(vec![SocketAddr::new(*ip, port)]),
        Host::Name(name) => name.as_str(),
    };
    let found = match timeout_at(deadline, tokio::net::lookup_host((name, port))).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return Err(SocketError::NotResolved(error.to_string())),
        Err(_) => return Err(SocketError::NotResolved(format!("no answer within {limit_ms} ms"))),
    };
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for address in found {
        let address = match address.ip().to_canonical() {
            // A link-local address is nothing without its zone, which stands in the whole.
            std::net::IpAddr::V6(_) => address,
            v4 => SocketAddr::new(v4, port),
        };
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return Err(SocketError::NotResolved(format!("{name} has no address")));
    }
    Ok(addresses)
}
