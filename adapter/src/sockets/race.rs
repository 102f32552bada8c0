//! All addresses of a host, both families raced (RFC 8305): the first connection wins, the others are dropped.

use super::address::Address;
use super::failure;
use super::wait::{self, Instant};
use crate::bindings::exports::smtp::transporter::tls_sockets::{Attempt, SocketError, SocketFailure};
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream};
use crate::bindings::wasi::sockets::network::{ErrorCode, Network};
use crate::bindings::wasi::sockets::tcp::TcpSocket;
use crate::bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;

/// RFC 8305 §5: Connection Attempt Delay.
const STAGGER_MS: u32 = 250;

/// A connection. The streams go before their socket.
pub(super) struct Won {
    pub(super) input: InputStream,
    pub(super) output: OutputStream,
    pub(super) tcp: TcpSocket,
}

/// A connection in the making. The pollable goes before its socket.
struct Try {
    ready: Pollable,
    tcp: TcpSocket,
    address: Address,
    started: Instant,
}

/// Alternates the families, beginning with the one that the resolver prefers (RFC 8305 §4).
pub(super) fn interleave(addresses: Vec<Address>) -> Vec<Address> {
    let Some(first) = addresses.first() else { return addresses };
    let first_is_v6 = first.ip.is_ipv6();
    let (preferred, others): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|a| a.ip.is_ipv6() == first_is_v6);
    let (mut preferred, mut others) = (preferred.into_iter(), others.into_iter());
    let mut mixed = Vec::new();
    loop {
        let before = mixed.len();
        mixed.extend(preferred.next());
        mixed.extend(others.next());
        if mixed.len() == before {
            return mixed;
        }
    }
}

/// Connects to the first address that answers. Either way `attempts` holds every try that came to an end, in the order in
/// which they ended; a try that is still under way at the deadline has timed out after `limit_ms`.
pub(super) fn race(
    network: &Network,
    addresses: Vec<Address>,
    deadline: Instant,
    limit_ms: u32,
    attempts: &mut Vec<Attempt>,
) -> Result<Won, SocketError> {
    let mut waiting = addresses.into_iter();
    let mut running: Vec<Try> = Vec::new();
    // Tries that the runtime did not grant.
    let mut denied = 0;
    let mut next = Instant::now();
    loop {
        if next.is_past() {
            if let Some(address) = waiting.next() {
                let started = Instant::now();
                match begin(network, address) {
                    Ok((tcp, ready)) => running.push(Try { ready, tcp, address, started }),
                    Err(code) => {
                        denied += usize::from(code == ErrorCode::AccessDenied);
                        attempts.push(failed(address, code, started));
                        continue;
                    }
                }
            }
            next = Instant::now().plus(STAGGER_MS);
        }
        if running.is_empty() && waiting.as_slice().is_empty() {
            let none_granted = denied > 0 && denied == attempts.len();
            return Err(match none_granted {
                true => SocketError::Denied(failure::DENIED.to_owned()),
                false => SocketError::Unreachable,
            });
        }
        let until = if waiting.as_slice().is_empty() { deadline } else { deadline.min(next) };
        let ready: Vec<_> = running.iter().map(|attempt| &attempt.ready).collect();
        for index in wait::any(&ready, until).into_iter().rev() {
            let Try { ready, tcp, address, started } = running.remove(index);
            drop(ready);
            match tcp.finish_connect() {
                Ok((input, output)) => {
                    attempts.push(Attempt { address: address.wit(), failure: None, elapsed_ms: elapsed(started) });
                    return Ok(Won { input, output, tcp });
                }
                Err(ErrorCode::WouldBlock) => {
                    running.push(Try { ready: tcp.subscribe(), tcp, address, started });
                }
                Err(code) => {
                    denied += usize::from(code == ErrorCode::AccessDenied);
                    attempts.push(failed(address, code, started));
                    // RFC 8305 §5: who fails makes room for the next at once.
                    next = Instant::now();
                }
            }
        }
        if deadline.is_past() {
            attempts.extend(running.iter().map(|attempt| Attempt {
                address: attempt.address.wit(),
                failure: Some(SocketFailure::TimedOut(limit_ms)),
                elapsed_ms: elapsed(attempt.started),
            }));
            return Err(SocketError::Unreachable);
        }
    }
}

fn begin(network: &Network, address: Address) -> Result<(TcpSocket, Pollable), ErrorCode> {
    let tcp = create_tcp_socket(address.family())?;
    tcp.start_connect(network, address.wasi())?;
    let ready = tcp.subscribe();
    Ok((tcp, ready))
}

fn failed(address: Address, code: ErrorCode, started: Instant) -> Attempt {
    let elapsed_ms = elapsed(started);
    Attempt { address: address.wit(), failure: Some(failure::of_socket(code, elapsed_ms)), elapsed_ms }
}

fn elapsed(since: Instant) -> u32 {
    u32::try_from(since.elapsed_ms()).unwrap_or(u32::MAX)
}
