//! SIGTERM and SIGINT end the service, at the second one at once; SIGHUP reads the configuration anew.

use std::io;
use std::sync::Arc;
use tokio::sync::watch;

use super::app::App;
use crate::exit::Exit;

/// Installed before the service says that it is ready, so that no signal ends it by surprise.
pub struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hang_up: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    pub fn install() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    #[cfg(not(unix))]
    pub fn install() -> io::Result<Signals> {
        Ok(Signals {})
    }

    /// Follows the signals for as long as the service runs.
    #[cfg(unix)]
    pub async fn follow(mut self, app: Arc<App>, stop: watch::Sender<bool>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => self::stop(&stop),
                _ = self.interrupt.recv() => self::stop(&stop),
                _ = self.hang_up.recv() => reload(&app).await,
            }
        }
    }

    #[cfg(not(unix))]
    pub async fn follow(self, _: Arc<App>, stop: watch::Sender<bool>) {
        while tokio::signal::ctrl_c().await.is_ok() {
            self::stop(&stop);
        }
    }
}

fn stop(stop: &watch::Sender<bool>) {
    if stop.send_replace(true) {
        tracing::warn!("ended at once by a second signal: mails on their way were cut off");
        std::process::exit(Exit::TryAgain as i32);
    }
    tracing::info!("ending: mails on their way are finished; a second signal ends at once");
    super::service::notify(&[sd_notify::NotifyState::Stopping]);
}

#[cfg(unix)]
async fn reload(app: &Arc<App>) {
    let mut states = vec![sd_notify::NotifyState::Reloading];
    states.extend(sd_notify::NotifyState::monotonic_usec_now().ok());
    super::service::notify(&states);
    match app.reload().await {
        Ok(()) => tracing::info!("configuration reloaded"),
        Err(why) => tracing::error!(%why, "the configuration was not reloaded"),
    }
    super::service::notify(&[sd_notify::NotifyState::Ready]);
}
