//! The service from its first socket to its last mail.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use smtp_host::Host;
use smtp_host::log_files::LogFiles;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing_subscriber::filter::LevelFilter;

use super::app::{App, Parts};
use super::auth::{self, Tokens};
use super::config::{Config, LogConfig};
use super::feed::Feed;
use super::net::{self, Certificates};
use super::problem::Problem;
use super::signals::Signals;
use super::{Serve, api, guard, page};
use crate::exit::Failure;
use crate::terminal;

/// Runs until a signal ends it.
pub async fn run(options: &Serve, config: Config, tokens: Tokens) -> Result<(), Failure> {
    trace(&options.verbosity);
    let signals = Signals::install().map_err(|error| Failure::defect(format!("no signals: {error}")))?;
    let certificates = Certificates::new(config.tls.as_ref()).map_err(Failure::usage)?;
    let listeners = listen(options, &config).await?;
    let secure = certificates.are_there();
    if !secure && !options.insecure_http && !listeners.iter().all(net::is_loopback) {
        return Err(Failure::usage(
            "others than this machine could reach the service, and tokens and mails would go in the clear: give a \
             certificate ([tls] in the configuration), listen at 127.0.0.1, or say --insecure-http",
        ));
    }
    let run = auth::random().ok_or_else(|| Failure::defect("this machine has no randomness"))?;
    let feed = Arc::new(Feed::new(
        run.chars().filter(char::is_ascii_alphanumeric).take(8).collect(),
        config.log.conversations,
    ));
    let host = Host::builder().logs(logs(&config.log, &feed)?).build();
    let host = host.map_err(|error| Failure::defect(format!("the component can't be loaded: {error:#}")))?;
    let (stop, stopping) = watch::channel(false);
    let connections = config.connections;
    let path = options.config.clone();
    let app = App::new(Parts { path, config, host, feed, tokens, certificates, stopping: stopping.clone() });
    say_where(&listeners, secure)?;
    let router = router(&app);
    tokio::spawn(signals.follow(app.clone(), stop));
    tokio::spawn(app.clone().tidy());
    notify(&[sd_notify::NotifyState::Ready, sd_notify::NotifyState::Status("sending mail")]);
    let patience = Duration::from_secs(options.stop_timeout);
    net::serve(app.clone(), router, listeners, connections, stopping, patience).await;
    if app.finish(patience).await {
        tracing::info!("ended: no mail is on its way");
        Ok(())
    } else {
        tracing::error!("ended with mails on their way: they were cut off");
        Err(Failure::defect("mails were still on their way when the time to stop was over"))
    }
}

/// Everything that is answered.
fn router(app: &Arc<App>) -> Router {
    Router::new()
        .merge(api::router(app))
        .merge(page::router(app))
        .method_not_allowed_fallback(|| async { Problem::method().into_response() })
        .fallback(|| async { Problem::not_found("Nothing is here.").into_response() })
        // Bodies have limits of their own, in `body` and in the transporters.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), guard::all))
        .with_state(app.clone())
}

fn logs(config: &LogConfig, feed: &Arc<Feed>) -> Result<LogFiles, Failure> {
    let observer = feed.clone();
    let logs = LogFiles::builder()
        .folder(&config.folder)
        .keep(config.keep)
        .utc(config.utc)
        .language(config.host_language())
        .regular(config.state)
        .reporter(|text| tracing::warn!("{text}"))
        .observer(move |appended| observer.appended(appended))
        .build();
    logs.map_err(|error| Failure::cant_create(error.to_string()))
}

async fn listen(options: &Serve, config: &Config) -> Result<Vec<TcpListener>, Failure> {
    let handed = net::from_systemd().map_err(|error| Failure::defect(format!("systemd's sockets: {error}")))?;
    if !handed.is_empty() {
        return Ok(handed);
    }
    let addresses = match (options.listen.is_empty(), config.listen.is_empty()) {
        (false, _) => options.listen.clone(),
        (true, false) => config.listen.clone(),
        (true, true) => vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 8025))],
    };
    net::bind(&addresses).await.map_err(Failure::cant_create)
}

fn say_where(listeners: &[TcpListener], secure: bool) -> Result<(), Failure> {
    let scheme = if secure { "https" } else { "http" };
    for listener in listeners {
        let address = listener.local_addr().map_err(|error| Failure::defect(error.to_string()))?;
        terminal::result(&format!("The page is at {scheme}://{address}/"))?;
    }
    Ok(())
}

/// Tells systemd, where it wants to know.
pub fn notify(states: &[sd_notify::NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd can't be told");
    }
}

fn trace(verbosity: &str) {
    let level = match verbosity {
        "error" => LevelFilter::ERROR,
        "warn" => LevelFilter::WARN,
        "debug" => LevelFilter::DEBUG,
        _ => LevelFilter::INFO,
    };
    // A second subscriber in one process is no reason not to serve.
    let _ = tracing_subscriber::fmt().with_max_level(level).with_ansi(false).with_writer(std::io::stderr).try_init();
}
