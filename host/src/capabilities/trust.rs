//! Endpoints and trust, from the interface's records.

use crate::bindings::smtp::transporter::{tls_sockets as wit, types};
use crate::tls_sockets::{ClientCertificate, Endpoint, Proxy, ProxyKind, RootStore, TlsSettings, Trust};

impl From<wit::Endpoint> for Endpoint {
    fn from(endpoint: wit::Endpoint) -> Endpoint {
        Endpoint { host: endpoint.host, port: endpoint.port, proxy: endpoint.proxy.map(Into::into) }
    }
}

impl From<types::Proxy> for Proxy {
    fn from(proxy: types::Proxy) -> Proxy {
        Proxy {
            kind: match proxy.kind {
                types::ProxyKind::Socks5 => ProxyKind::Socks5,
                types::ProxyKind::HttpConnect => ProxyKind::HttpConnect,
            },
            host: proxy.host,
            port: proxy.port,
            user: proxy.user,
            password: proxy.password,
        }
    }
}

impl From<wit::TlsSettings> for TlsSettings {
    fn from(settings: wit::TlsSettings) -> TlsSettings {
        TlsSettings { server_name: settings.server_name, trust: settings.trust.map(Into::into) }
    }
}

impl From<types::Trust> for Trust {
    fn from(trust: types::Trust) -> Trust {
        Trust {
            roots: trust.roots.into_iter().map(Into::into).collect(),
            pin_sha256: trust.pin_sha256,
            client_certificate: trust.client_certificate.map(|certificate| ClientCertificate { pem: certificate.pem }),
        }
    }
}

impl From<types::RootStore> for RootStore {
    fn from(store: types::RootStore) -> RootStore {
        match store {
            types::RootStore::Mozilla => RootStore::Mozilla,
            types::RootStore::System => RootStore::System,
            types::RootStore::Pem(pem) => RootStore::Pem(pem),
        }
    }
}
