//! Which server, as whom, and how.

use clap::{Args, ValueEnum};
use smtp_host::types::{AuthenticationMode, ClientCertificate, Proxy, ProxyKind, RootStore, Server, Trust};
use std::path::{Path, PathBuf};

use super::domain;
use super::log::Logged;
use super::secret::Sources;
use super::text::one_line;
use super::url::Url;
use crate::exit::Failure;

/// The server.
#[derive(Args)]
#[command(next_help_heading = "Server")]
pub struct ServerOptions {
    /// smtp://HOST[:PORT] (587, STARTTLS required) or smtps://HOST[:PORT] (465, TLS at once); USER@ may stand before HOST.
    #[arg(long, value_name = "URL", env = "SMTP_SERVER", hide_env_values = true)]
    server: String,

    /// Who authenticates.
    #[arg(long, env = "SMTP_USER")]
    user: Option<String>,

    /// The password is the text of this file.
    #[arg(long, value_name = "FILE", env = "SMTP_PASSWORD_FILE")]
    password_file: Option<PathBuf>,

    /// The password is in this environment variable [default: SMTP_PASSWORD].
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,

    /// The OAuth 2.0 access token is the text of this file.
    #[arg(long, value_name = "FILE", env = "SMTP_TOKEN_FILE")]
    token_file: Option<PathBuf>,

    /// The OAuth 2.0 access token is in this environment variable [default: SMTP_TOKEN].
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,

    /// How to authenticate [default: the best that the server offers].
    #[arg(long, value_name = "MODE", env = "SMTP_AUTH")]
    auth: Option<Auth>,

    /// Try TLS, and go on in the clear where it can't be had.
    #[arg(long)]
    accept_unsecure: bool,

    /// Believe the certificate authorities in this file, and not Mozilla's; revocation lists (X509 CRL) in it are heeded.
    /// Repeatable.
    #[arg(long, value_name = "PEM", env = "SMTP_CA_FILE")]
    ca_file: Vec<PathBuf>,

    /// Believe this machine's certificate authorities too.
    #[arg(long)]
    system_roots: bool,

    /// Accept the certificate with this SHA-256, and no other.
    #[arg(long, value_name = "HEX", env = "SMTP_PIN_SHA256")]
    pin_sha256: Option<String>,

    /// Show this client certificate; the file holds its key too.
    #[arg(long, value_name = "PEM", env = "SMTP_CLIENT_CERT")]
    client_cert: Option<PathBuf>,

    /// Seconds to find and reach the server, to start TLS and be greeted.
    #[arg(long, value_name = "S", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    connect_timeout: u32,

    /// Seconds that one mail may take.
    #[arg(long, value_name = "S", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    send_timeout: u32,

    /// What EHLO says [default: the socket's address].
    #[arg(long, value_name = "NAME", env = "SMTP_HELO")]
    helo: Option<String>,

    /// Never send the first response along with AUTH.
    #[arg(long)]
    no_initial_response: bool,

    /// Never send commands ahead.
    #[arg(long)]
    no_pipelining: bool,

    /// Never send content by BDAT.
    #[arg(long)]
    no_chunking: bool,

    /// Connect through a proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT.
    #[arg(long, value_name = "URL", env = "SMTP_PROXY", hide_env_values = true)]
    proxy: Option<String>,

    /// The proxy's password is in this environment variable [default: SMTP_PROXY_PASSWORD].
    #[arg(long, value_name = "NAME")]
    proxy_password_env: Option<String>,
}

/// The values of `--auth`.
#[derive(Clone, Copy, ValueEnum)]
enum Auth {
    #[value(name = "scram-sha-256-plus")]
    ScramSha256Plus,
    #[value(name = "scram-sha-256")]
    ScramSha256,
    #[value(name = "scram-sha-1")]
    ScramSha1,
    CramMd5,
    Plain,
    Login,
    /// XOAUTH2 or OAUTHBEARER, whichever is offered.
    Oauth2,
    Xoauth2,
    Oauthbearer,
    External,
}

