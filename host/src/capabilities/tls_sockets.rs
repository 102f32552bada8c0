//! `tls-sockets` over [`crate::tls_sockets`].

use wasmtime::component::Resource;

use super::trust;
use crate::SmtpCtxView;
use crate::bindings::smtp::transporter::tls_sockets as wit;
use crate::ctx::Count;
use crate::secrets::{Hazard, Purpose};
use crate::tls_sockets as ours;
use crate::tls_sockets::Socket;

/// The largest piece that is read at once.
const PIECE: u32 = 64 * 1024;

impl wit::Host for SmtpCtxView<'_> {
    fn credential(
        &mut self,
        name: String,
        to: wit::Endpoint,
        tls: Option<wit::TlsSettings>,
    ) -> wasmtime::Result<Result<String, String>> {
        let hazard = match tls {
            _ if to.proxy.is_some() && self.ctx.proxy.is_none() => Some(Hazard::OwnProxy),
            None => Some(Hazard::Clear),
            Some(tls) => {
                let own = self.ctx.trust.is_none() && tls.trust.as_ref().is_some_and(trust::is_own);
                own.then_some(Hazard::OwnTrust)
            }
        };
        let purpose = Purpose { host: &to.host, port: to.port, hazard };
        let found = self.ctx.secrets.find(&name, &purpose);
        Ok(found.map(str::to_owned).inspect_err(|words| self.ctx.refuse(words)))
    }
}

impl SmtpCtxView<'_> {
    /// The guest's settings for TLS, with the host's trust where it has one. The error is what was not granted.
    fn settings(&self, tls: wit::TlsSettings, to: Purpose) -> Result<ours::TlsSettings, String> {
        let mut settings = trust::tls(tls, &self.ctx.secrets, to)?;
        if let Some(trust) = &self.ctx.trust {
            settings.trust = Some(trust.clone());
        }
        Ok(settings)
    }

    /// Denied before any address was tried.
    fn not_begun(&self, words: String) -> wit::ConnectError {
        wit::ConnectError { error: self.denied(words), attempts: Vec::new() }
    }

    fn denied(&self, words: String) -> wit::SocketError {
        self.ctx.refuse(&words);
        wit::SocketError::Denied(words)
    }
}

impl wit::HostSocket for SmtpCtxView<'_> {
    async fn connect(
        &mut self,
        to: wit::Endpoint,
        tls: Option<wit::TlsSettings>,
        timeout_ms: u32,
    ) -> wasmtime::Result<Result<Resource<Socket>, wit::ConnectError>> {
        let Count { now, most } = self.ctx.sockets;
        if now >= most {
            let text =
                format!("{most} sockets are open, which is all that the host grants; --max-sockets would allow more");
            return Ok(Err(self.not_begun(text)));
        }
        let (mut to, tls) = match trust::endpoint(to, &self.ctx.secrets).and_then(|to| {
            let purpose = Purpose::safe(&to.host, to.port);
            let tls = tls.map(|tls| self.settings(tls, purpose)).transpose()?;
            Ok((to, tls))
        }) {
            Ok(settings) => settings,
            Err(denied) => return Ok(Err(self.not_begun(denied))),
        };
        if let Some(proxy) = &self.ctx.proxy {
            to.proxy = Some(proxy.clone());
        }
        let policy = self.ctx.policy.clone();
        match Socket::connect(&policy, to, tls, self.ctx.wait(timeout_ms)).await {
            Ok(socket) => {
                let socket = self.table.push(socket)?;
                self.ctx.sockets.now += 1;
                Ok(Ok(socket))
            }
            Err(error) => {
                if let ours::SocketError::Denied(words) = &error.error {
                    self.ctx.refuse(words);
                }
                Ok(Err(error.into()))
            }
        }
    }

    fn attempts(&mut self, socket: Resource<Socket>) -> wasmtime::Result<Vec<wit::Attempt>> {
        Ok(self.table.get(&socket)?.attempts().iter().cloned().map(Into::into).collect())
    }

    async fn start_tls(
        &mut self,
        socket: Resource<Socket>,
        tls: wit::TlsSettings,
        timeout_ms: u32,
    ) -> wasmtime::Result<Result<wit::TlsSession, wit::SocketError>> {
        let timeout_ms = self.ctx.wait(timeout_ms);
        let (host, port) = self.table.get(&socket)?.to();
        let tls = match self.settings(tls, Purpose::safe(host, port)) {
            Ok(tls) => tls,
            Err(denied) => return Ok(Err(self.denied(denied))),
        };
        let socket = self.table.get_mut(&socket)?;
        Ok(socket.start_tls(&tls, timeout_ms).await.map(|session| session.clone().into()).map_err(Into::into))
    }

    async fn read(
        &mut self,
        socket: Resource<Socket>,
        max: u32,
        timeout_ms: u32,
    ) -> wasmtime::Result<Result<Vec<u8>, wit::SocketError>> {
        let timeout_ms = self.ctx.wait(timeout_ms);
        let socket = self.table.get_mut(&socket)?;
        Ok(socket.read(max.min(PIECE), timeout_ms).await.map_err(Into::into))
    }

    async fn write(
        &mut self,
        socket: Resource<Socket>,
        bytes: Vec<u8>,
        timeout_ms: u32,
    ) -> wasmtime::Result<Result<(), wit::SocketError>> {
        let timeout_ms = self.ctx.wait(timeout_ms);
        let socket = self.table.get_mut(&socket)?;
        Ok(socket.write(&bytes, timeout_ms).await.map_err(Into::into))
    }

    fn local_address(&mut self, socket: Resource<Socket>) -> wasmtime::Result<wit::Address> {
        Ok(self.table.get(&socket)?.local_address().into())
    }

    fn tls_session(&mut self, socket: Resource<Socket>) -> wasmtime::Result<Option<wit::TlsSession>> {
        Ok(self.table.get(&socket)?.tls_session().cloned().map(Into::into))
    }

    fn now(&mut self, socket: Resource<Socket>) -> wasmtime::Result<wit::Moment> {
        let now = self.table.get(&socket)?.now();
        Ok(wit::Moment { elapsed_ms: now.elapsed_ms, unix_ms: now.unix_ms, utc_offset_minutes: now.utc_offset_minutes })
    }

    fn drop(&mut self, socket: Resource<Socket>) -> wasmtime::Result<()> {
        self.table.delete(socket)?;
        self.ctx.sockets.now -= 1;
        Ok(())
    }
}

