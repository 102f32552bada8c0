//! The network capability behind `wit/tls-sockets.wit`: TCP streams that can be turned into TLS, within a policy.
//!
//! Nothing here knows of WebAssembly: the binding is a thin layer above.

mod certificate;
mod connect;
mod distinguished_name;
mod error;
mod host;
mod proxy;
mod race;
mod sniff;
mod socket;
mod stream;
#[cfg(test)]
mod tests;
mod tls;
mod trust;
mod types;
mod verify;
mod zone;

pub use error::{ConnectError, SocketError, SocketFailure};
pub use host::Host;
pub use socket::Socket;
pub use types::{
    Attempt, Certificate, CertificateCheck, CertificateRefusal, ClientCertificate, Endpoint, Moment, Proxy, ProxyKind,
    RootStore, TlsSession, TlsSettings, Trust,
};
