//! `[transporter.NAME]`: a server, who we are there, and the limits.

use smtp_host::types::{AuthenticationMode, ClientCertificate, Language, Proxy, ProxyKind, RootStore, Server, Trust};
use std::path::PathBuf;
use std::time::Duration;
use toml::Spanned;

use super::file;
use super::reader::{Result, Source};
use crate::options::Url;

/// A transporter as it was configured.
pub struct TransporterConfig {
    pub name: String,
    pub server: Server,
    pub limits: Limits,
    /// A digest of the settings, secrets included: tells whether a later configuration says the same.
    pub fingerprint: [u8; 32],
}

/// What one transporter may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections to the server at once.
    pub connections: usize,
    /// How long a mail waits for a connection that is free.
    pub wait: Duration,
    /// Bytes of one mail, as it was given.
    pub max_bytes: u64,
    /// Recipients of one mail.
    pub max_recipients: usize,
}

/// Reads one table.
pub fn read(
    source: &Source<'_>,
    name: &str,
    table: &Spanned<file::Transporter>,
    language: Language,
) -> Result<TransporterConfig> {
    let plain =
        !name.is_empty() && name.len() <= 64 && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
    let at = table.span();
    let table = table.get_ref();
    if !plain {
        return Err(source.wrong(at, "a transporter's name has up to 64 ASCII letters, digits, '-', '_' and '.'"));
    }
    let url = source.url(&table.server, &["smtp", "smtps"])?;
    let user = one_user(source, table, &url)?;
    let password = source.secret(table.password_file.as_ref(), table.password_env.as_ref())?;
    let token = source.secret(table.token_file.as_ref(), table.token_env.as_ref())?;
    let auth = table.auth.as_ref().map(|auth| mode(source, auth)).transpose()?;
    let external = auth == Some(AuthenticationMode::External);
    match (&user, password.is_some() || token.is_some()) {
        (Some(_), false) if !external => {
            return Err(source.wrong(
                table.server.span(),
                "the user has no password: give password-file, password-env, token-file or token-env",
            ));
        }
        (None, true) => return Err(source.wrong(table.server.span(), "a password or token has no user: give user")),
        _ => {}
    }
    let value = |at: &Option<Spanned<bool>>, default| at.as_ref().map_or(default, |value| *value.get_ref());
    let server = Server {
        port: Some(url.port.unwrap_or(if url.scheme == "smtps" { 465 } else { 587 })),
        tls_at_once: (url.scheme == "smtps").then_some(true),
        host: url.host,
        user,
        password: password.map(Into::into),
        access_token: token.map(Into::into),
        authentication_mode: auth,
        accept_unsecure_connection: Some(value(&table.accept_unsecure, false)),
        connection_time_out: Some(source.number(&table.connect_timeout, 30, 1, 3600)?),
        send_time_out: Some(source.number(&table.send_timeout, 100, 1, 3600)?),
        keep_alive: Some(true),
        log_file: None,
        log_language: Some(language),
        ehlo_name: table.helo.as_ref().map(|helo| source.domain(helo)).transpose()?,
        initial_response: Some(value(&table.initial_response, true)),
        pipelining: Some(value(&table.pipelining, true)),
        chunking: Some(value(&table.chunking, true)),
        trust: Some(trust(source, table)?),
        proxy: table.proxy.as_ref().map(|url| proxy(source, url, table.proxy_password_env.as_ref())).transpose()?,
    };
    let limits = Limits {
        connections: source.number(&table.connections, 8, 1, 1000)? as usize,
        wait: Duration::from_secs(source.number(&table.wait, 60, 1, 3600)?.into()),
        max_bytes: source.number(&table.max_bytes, 50_000_000, 1, u64::MAX)?,
        max_recipients: source.number(&table.max_recipients, 1000, 1, 100_000)? as usize,
    };
    let fingerprint = fingerprint(&server);
    Ok(TransporterConfig { name: name.to_owned(), server, limits, fingerprint })
}

