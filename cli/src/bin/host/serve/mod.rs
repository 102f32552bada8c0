//! `host serve`: sends for others over HTTP, and shows an administrator the conversations as they happen.

mod api;
mod app;
mod auth;
mod body;
mod config;
mod events;
mod feed;
mod guard;
mod lines;
mod log;
mod metrics;
mod net;
mod page;
mod pool;
mod problem;
mod report;
mod send;
mod service;
mod signals;

use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::exit::{Exit, Failure};
use crate::terminal;
use auth::{Role, Tokens};
use config::Config;

/// Sends mail for others over HTTP, and serves a page on which the logs are started, stopped and watched.
#[derive(Args)]
#[command(after_help = "\
Examples:
  host serve --listen 127.0.0.1:8025 --config serve.toml
  host serve --config serve.toml --add-token shop=send")]
pub struct Serve {
    /// The configuration: transporters, log, limits (TOML).
    #[arg(long, value_name = "FILE", env = "SMTP_SERVE_CONFIG")]
    config: PathBuf,

    /// Where to listen. Repeatable [default: the configuration's `listen`, or 127.0.0.1:8025].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Vec<SocketAddr>,

    /// Speak plain HTTP on addresses that others can reach: tokens and mails can be read on the way.
    #[arg(long)]
    insecure_http: bool,

    /// How long mails on their way have when the service ends, in seconds.
    #[arg(long, value_name = "S", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    stop_timeout: u64,

    /// What the service tells of its own doings on standard error.
    #[arg(long, value_name = "LEVEL", default_value = "info", value_parser = ["error", "warn", "info", "debug"])]
    verbosity: String,

    /// Read the configuration, say whether it is right, and end.
    #[arg(long)]
    check_config: bool,

    /// Make a token with these roles (send, read, administer), print it, and end.
    #[arg(long, value_name = "NAME=ROLE[,ROLE]", conflicts_with_all = ["check_config", "remove_token"])]
    add_token: Option<String>,

    /// Remove a token, and end. A running service follows when it reloads.
    #[arg(long, value_name = "NAME")]
    remove_token: Option<String>,
}

impl Serve {
    pub fn run(&self) -> Exit {
        match self.begin() {
            Ok(()) => Exit::Done,
            Err(failure) => {
                terminal::say_failure(&failure);
                failure.exit
            }
        }
    }

    fn begin(&self) -> Result<(), Failure> {
        let config = Config::load(&self.config).map_err(|error| Failure::usage(error.to_string()))?;
        if self.check_config {
            let count = config.transporters.len();
            return terminal::result(&format!("The configuration is right: {count} transporters."));
        }
        let (path, mut tokens) = tokens(&config)?;
        let unwritable = |error| Failure::cant_create(format!("{}: {error}", path.display()));
        if let Some(what) = &self.add_token {
            let token = add(&mut tokens, what)?;
            tokens.write(&path).map_err(unwritable)?;
            return terminal::result(&token);
        }
        if let Some(name) = &self.remove_token {
            if !tokens.remove(name) {
                return Err(Failure::usage(format!("there is no token '{name}'")));
            }
            return tokens.write(&path).map_err(unwritable);
        }
        if tokens.is_empty() {
            let token = add(&mut tokens, "administrator=administer")?;
            tokens.write(&path).map_err(unwritable)?;
            terminal::result(&format!("The administrator's token, told this once: {token}"))?;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::defect(format!("no runtime: {error}")))?;
        let ended = runtime.block_on(service::run(self, config, tokens));
        // Whatever still runs has had its time.
        runtime.shutdown_timeout(std::time::Duration::from_secs(1));
        ended
    }
}

fn tokens(config: &Config) -> Result<(PathBuf, Tokens), Failure> {
    let path = auth::file(&config.state);
    let tokens = Tokens::read(&path)
        .map_err(|error| Failure::cant_create(format!("the tokens in '{}' can't be read: {error}", path.display())))?;
    Ok((path, tokens.unwrap_or_default()))
}

/// `NAME=ROLE[,ROLE]`
fn add(tokens: &mut Tokens, what: &str) -> Result<String, Failure> {
    let usage = |why: &str| Failure::usage(format!("--add-token: {why}"));
    let (name, roles) = what.split_once('=').ok_or_else(|| usage("it is NAME=ROLE"))?;
    let roles = roles
        .split(',')
        .map(|role| Role::parse(role.trim()).ok_or_else(|| usage("a role is send, read or administer")));
    let roles = roles.collect::<Result<Vec<_>, _>>()?;
    tokens.add(name, roles).map_err(usage)
}