impl ServerOptions {
    /// The settings of the transporter. Reads the files that are named.
    pub fn settings(&self, log: &impl Logged) -> Result<Server, Failure> {
        let url = Url::parse("--server", &["smtp", "smtps"], &self.server)?;
        let user = self.who(&url)?;
        let password = Sources {
            file: self.password_file.as_ref(),
            file_option: "--password-file",
            variable: self.password_env.as_deref(),
            variable_option: "--password-env",
            default_variable: "SMTP_PASSWORD",
        };
        let token = Sources {
            file: self.token_file.as_ref(),
            file_option: "--token-file",
            variable: self.token_env.as_deref(),
            variable_option: "--token-env",
            default_variable: "SMTP_TOKEN",
        };
        let (password, token) = (password.read()?, token.read()?);
        self.check(user.as_deref(), password.is_some(), token.is_some())?;
        if let Some(name) = &self.helo {
            domain::check(name).map_err(|(at, why)| Failure::data(format!("--helo: {why}")).at(name, at))?;
        }
        Ok(Server {
            port: Some(port(&url)),
            tls_at_once: (url.scheme == "smtps").then_some(true),
            host: url.host,
            user,
            password,
            access_token: token,
            authentication_mode: self.auth.map(mode),
            accept_unsecure_connection: Some(self.accept_unsecure),
            connection_time_out: Some(self.connect_timeout),
            send_time_out: Some(self.send_timeout),
            keep_alive: Some(true),
            log_file: log.extended(),
            log_language: Some(log.language()),
            ehlo_name: self.helo.clone(),
            initial_response: Some(!self.no_initial_response),
            pipelining: Some(!self.no_pipelining),
            chunking: Some(!self.no_chunking),
            trust: self.trust()?,
            proxy: self.proxy()?,
        })
    }

    fn who(&self, url: &Url) -> Result<Option<String>, Failure> {
        if let (Some(option), Some(in_url)) = (&self.user, &url.user)
            && option != in_url
        {
            return Err(Failure::usage("--user (or SMTP_USER) and the URL of --server name two users"));
        }
        let user = self.user.clone().or_else(|| url.user.clone());
        user.iter().try_for_each(|user| one_line("--user", user))?;
        Ok(user)
    }

    fn check(&self, user: Option<&str>, password: bool, token: bool) -> Result<(), Failure> {
        let external = matches!(self.auth, Some(Auth::External));
        let oauth = matches!(self.auth, Some(Auth::Oauth2 | Auth::Xoauth2 | Auth::Oauthbearer));
        let missing = match (user, password, token) {
            (Some(_), false, false) if !external => {
                "--user has no password: give --password-file, --password-env, --token-file or --token-env, or set \
                 SMTP_PASSWORD or SMTP_TOKEN"
            }
            (None, true, _) => "a password has no user: give --user",
            (None, _, true) => "a token has no user: give --user, the mailbox that the token was made for",
            (Some(_), true, true) if self.auth.is_none() => "a password and a token: say by --auth which one serves",
            (_, _, false) if oauth => "this --auth needs a token: give --token-file or --token-env",
            (_, false, _) if !oauth && !external && self.auth.is_some() => {
                "this --auth needs a password: give --user and --password-file or --password-env"
            }
            _ if external && self.client_cert.is_none() => "--auth external needs --client-cert",
            _ => return Ok(()),
        };
        Err(Failure::usage(missing))
    }

    fn trust(&self) -> Result<Option<Trust>, Failure> {
        let pem = |path: &PathBuf| read(path).map(RootStore::Pem);
        let mut roots = self.ca_file.iter().map(pem).collect::<Result<Vec<_>, _>>()?;
        if roots.is_empty() {
            roots.push(RootStore::Mozilla);
        }
        if self.system_roots {
            roots.push(RootStore::System);
        }
        Ok(Some(Trust {
            roots,
            pin_sha256: self.pin_sha256.as_deref().map(pin).transpose()?,
            client_certificate: self.client_cert.as_deref().map(client_certificate).transpose()?,
        }))
    }