impl From<std::net::SocketAddr> for wit::Address {
    fn from(address: std::net::SocketAddr) -> wit::Address {
        wit::Address { ip: address.ip().to_canonical().to_string(), port: address.port() }
    }
}

impl From<ours::Attempt> for wit::Attempt {
    fn from(attempt: ours::Attempt) -> wit::Attempt {
        wit::Attempt {
            address: attempt.address.into(),
            failure: attempt.failure.map(Into::into),
            elapsed_ms: attempt.elapsed_ms,
        }
    }
}

impl From<ours::SocketFailure> for wit::SocketFailure {
    fn from(failure: ours::SocketFailure) -> wit::SocketFailure {
        match failure {
            ours::SocketFailure::Refused => wit::SocketFailure::Refused,
            ours::SocketFailure::Unreachable => wit::SocketFailure::Unreachable,
            ours::SocketFailure::TimedOut(ms) => wit::SocketFailure::TimedOut(ms),
            ours::SocketFailure::Reset => wit::SocketFailure::Reset,
            ours::SocketFailure::Other(text) => wit::SocketFailure::Other(text),
        }
    }
}

impl From<ours::Certificate> for wit::Certificate {
    fn from(certificate: ours::Certificate) -> wit::Certificate {
        wit::Certificate {
            subject: certificate.subject,
            issuer: certificate.issuer,
            names: certificate.names,
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            sha256: certificate.sha256,
        }
    }
}

impl From<ours::TlsSession> for wit::TlsSession {
    fn from(session: ours::TlsSession) -> wit::TlsSession {
        wit::TlsSession {
            version: session.version,
            cipher: session.cipher,
            server_name: session.server_name,
            certificate: session.certificate.into(),
            channel_binding_exporter: session.channel_binding_exporter,
            channel_binding_end_point: session.channel_binding_end_point,
        }
    }
}

impl From<ours::CertificateCheck> for wit::CertificateCheck {
    fn from(check: ours::CertificateCheck) -> wit::CertificateCheck {
        match check {
            ours::CertificateCheck::UnknownIssuer => wit::CertificateCheck::UnknownIssuer,
            ours::CertificateCheck::Expired => wit::CertificateCheck::Expired,
            ours::CertificateCheck::NotYetValid => wit::CertificateCheck::NotYetValid,
            ours::CertificateCheck::WrongName => wit::CertificateCheck::WrongName,
            ours::CertificateCheck::Revoked => wit::CertificateCheck::Revoked,
            ours::CertificateCheck::PinMismatch => wit::CertificateCheck::PinMismatch,
            ours::CertificateCheck::BadSignature => wit::CertificateCheck::BadSignature,
            ours::CertificateCheck::NotForServers => wit::CertificateCheck::NotForServers,
            ours::CertificateCheck::Malformed => wit::CertificateCheck::Malformed,
            ours::CertificateCheck::Other => wit::CertificateCheck::Other,
        }
    }
}

impl From<ours::ConnectError> for wit::ConnectError {
    fn from(failed: ours::ConnectError) -> wit::ConnectError {
        wit::ConnectError {
            error: failed.error.into(),
            attempts: failed.attempts.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ours::SocketError> for wit::SocketError {
    fn from(error: ours::SocketError) -> wit::SocketError {
        use ours::SocketError as Ours;
        match error {
            Ours::Denied(text) => wit::SocketError::Denied(text),
            Ours::NotResolved(text) => wit::SocketError::NotResolved(text),
            Ours::Unreachable => wit::SocketError::Unreachable,
            Ours::Proxy(text) => wit::SocketError::Proxy(text),
            Ours::Failed(failure) => wit::SocketError::Failed(failure.into()),
            Ours::Lost => wit::SocketError::Lost,
            Ours::CertificateRefused(refusal) => wit::SocketError::CertificateRefused(wit::CertificateRefusal {
                check: refusal.check.into(),
                detail: refusal.detail,
                certificate: refusal.certificate.map(Into::into),
            }),
            Ours::NotTls(bytes) => wit::SocketError::NotTls(bytes),
            Ours::NoCommonTls(text) => wit::SocketError::NoCommonTls(text),
            Ours::Handshake(text) => wit::SocketError::Handshake(text),
            Ours::InjectedBytes(count) => wit::SocketError::InjectedBytes(count),
            Ours::BadTrust(text) => wit::SocketError::BadTrust(text),
            Ours::Misuse(text) => wit::SocketError::Misuse(text),
        }
    }
}
