//! The configuration file as it is written: TOML.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::Spanned;

/// A value that knows where it stands.
type At<T> = Option<Spanned<T>>;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct File {
    pub listen: At<Vec<Spanned<String>>>,
    pub hosts: At<Vec<Spanned<String>>>,
    pub state: At<PathBuf>,
    pub connections: At<u32>,
    pub watchers: At<u32>,
    pub body_limit: At<u64>,
    pub tls: Option<Tls>,
    #[serde(default)]
    pub log: Log,
    #[serde(default)]
    pub transporter: BTreeMap<String, Spanned<Transporter>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tls {
    pub certificate: Spanned<PathBuf>,
    pub key: Spanned<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Log {
    pub folder: At<PathBuf>,
    pub keep: At<usize>,
    pub state: At<u32>,
    pub changes: At<bool>,
    pub configuration: At<PathBuf>,
    pub language: At<String>,
    pub utc: At<bool>,
    pub conversations: At<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Transporter {
    pub server: Spanned<String>,
    pub user: At<String>,
    pub password_file: At<PathBuf>,
    pub password_env: At<String>,
    pub token_file: At<PathBuf>,
    pub token_env: At<String>,
    pub auth: At<String>,
    pub accept_unsecure: At<bool>,
    pub ca_file: At<PathBuf>,
    pub system_roots: At<bool>,
    pub pin_sha256: At<String>,
    pub client_cert: At<PathBuf>,
    pub connect_timeout: At<u32>,
    pub send_timeout: At<u32>,
    pub helo: At<String>,
    pub initial_response: At<bool>,
    pub pipelining: At<bool>,
    pub chunking: At<bool>,
    pub proxy: At<String>,
    pub proxy_password_env: At<String>,
    pub connections: At<u32>,
    pub wait: At<u32>,
    pub max_bytes: At<u64>,
    pub max_recipients: At<u32>,
}
