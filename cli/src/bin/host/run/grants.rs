//! What a component is granted: everything that it gets beyond its own arguments.

use clap::Args;
use smtp_host::log_files::LogFiles;
use smtp_host::plugin::{Budget, Limits};
use smtp_host::policy::{Grant, Policy};
use smtp_host::tls_sockets::{Proxy, ProxyKind, RootStore, Trust};
use smtp_host::{Secret, SmtpCtx, SmtpCtxBuilder};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder};

use super::folder::Folder;
use super::refusals::Refusals;
use crate::exit::Failure;
use crate::options::{LogGrants, NamedSecret, Sources, Url, named_secret};
use crate::terminal;

const MIB: usize = 1 << 20;

/// The grants.
#[derive(Args)]
#[command(next_help_heading = "Grants")]
pub struct Grants {
    /// Let it connect to this host and port: mail.example.com:587, '*.example.com:587', '[::1]:25'. Private and loopback
    /// addresses only where they (or a name for them) stand here in full. Repeatable.
    #[arg(long, value_name = "HOST:PORT")]
    allow: Vec<Grant>,

    /// Let it see a folder, under the name GUEST; :ro for reading only. Repeatable.
    #[arg(long, value_name = "HOST::GUEST[:ro]")]
    dir: Vec<Folder>,

    /// Let it see this environment variable, as it is here or with this value. Repeatable.
    #[arg(long, value_name = "NAME[=V]")]
    env: Vec<String>,

    /// Its settings may name this secret, the text of FILE, for a password: it goes to the server and never into the
    /// plugin. With ;to=HOST[:PORT] to that server alone; without, to any that --allow grants. Repeatable.
    #[arg(long, value_name = "NAME=FILE[;to=HOST[:PORT]]")]
    secret: Vec<String>,

    /// Its TLS believes the certificate authorities in this file, whatever it says itself. Repeatable.
    #[arg(long, value_name = "PEM")]
    ca_file: Vec<PathBuf>,

    /// Its TLS believes this machine's certificate authorities too.
    #[arg(long)]
    system_roots: bool,

    /// All its connections go through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT. The password is
    /// in SMTP_PROXY_PASSWORD.
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,

    /// Give it this transporter instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    pub transporter: Option<PathBuf>,

    /// Memory for it and its transporter.
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    max_memory: u32,

    /// Seconds that it may compute.
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    max_cpu: u32,

    /// Seconds that it may take, computing or waiting.
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,

    /// Connections that it may have at once.
    #[arg(long, value_name = "N", default_value_t = 16)]
    max_sockets: usize,

    /// What it may write into the logs at a stretch; a 256th of it comes back each second.
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    max_log: u32,

    #[command(flatten)]
    logs: LogGrants,
}

impl Grants {
    /// Whether there are secrets that the plugin must not get at.
    pub fn has_secrets(&self) -> bool {
        !self.secret.is_empty()
    }

    /// Time and computing.
    pub fn budget(&self) -> Budget {
        let seconds = |count: u32| Duration::from_secs(count.into());
        Budget { cpu: seconds(self.max_cpu), time: seconds(self.timeout) }
    }

    pub fn limits(&self) -> Limits {
        Limits::new(self.max_memory())
    }

    /// Bytes.
    pub fn max_memory(&self) -> usize {
        (self.max_memory as usize).saturating_mul(MIB)
    }

    /// The logs, opened.
    pub fn logs(&self) -> Result<LogFiles, Failure> {
        self.logs.open()
    }

    /// Network and logs.
    pub fn smtp(&self, refusals: Arc<Refusals>) -> Result<SmtpCtxBuilder, Failure> {
        let mut policy = Policy::none();
        for grant in &self.allow {
            policy.allow(grant.clone());
        }
        let mut smtp = SmtpCtx::builder()
            .set_log(self.logs.may_set())
            .max_sockets(self.max_sockets)
            .max_log_bytes(u64::from(self.max_log) << 20)
            .refusals(move |words| refusals.say(words));
        for given in &self.secret {
            let NamedSecret { name, value, to } = named_secret(given)?;
            smtp = match to {
                Some(to) => smtp.secret_for(name, value, to),
                None => smtp.secret(name, value),
            };
        }
        if let Some(trust) = self.trust()? {
            smtp = smtp.trust(trust);
        }
        if let Some(proxy) = self.proxy()? {
            policy.allow_exactly(&proxy.host, proxy.port).map_err(|why| Failure::data(format!("--proxy: {why}")))?;
            smtp = smtp.proxy(proxy);
        }
        Ok(smtp.policy(policy))
    }

    /// Folders, environment and standard streams.
    pub fn wasi(&self, arguments: &[String]) -> Result<WasiCtx, Failure> {
        let mut wasi = WasiCtxBuilder::new();
        super::output::connect(&mut wasi);
        wasi.args(arguments);
        for variable in &self.env {
            let (name, value) = match variable.split_once('=') {
                Some((name, value)) => (name, value.to_owned()),
                None => (variable.as_str(), inherited(variable)?),
            };
            wasi.env(name, value);
        }
        for Folder { host, guest, read_only } in &self.dir {
            let perms = if *read_only { FsPerms::ReadOnly } else { FsPerms::ReadWrite };
            wasi.preopened_dir(host, guest, perms).map_err(|error| {
                let name = terminal::safe(&host.to_string_lossy());
                Failure::no_input(format!("--dir: '{name}' can't be opened: {}", error.root_cause()))
            })?;
        }
        Ok(wasi.build())
    }

    fn trust(&self) -> Result<Option<Trust>, Failure> {
        let read = |path: &PathBuf| std::fs::read(path).map_err(|error| Failure::unreadable(path, &error));
        let mut roots =
            self.ca_file.iter().map(|path| read(path).map(RootStore::Pem)).collect::<Result<Vec<_>, _>>()?;
        if roots.is_empty() && !self.system_roots {
            return Ok(None);
        }
        if roots.is_empty() {
            roots.push(RootStore::Mozilla);
        }
        if self.system_roots {
            roots.push(RootStore::System);
        }
        Ok(Some(Trust { roots, pin_sha256: None, client_certificate: None }))
    }

    fn proxy(&self) -> Result<Option<Proxy>, Failure> {
        let Some(url) = &self.proxy else { return Ok(None) };
        let Url { scheme, user, host, port } = Url::parse("--proxy", &["socks5", "http"], url)?;
        let (kind, default) =
            if scheme == "socks5" { (ProxyKind::Socks5, 1080) } else { (ProxyKind::HttpConnect, 8080) };
        let password = if user.is_some() { Sources::proxy_password().read()? } else { None };
        // A file or a variable has the text itself, never a name.
        let password = password.as_ref().and_then(|password| match password {
            Secret::Value(text) => Some(text.clone()),
            Secret::Named(_) => None,
        });
        Ok(Some(Proxy { kind, host, port: port.unwrap_or(default), user, password }))
    }
}

fn inherited(name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|error| {
        let name = terminal::safe(name);
        match error {
            std::env::VarError::NotPresent => {
                Failure::usage(format!("--env: the environment has no variable '{name}'"))
            }
            std::env::VarError::NotUnicode(_) => Failure::data(format!("--env: '{name}' is not UTF-8 text")),
        }
    })
}
