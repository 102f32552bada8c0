//! The host's sockets.

use std::net::{IpAddr, Ipv4Addr};

use super::bindings::smtp::transporter::tls_sockets as host;
use super::bindings::smtp::transporter::types::{ProxyKind, Server, Trust};
use super::bindings::wasi::random::random as wasi_random;
use crate::log::{Certificate, Check, Failure, TlsFacts, TlsFailure};
use crate::transporter::{Attempt, ConnectError, Moment, Network, Socket, SocketError};

pub(super) struct HostNetwork {
    pub(super) endpoint: host::Endpoint,
    pub(super) tls: host::TlsSettings,
}

impl HostNetwork {
    /// Takes trust and proxy out of the settings: their keys and passwords stay here.
    pub(super) fn new(server: &Server) -> HostNetwork {
        let trust: Option<Trust> = server.trust.clone();
        HostNetwork {
            endpoint: host::Endpoint {
                host: server.host.clone(),
                port: server.port.unwrap_or(587),
                proxy: server.proxy.clone(),
            },
            tls: host::TlsSettings { server_name: server.host.clone(), trust },
        }
    }
}

impl Network for HostNetwork {
    type Socket = HostSocket;

    fn connect(&mut self, tls: bool, timeout_ms: u32) -> Result<HostSocket, ConnectError> {
        let tls_now = tls.then_some(&self.tls);
        match host::Socket::connect(&self.endpoint, tls_now, timeout_ms) {
            Ok(socket) => Ok(HostSocket { socket, tls: self.tls.clone() }),
            Err(host::ConnectError { error, attempts }) => {
                Err(ConnectError { error: failed(error), attempts: attempts.into_iter().map(attempt).collect() })
            }
        }
    }

    fn proxy(&self) -> Option<String> {
        self.endpoint.proxy.as_ref().map(|proxy| {
            let scheme = match proxy.kind {
                ProxyKind::Socks5 => "socks5",
                ProxyKind::HttpConnect => "http",
            };
            format!("{scheme}://{}:{}", proxy.host, proxy.port)
        })
    }
}

pub(super) struct HostSocket {
    socket: host::Socket,
    tls: host::TlsSettings,
}

impl Socket for HostSocket {
    fn attempts(&self) -> Vec<Attempt> {
        self.socket.attempts().into_iter().map(attempt).collect()
    }

    fn start_tls(&mut self, timeout_ms: u32) -> Result<TlsFacts, SocketError> {
        self.socket.start_tls(&self.tls, timeout_ms).map(facts).map_err(failed)
    }

    fn read(&mut self, max: u32, timeout_ms: u32) -> Result<Vec<u8>, SocketError> {
        self.socket.read(max, timeout_ms).map_err(failed)
    }

    fn write(&mut self, bytes: &[u8], timeout_ms: u32) -> Result<(), SocketError> {
        self.socket.write(bytes, timeout_ms).map_err(failed)
    }

    fn local_ip(&self) -> IpAddr {
        self.socket.local_address().ip.parse().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    fn tls_session(&self) -> Option<TlsFacts> {
        self.socket.tls_session().map(facts)
    }

    fn now(&self) -> Moment {
        let now = self.socket.now();
        Moment { elapsed_ms: now.elapsed_ms, unix_ms: now.unix_ms, utc_offset_minutes: now.utc_offset_minutes }
    }
}

/// So many random bytes are asked for at once: each mail takes 16, and asking costs more than they do.
const STOCK: u64 = 256;

/// Gives 16 bytes of the host's secure random source at a time.
pub(super) fn random() -> impl FnMut() -> [u8; 16] {
    let mut stock = Vec::new();
    move || {
        if stock.len() < 16 {
            stock = wasi_random::get_random_bytes(STOCK);
        }
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(stock.drain(stock.len().saturating_sub(16)..)) {
            *to = from;
        }
        bytes
    }
}

fn attempt(attempt: host::Attempt) -> Attempt {
    Attempt {
        ip: attempt.address.ip,
        port: attempt.address.port,
        failure: attempt.failure.map(failure),
        elapsed_ms: attempt.elapsed_ms,
    }
}

fn failure(failure: host::SocketFailure) -> Failure {
    match failure {
        host::SocketFailure::Refused => Failure::Refused,
        host::SocketFailure::Unreachable => Failure::Unreachable,
        host::SocketFailure::TimedOut(ms) => Failure::TimedOut(ms),
        host::SocketFailure::Reset => Failure::Reset,
        host::SocketFailure::Other(text) => Failure::Other(text),
    }
}

fn failed(error: host::SocketError) -> SocketError {
    match error {
        host::SocketError::Denied(text) => SocketError::Denied(text),
        host::SocketError::NotResolved(text) => SocketError::NotResolved(text),
        host::SocketError::Unreachable => SocketError::Unreachable,
        host::SocketError::Proxy(text) => SocketError::Proxy(text),
        host::SocketError::Failed(why) => SocketError::Failed(failure(why)),
        host::SocketError::Lost => SocketError::Lost,
        host::SocketError::CertificateRefused(refusal) => SocketError::Tls(TlsFailure::Certificate {
            check: check(refusal.check),
            detail: refusal.detail,
            certificate: refusal.certificate.map(certificate),
        }),
        host::SocketError::NotTls(bytes) => SocketError::Tls(TlsFailure::NotTls(bytes)),
        host::SocketError::NoCommonTls(text) => SocketError::Tls(TlsFailure::NothingInCommon(text)),
        host::SocketError::Handshake(text) => SocketError::Tls(TlsFailure::Other(text)),
        host::SocketError::InjectedBytes(count) => SocketError::Tls(TlsFailure::InjectedBytes(count)),
        host::SocketError::BadTrust(text) => SocketError::Tls(TlsFailure::BadTrust(text)),
        host::SocketError::Misuse(text) => SocketError::Misuse(text),
    }
}

fn check(check: host::CertificateCheck) -> Check {
    match check {
        host::CertificateCheck::UnknownIssuer => Check::UnknownIssuer,
        host::CertificateCheck::Expired => Check::Expired,
        host::CertificateCheck::NotYetValid => Check::NotYetValid,
        host::CertificateCheck::WrongName => Check::WrongName,
        host::CertificateCheck::Revoked => Check::Revoked,
        host::CertificateCheck::PinMismatch => Check::PinMismatch,
        host::CertificateCheck::BadSignature => Check::BadSignature,
        host::CertificateCheck::NotForServers => Check::NotForServers,
        host::CertificateCheck::Malformed => Check::Malformed,
        host::CertificateCheck::Other => Check::Other,
    }
}

fn certificate(certificate: host::Certificate) -> Certificate {
    Certificate {
        subject: certificate.subject,
        issuer: certificate.issuer,
        names: certificate.names,
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        sha256: certificate.sha256,
    }
}

fn facts(session: host::TlsSession) -> TlsFacts {
    TlsFacts {
        version: session.version,
        cipher: session.cipher,
        server_name: session.server_name,
        certificate: certificate(session.certificate),
        exporter: session.channel_binding_exporter,
        end_point: session.channel_binding_end_point,
    }
}
