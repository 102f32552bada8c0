//! From a name to a TCP connection: resolver and race. What may be reached is the runtime's to say.

use std::net::{IpAddr, Ipv6Addr};

use super::address::{self, Address};
use super::failure;
use super::race::{Won, interleave, race};
use super::wait::{self, Instant};
use crate::bindings::exports::smtp::transporter::tls_sockets::{Attempt, Endpoint, SocketError};
use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::ip_name_lookup::resolve_addresses;
use crate::bindings::wasi::sockets::network::{ErrorCode, Network};

/// A name with more addresses than this is no mail server's; the first of each family are tried.
const MOST_ADDRESSES: usize = 32;

/// The tries are added to `attempts`, whatever comes of them.
pub(super) fn connect(
    to: &Endpoint,
    deadline: Instant,
    limit_ms: u32,
    attempts: &mut Vec<Attempt>,
) -> Result<Won, SocketError> {
    if to.proxy.is_some() {
        let text = "`proxy` is set, and this runtime's adapter goes through none; nothing was sent";
        return Err(SocketError::Denied(text.to_owned()));
    }
    let network = instance_network();
    let mut addresses = Vec::new();
    for ip in resolve(&network, &to.host, deadline, limit_ms)? {
        let address = Address { ip, port: to.port };
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let mut addresses = interleave(addresses);
    addresses.truncate(MOST_ADDRESSES);
    race(&network, addresses, deadline, limit_ms, attempts)
}

fn resolve(network: &Network, host: &str, deadline: Instant, limit_ms: u32) -> Result<Vec<IpAddr>, SocketError> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![ip.to_canonical()]);
    }
    if let Some(Ok(ip)) = bracketed(host).map(str::parse::<Ipv6Addr>) {
        return Ok(vec![IpAddr::from(ip).to_canonical()]);
    }
    let failed = |code| failure::of_resolver(code, host);
    let found = resolve_addresses(network, host).map_err(failed)?;
    let ready = found.subscribe();
    let mut addresses = Vec::new();
    loop {
        match found.resolve_next_address() {
            Ok(Some(address)) => addresses.push(address::ip(address)),
            Ok(None) if addresses.is_empty() => {
                return Err(SocketError::NotResolved(format!("{host} has no address")));
            }
            Ok(None) => return Ok(addresses),
            Err(ErrorCode::WouldBlock) if wait::one(&ready, deadline) => {}
            Err(ErrorCode::WouldBlock) => {
                return Err(SocketError::NotResolved(format!("no answer within {limit_ms} ms")));
            }
            Err(code) => return Err(failed(code)),
        }
    }
}

fn bracketed(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
}

/// The name as a certificate bears it.
pub(super) fn server_name(host: &str) -> Result<String, SocketError> {
    if !host.is_ascii() {
        let text = format!("'{host}': this runtime compares names with certificates in A-labels only (xn--…)");
        return Err(SocketError::Handshake(text));
    }
    let host = bracketed(host).unwrap_or(host);
    Ok(host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase())
}