    fn proxy(&self) -> Result<Option<Proxy>, Failure> {
        let Some(url) = &self.proxy else { return Ok(None) };
        let Url { scheme, user, host, port } = Url::parse("--proxy", &["socks5", "http"], url)?;
        let password = Sources {
            file: None,
            file_option: "",
            variable: self.proxy_password_env.as_deref(),
            variable_option: "--proxy-password-env",
            default_variable: "SMTP_PROXY_PASSWORD",
        };
        let (kind, default) =
            if scheme == "socks5" { (ProxyKind::Socks5, 1080) } else { (ProxyKind::HttpConnect, 8080) };
        let password = if user.is_some() { password.read()? } else { None };
        Ok(Some(Proxy { kind, host, port: port.unwrap_or(default), user, password }))
    }
}

/// PEM is ASCII but for comments, which nobody reads.
fn client_certificate(path: &Path) -> Result<ClientCertificate, Failure> {
    let pem = read(path)?;
    Ok(ClientCertificate { pem: String::from_utf8_lossy(&pem).into_owned().into() })
}

/// 465 is TLS at once by either scheme: nobody listens there for anything else.
fn port(url: &Url) -> u16 {
    url.port.unwrap_or(if url.scheme == "smtps" { 465 } else { 587 })
}

fn mode(auth: Auth) -> AuthenticationMode {
    match auth {
        Auth::ScramSha256Plus => AuthenticationMode::ScramSha256Plus,
        Auth::ScramSha256 => AuthenticationMode::ScramSha256,
        Auth::ScramSha1 => AuthenticationMode::ScramSha1,
        Auth::CramMd5 => AuthenticationMode::CramMd5,
        Auth::Plain => AuthenticationMode::Plain,
        Auth::Login => AuthenticationMode::Login,
        Auth::Oauth2 => AuthenticationMode::Oauth2,
        Auth::Xoauth2 => AuthenticationMode::Xoauth2,
        Auth::Oauthbearer => AuthenticationMode::Oauthbearer,
        Auth::External => AuthenticationMode::External,
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))
}

/// 64 hexadecimal digits, with or without the colons that `openssl x509 -fingerprint` writes.
fn pin(hex: &str) -> Result<Vec<u8>, Failure> {
    let digits: Vec<_> = hex.char_indices().filter(|(_, c)| *c != ':').collect();
    if let Some((at, _)) = digits.iter().find(|(_, c)| !c.is_ascii_hexdigit()) {
        return Err(
            Failure::data("--pin-sha256: only hexadecimal digits and colons stand in a fingerprint").at(hex, *at)
        );
    }
    if digits.len() != 64 {
        return Err(Failure::data(format!(
            "--pin-sha256: a SHA-256 has 64 hexadecimal digits, this has {}",
            digits.len()
        )));
    }
    let values: Vec<_> = digits.iter().filter_map(|(_, c)| c.to_digit(16)).collect();
    Ok(values.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports() {
        let port = |url: &str| port(&Url::parse("--server", &["smtp", "smtps"], url).unwrap());
        assert_eq!(port("smtp://h"), 587);
        assert_eq!(port("smtps://h"), 465);
        assert_eq!(port("smtp://h:2525"), 2525);
        assert_eq!(port("smtps://h:4465"), 4465);
    }

    #[test]
    fn pins() {
        assert_eq!(pin(&"0aF".repeat(21)).map_err(|failure| failure.exit), Err(crate::exit::Exit::Data));
        assert_eq!(pin(&["AB"; 32].join(":")).unwrap(), [0xab; 32]);
        assert!(pin("xyz").unwrap_err().place.unwrap().ends_with("\n^"));
    }
}
