//! Real connections on loopback, with certificates made on the spot.

mod certificates;
mod duplex;
mod handshakes;
mod proxies;
mod racing;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::*;
use crate::policy::Policy;

/// Far beyond what any of these takes.
const LONG: u32 = 60_000;

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Test Authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    fn issue(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        Identity { certificate: params.signed_by(&key, &self.issuer).unwrap(), key }
    }

    fn trust(&self) -> Trust {
        Trust { roots: vec![RootStore::Pem(self.pem.clone().into_bytes())], ..Trust::default() }
    }
}

struct Identity {
    certificate: Certificate,
    key: KeyPair,
}

impl Identity {
    fn pin(&self) -> Vec<u8> {
        super::certificate::fingerprint(self.certificate.der()).to_vec()
    }

    fn server(&self) -> ServerConfig {
        self.server_with(&[&rustls::version::TLS13, &rustls::version::TLS12])
    }

    fn server_with(&self, versions: &[&'static rustls::SupportedProtocolVersion]) -> ServerConfig {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.der().clone()], key)
            .unwrap()
    }
}

/// A certificate for `localhost` and 127.0.0.1.
fn localhost() -> CertificateParams {
    let mut params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params
}

fn settings(trust: Trust) -> TlsSettings {
    TlsSettings { server_name: "localhost".to_owned(), trust: Some(trust) }
}

/// Serves every connection with `serve`.
async fn server<S, F>(serve: S) -> SocketAddr
where
    S: Fn(TcpStream) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// The same under TLS; handshakes that fail are passed over.
async fn tls_server<S, F>(config: ServerConfig, serve: S) -> SocketAddr
where
    S: Fn(TlsStream<TcpStream>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let acceptor = TlsAcceptor::from(Arc::new(config));
    server(move |stream| {
        let (acceptor, serve) = (acceptor.clone(), serve.clone());
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream).await;
            }
        }
    })
    .await
}

fn endpoint(address: SocketAddr) -> Endpoint {
    Endpoint { host: address.ip().to_string(), port: address.port(), proxy: None }
}

fn everything_here() -> Policy {
    let mut policy = Policy::none();
    for grant in ["127.0.0.1:*", "127.0.0.2:*", "[::1]:*", "localhost:*"] {
        policy.allow(grant.parse().unwrap());
    }
    policy
}

async fn connect(address: SocketAddr, tls: Option<TlsSettings>) -> Result<Socket, SocketError> {
    Socket::connect(&everything_here(), endpoint(address), tls, LONG).await.map_err(|failed| failed.error)
}

/// Reads until so many bytes have come.
async fn read_all(socket: &mut Socket, count: usize) -> Vec<u8> {
    let mut all = Vec::new();
    while all.len() < count {
        let bytes = socket.read(u32::MAX, LONG).await.unwrap();
        assert!(!bytes.is_empty(), "the stream ended after {} bytes", all.len());
        all.extend(bytes);
    }
    all
}

async fn pause(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}