fn fingerprint(server: &Server) -> [u8; 32] {
    let proxy = server.proxy.as_ref().and_then(|proxy| proxy.password.as_ref());
    let whole = format!("{server:?} {:?} {:?} {proxy:?}", server.password, server.access_token);
    let mut digest = [0; 32];
    digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, whole.as_bytes()).as_ref());
    digest
}

fn one_user(source: &Source<'_>, table: &file::Transporter, url: &Url) -> Result<Option<String>> {
    match (&table.user, &url.user) {
        (Some(user), Some(other)) if user.get_ref() != other => {
            Err(source.wrong(user.span(), "it and the URL of server name two users"))
        }
        (Some(user), _) if user.get_ref().is_empty() || user.get_ref().contains(char::is_control) => {
            Err(source.wrong(user.span(), "a user's name is one line of text"))
        }
        (user, other) => Ok(user.as_ref().map(|user| user.get_ref().clone()).or_else(|| other.clone())),
    }
}

fn trust(source: &Source<'_>, table: &file::Transporter) -> Result<Trust> {
    let mut roots = Vec::new();
    match &table.ca_file {
        Some(file) => roots.push(RootStore::Pem(source.bytes(file)?)),
        None => roots.push(RootStore::Mozilla),
    }
    if table.system_roots.as_ref().is_some_and(|value| *value.get_ref()) {
        roots.push(RootStore::System);
    }
    let client = match &table.client_cert {
        None => None,
        Some(file) => match String::from_utf8(source.bytes(file)?) {
            Ok(pem) => Some(ClientCertificate { pem: pem.into() }),
            Err(_) => return Err(source.wrong(file.span(), "a client certificate is PEM text, and this file is none")),
        },
    };
    Ok(Trust {
        roots,
        pin_sha256: table.pin_sha256.as_ref().map(|hex| pin(source, hex)).transpose()?,
        client_certificate: client,
    })
}

fn pin(source: &Source<'_>, hex: &Spanned<String>) -> Result<Vec<u8>> {
    let digits: Option<Vec<u32>> = hex.get_ref().chars().filter(|c| *c != ':').map(|c| c.to_digit(16)).collect();
    match digits {
        Some(digits) if digits.len() == 64 => Ok(digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()),
        _ => Err(source.wrong(hex.span(), "a SHA-256 has 64 hexadecimal digits, with or without colons")),
    }
}

fn proxy(source: &Source<'_>, url: &Spanned<String>, password: Option<&Spanned<String>>) -> Result<Proxy> {
    let Url { scheme, user, host, port } = source.url(url, &["socks5", "http"])?;
    let (kind, default) = if scheme == "socks5" { (ProxyKind::Socks5, 1080) } else { (ProxyKind::HttpConnect, 8080) };
    let password = source.secret(None::<&Spanned<PathBuf>>, password)?;
    Ok(Proxy { kind, host, port: port.unwrap_or(default), user, password: password.map(Into::into) })
}

fn mode(source: &Source<'_>, auth: &Spanned<String>) -> Result<AuthenticationMode> {
    Ok(match auth.get_ref().as_str() {
        "scram-sha-256-plus" => AuthenticationMode::ScramSha256Plus,
        "scram-sha-256" => AuthenticationMode::ScramSha256,
        "scram-sha-1" => AuthenticationMode::ScramSha1,
        "cram-md5" => AuthenticationMode::CramMd5,
        "plain" => AuthenticationMode::Plain,
        "login" => AuthenticationMode::Login,
        "oauth2" => AuthenticationMode::Oauth2,
        "xoauth2" => AuthenticationMode::Xoauth2,
        "oauthbearer" => AuthenticationMode::Oauthbearer,
        "external" => AuthenticationMode::External,
        _ => {
            return Err(source.wrong(
                auth.span(),
                "it is one of scram-sha-256-plus, scram-sha-256, scram-sha-1, cram-md5, plain, login, oauth2, xoauth2, \
                 oauthbearer, external",
            ));
        }
    })
}
