//! Endpoints and trust, from the interface's records. What they name as a secret is looked up here: it does not enter the guest.

use crate::bindings::smtp::transporter::{tls_sockets as wit, types};
use crate::secrets::NamedSecrets;
use crate::tls_sockets::{ClientCertificate, Endpoint, Proxy, ProxyKind, RootStore, TlsSettings, Trust};

/// The error is what the host did not grant.
pub(super) fn endpoint(endpoint: wit::Endpoint, secrets: &NamedSecrets) -> Result<Endpoint, String> {
    let proxy = endpoint.proxy.map(|given| proxy(given, secrets)).transpose()?;
    Ok(Endpoint { host: endpoint.host, port: endpoint.port, proxy })
}

/// The error is what the host did not grant.
pub(super) fn tls(settings: wit::TlsSettings, secrets: &NamedSecrets) -> Result<TlsSettings, String> {
    let trust = settings.trust.map(|given| trust(given, secrets)).transpose()?;
    Ok(TlsSettings { server_name: settings.server_name, trust })
}

fn proxy(proxy: types::Proxy, secrets: &NamedSecrets) -> Result<Proxy, String> {
    Ok(Proxy {
        kind: match proxy.kind {
            types::ProxyKind::Socks5 => ProxyKind::Socks5,
            types::ProxyKind::HttpConnect => ProxyKind::HttpConnect,
        },
        host: proxy.host,
        port: proxy.port,
        user: proxy.user,
        password: proxy.password.as_ref().map(|password| secrets.reveal(password)).transpose()?.map(str::to_owned),
    })
}

fn trust(trust: types::Trust, secrets: &NamedSecrets) -> Result<Trust, String> {
    let pem = trust.client_certificate.as_ref().map(|client| secrets.reveal(&client.pem)).transpose()?;
    Ok(Trust {
        roots: trust.roots.into_iter().map(Into::into).collect(),
        pin_sha256: trust.pin_sha256,
        client_certificate: pem.map(|pem| ClientCertificate { pem: pem.into() }),
    })
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
