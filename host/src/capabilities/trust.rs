//! Endpoints and trust, from the interface's records. What they name as a secret is looked up here: it does not enter the guest.

use crate::bindings::smtp::transporter::{tls_sockets as wit, types};
use crate::secrets::{NamedSecrets, Purpose};
use crate::tls_sockets::{ClientCertificate, Endpoint, Proxy, ProxyKind, RootStore, TlsSettings, Trust};

/// The error is what the host did not grant.
pub(super) fn endpoint(endpoint: wit::Endpoint, secrets: &NamedSecrets) -> Result<Endpoint, String> {
    let proxy = endpoint.proxy.map(|given| proxy(given, secrets)).transpose()?;
    Ok(Endpoint { host: endpoint.host, port: endpoint.port, proxy })
}

/// `to`: where the connection goes. The error is what the host did not grant.
pub(super) fn tls(settings: wit::TlsSettings, secrets: &NamedSecrets, to: Purpose) -> Result<TlsSettings, String> {
    let trust = settings.trust.map(|given| trust(given, secrets, to)).transpose()?;
    Ok(TlsSettings { server_name: settings.server_name, trust })
}

fn proxy(proxy: types::Proxy, secrets: &NamedSecrets) -> Result<Proxy, String> {
    let to = Purpose::safe(&proxy.host, proxy.port);
    let password = proxy.password.as_ref().map(|password| secrets.reveal(password, &to)).transpose()?;
    let password = password.map(str::to_owned);
    Ok(Proxy {
        kind: match proxy.kind {
            types::ProxyKind::Socks5 => ProxyKind::Socks5,
            types::ProxyKind::HttpConnect => ProxyKind::HttpConnect,
        },
        host: proxy.host,
        port: proxy.port,
        user: proxy.user,
        password,
    })
}

fn trust(trust: types::Trust, secrets: &NamedSecrets, to: Purpose) -> Result<Trust, String> {
    let pem = trust.client_certificate.as_ref().map(|client| secrets.reveal(&client.pem, &to)).transpose()?;
    Ok(Trust {
        roots: trust.roots.into_iter().map(Into::into).collect(),
        pin_sha256: trust.pin_sha256,
        client_certificate: pem.map(|pem| ClientCertificate { pem: pem.into() }),
    })
}

/// Whether the guest says itself whom to believe. Mozilla's roots and the machine's are nobody's choice.
pub(super) fn is_own(trust: &types::Trust) -> bool {
    trust.pin_sha256.is_some() || trust.roots.iter().any(|root| matches!(root, types::RootStore::Pem(_)))
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
