//! The settings of a transporter, checked.

use super::bindings::smtp::transporter::types::{AuthenticationMode, Language as WitLanguage, Server};
use super::network::HostNetwork;
use super::secrets::Secret;
use crate::Error;
use crate::log::Language;
use crate::sasl::{Credentials, Mechanism, Mode};
use crate::session::{EhloName, Host, Settings};

/// RFC 6409: the port of mail submission.
const SUBMISSION: u16 = 587;

/// Named secrets are asked of the host, for that network.
pub(super) fn session(server: &Server, network: &HostNetwork) -> Result<Settings, Error> {
    let accept_unsecure = server.accept_unsecure_connection.unwrap_or(false);
    let reveal = |secret: &Secret| secret.reveal(network, accept_unsecure);
    let credentials = Credentials {
        user: server.user.clone(),
        password: server.password.as_ref().map(reveal).transpose()?,
        token: server.access_token.as_ref().map(reveal).transpose()?,
    };
    let none = credentials == Credentials::default();
    let settings = Settings {
        host: Host::parse(&server.host)?,
        port: server.port.unwrap_or(SUBMISSION),
        tls_at_once: server.tls_at_once,
        credentials: if none { None } else { Some(credentials) },
        mode: server.authentication_mode.map(mode),
        accept_unsecure,
        ehlo_name: server.ehlo_name.as_deref().map(EhloName::parse).transpose()?,
        initial_response: server.initial_response.unwrap_or(true),
        pipelining: server.pipelining.unwrap_or(true),
        chunking: server.chunking.unwrap_or(true),
        connect_limit_ms: server.connection_time_out.unwrap_or(30).saturating_mul(1000),
        send_limit_ms: server.send_time_out.unwrap_or(100).saturating_mul(1000),
        keep_alive: server.keep_alive.unwrap_or(true),
    };
    settings.check()?;
    Ok(settings)
}

pub(super) fn language(server: &Server) -> Language {
    match server.log_language {
        Some(WitLanguage::Spanish) => Language::Spanish,
        Some(WitLanguage::English) | None => Language::English,
    }
}

/// What the caller can read back has no secret in it.
pub(super) fn forget_secrets(server: &mut Server) {
    server.password = None;
    server.access_token = None;
    if let Some(trust) = &mut server.trust {
        trust.client_certificate = None;
    }
    if let Some(proxy) = &mut server.proxy {
        proxy.password = None;
    }
}

fn mode(mode: AuthenticationMode) -> Mode {
    Mode::Mechanism(match mode {
        AuthenticationMode::Oauth2 => return Mode::OAuth2,
        AuthenticationMode::ScramSha256Plus => Mechanism::ScramSha256Plus,
        AuthenticationMode::ScramSha256 => Mechanism::ScramSha256,
        AuthenticationMode::ScramSha1 => Mechanism::ScramSha1,
        AuthenticationMode::CramMd5 => Mechanism::CramMd5,
        AuthenticationMode::Plain => Mechanism::Plain,
        AuthenticationMode::Login => Mechanism::Login,
        AuthenticationMode::Xoauth2 => Mechanism::XOAuth2,
        AuthenticationMode::Oauthbearer => Mechanism::OAuthBearer,
        AuthenticationMode::External => Mechanism::External,
    })
}
