//! The vocabulary of `wit/tls-sockets.wit` in plain Rust.

use std::fmt;
use std::net::SocketAddr;

use super::error::SocketFailure;

/// Where a connection goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Name or address, as in the settings.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The proxy in between.
    pub proxy: Option<Proxy>,
}

/// How TLS is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSettings {
    /// The name the certificate must bear, and SNI.
    pub server_name: String,
    /// None: Mozilla's roots.
    pub trust: Option<Trust>,
}

/// How the server's certificate is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// Which authorities are believed. Empty: Mozilla's.
    pub roots: Vec<RootStore>,
    /// SHA-256 of the server's certificate (DER), 32 bytes: this certificate and no other.
    pub pin_sha256: Option<Vec<u8>>,
    /// Shown when the server asks.
    pub client_certificate: Option<ClientCertificate>,
}

/// A list of certificate authorities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RootStore {
    /// Mozilla's, built in.
    Mozilla,
    /// The machine's.
    System,
    /// PEM text with one or more certificates, and revocation lists of their issuers (`X509 CRL`) with them.
    Pem(Vec<u8>),
}

/// A client certificate with its private key.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// PEM: certificate, chain and key in any order.
    pub pem: Vec<u8>,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate(***)")
    }
}

/// A proxy, and how to identify to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Which protocol it speaks.
    pub kind: ProxyKind,
    /// Its name or address.
    pub host: String,
    /// Its TCP port.
    pub port: u16,
    /// Its user.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<String>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |secret: &Option<String>| secret.as_ref().map(|_| "***");
        f.debug_struct("Proxy")
            .field("kind", &self.kind)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &hidden(&self.user))
            .field("password", &hidden(&self.password))
            .finish()
    }
}

/// The protocols a proxy may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// RFC 1928; the name is resolved by the proxy.
    Socks5,
    /// RFC 9110 §9.3.6.
    HttpConnect,
}

/// One try to reach one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What was tried.
    pub address: SocketAddr,
    /// None: this try made the connection.
    pub failure: Option<SocketFailure>,
    /// From the start of this try to its end.
    pub elapsed_ms: u32,
}

/// What a handshake agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSession {
    /// `TLSv1.3` or `TLSv1.2`.
    pub version: String,
    /// IANA's name.
    pub cipher: String,
    /// The name that was asked for.
    pub server_name: String,
    /// The server's certificate.
    pub certificate: Certificate,
    /// RFC 9266, 32 bytes; TLS 1.3 only.
    pub channel_binding_exporter: Option<Vec<u8>>,
    /// RFC 5929; None where the certificate's signature has no one hash (Ed25519).
    pub channel_binding_end_point: Option<Vec<u8>>,
}

/// What is known of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// RFC 4514 text.
    pub subject: String,
    /// RFC 4514 text.
    pub issuer: String,
    /// DNS names and IP addresses.
    pub names: Vec<String>,
    /// RFC 3339, UTC.
    pub not_before: String,
    /// RFC 3339, UTC.
    pub not_after: String,
    /// Lower-case hexadecimal, 64 digits.
    pub sha256: String,
}

/// Which check a certificate did not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CertificateCheck {
    UnknownIssuer,
    Expired,
    NotYetValid,
    WrongName,
    Revoked,
    PinMismatch,
    BadSignature,
    NotForServers,
    Malformed,
    Other,
}

/// Why a certificate was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRefusal {
    /// Which check.
    pub check: CertificateCheck,
    /// What the check said.
    pub detail: String,
    /// The certificate, as far as it could be read.
    pub certificate: Option<Certificate>,
}

/// Time as the socket sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since `connect` was called; never goes backwards.
    pub elapsed_ms: u64,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: u64,
    /// Minutes east of UTC.
    pub utc_offset_minutes: i16,
}
