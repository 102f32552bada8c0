//! The handshake, and what can be said of it afterwards.

use std::io;

use rustls::pki_types::{IpAddr, ServerName, UnixTime};
use rustls::{AlertDescription, CertificateError, Error, HandshakeKind, OtherError, ProtocolVersion};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::certificate::{end_point, facts};
use super::error::{SocketError, SocketFailure};
use super::host::Host;
use super::sniff::{FirstBytes, Sniff};
use super::trust::configuration;
use super::types::{CertificateRefusal, TlsSession, TlsSettings};
use super::verify::{Refused, check_dates, explain};

/// RFC 9266 §2.
const EXPORTER_LABEL: &[u8] = b"EXPORTER-Channel-Binding";

/// Starts TLS on a stream that nothing was read from ahead. `limit_ms` is the time that the deadline stands for.
pub(super) async fn handshake(
    tcp: TcpStream,
    settings: &TlsSettings,
    deadline: Instant,
    limit_ms: u32,
) -> Result<(TlsStream<Sniff>, TlsSession), SocketError> {
    let (name, shown) = server_name(&settings.server_name)?;
    let configuration = configuration(settings.trust.as_ref()).await?;
    let first = FirstBytes::default();
    let sniff = Sniff { tcp, first: Some(first.clone()) };
    let connecting = TlsConnector::from(configuration).connect(name, sniff);
    let mut stream = match timeout_at(deadline, connecting).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(first.not_tls().map_or_else(|| failure(&error), SocketError::NotTls)),
        Err(_) => return Err(first.not_tls().map_or(SocketError::timed_out(limit_ms), SocketError::NotTls)),
    };
    stream.get_mut().0.first = None;
    let session = session(&stream, shown)?;
    tracing::debug!(version = session.version, cipher = session.cipher, server = session.server_name, "TLS started");
    Ok((stream, session))
}

fn server_name(text: &str) -> Result<(ServerName<'static>, String), SocketError> {
    let host: Host = text.parse().map_err(SocketError::Misuse)?;
    let shown = host.to_string();
    let name = match host {
        Host::Ip(ip) => ServerName::IpAddress(IpAddr::from(ip)),
        Host::Name(name) => ServerName::try_from(name)
            .map_err(|_| SocketError::Misuse(format!("\"{shown}\" can be no name of a certificate")))?,
    };
    Ok((name, shown))
}

fn session(stream: &TlsStream<Sniff>, server_name: String) -> Result<TlsSession, SocketError> {
    let (_, connection) = stream.get_ref();
    let incomplete = || SocketError::Handshake("the handshake left no certificate behind".to_owned());
    let der = connection.peer_certificates().and_then(<[_]>::first).ok_or_else(incomplete)?;
    if connection.handshake_kind() == Some(HandshakeKind::Resumed) {
        // No certificate is shown again: the one from before may have expired in the meantime.
        let now = UnixTime::now();
        check_dates(der, now).map_err(|error| {
            let (check, detail) = explain(&Error::InvalidCertificate(error), der, now);
            SocketError::CertificateRefused(Box::new(CertificateRefusal { check, detail, certificate: facts(der) }))
        })?;
    }
    let version = connection.protocol_version().ok_or_else(incomplete)?;
    let suite = connection.negotiated_cipher_suite().ok_or_else(incomplete)?;
    let exporter = match version {
        ProtocolVersion::TLSv1_3 => connection.export_keying_material([0_u8; 32], EXPORTER_LABEL, None).ok(),
        _ => None,
    };
    Ok(TlsSession {
        version: version_name(version),
        cipher: cipher_name(suite.suite()),
        server_name,
        certificate: facts(der).ok_or_else(incomplete)?,
        channel_binding_exporter: exporter.map(Vec::from),
        channel_binding_end_point: end_point(der),
    })
}

fn version_name(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_2 => "TLSv1.2".to_owned(),
        ProtocolVersion::TLSv1_3 => "TLSv1.3".to_owned(),
        other => format!("{other:?}"),
    }
}

/// IANA writes `TLS_AES_…` where rustls writes `TLS13_AES_…`.
fn cipher_name(suite: rustls::CipherSuite) -> String {
    let name = suite.as_str().map_or_else(|| format!("{suite:?}"), str::to_owned);
    name.strip_prefix("TLS13_").map_or(name.clone(), |rest| format!("TLS_{rest}"))
}

/// Why a handshake, or a read after it, failed.
pub(super) fn failure(error: &io::Error) -> SocketError {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        return tls_failure(error);
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => SocketError::Lost,
        _ => SocketError::Failed(SocketFailure::of(error, 0)),
    }
}

fn tls_failure(error: &Error) -> SocketError {
    match error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) => {
            match inner.downcast_ref::<Refused>() {
                Some(Refused(refusal)) => SocketError::CertificateRefused(Box::new(refusal.clone())),
                None => SocketError::Handshake(error.to_string()),
            }
        }
        // Behind the certificate: the server does not hold the key that belongs to it.
        Error::InvalidCertificate(CertificateError::BadSignature) => {
            SocketError::Handshake("the server can't prove that the certificate is its own".to_owned())
        }
        Error::PeerIncompatible(why) => {
            use rustls::PeerIncompatible as Why;
            SocketError::NoCommonTls(match why {
                Why::ServerDoesNotSupportTls12Or13
                | Why::ServerTlsVersionIsDisabledByOurConfig
                | Why::Tls12NotOffered
                | Why::Tls12NotOfferedOrEnabled => "the server speaks neither TLS 1.2 nor TLS 1.3".to_owned(),
                why => format!("{why:?}"),
            })
        }
        Error::AlertReceived(alert) => alert_failure(*alert),
        other => SocketError::Handshake(other.to_string()),
    }
}

fn alert_failure(alert: AlertDescription) -> SocketError {
    use AlertDescription as Alert;
    let name = alert.as_str().unwrap_or("an unknown one");
    match alert {
        Alert::ProtocolVersion | Alert::HandshakeFailure | Alert::InsufficientSecurity => {
            SocketError::NoCommonTls(format!("the server's alert was {name}"))
        }
        Alert::CertificateRequired => SocketError::Handshake("the server wants a client certificate".to_owned()),
        Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::UnknownCA
        | Alert::AccessDenied => {
            SocketError::Handshake(format!("the server refused the client certificate: its alert was {name}"))
        }
        _ => SocketError::Handshake(format!("the server's alert was {name}")),
    }
}
