//! What all requests share.

use smtp_host::Host;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};

use super::auth::{self, Access, Tokens};
use super::config::{Config, LogConfig};
use super::feed::Feed;
use super::log::Control;
use super::metrics::Metrics;
use super::net::Certificates;
use super::pool::Pool;
use super::problem::Problem;
use super::send::Keys;

/// Kilobytes that bodies of requests may take up at once.
const BUDGET: usize = 256 << 10;
/// Jobs at once; far more than connections.
const JOBS: u32 = 1 << 20;

/// The service.
pub struct App {
    pub path: PathBuf,
    pub feed: Arc<Feed>,
    pub log: Control,
    pub access: Access,
    pub keys: Keys,
    pub metrics: Metrics,
    pub certificates: Certificates,
    /// Watchers of events that may come yet.
    pub watchers: Arc<Semaphore>,
    pub budget: Arc<Semaphore>,
    /// Reports that may be drawn at once.
    pub reports: Semaphore,
    /// True when the service ends.
    pub stopping: watch::Receiver<bool>,
    pub started: Instant,
    host: Host,
    jobs: Arc<Semaphore>,
    settings: RwLock<Arc<Settings>>,
}

/// What a reload may change.
pub struct Settings {
    /// Names that Host may have, beside the loopback ones.
    pub hosts: Vec<String>,
    pub body_limit: usize,
    pub log: LogConfig,
    pub pools: BTreeMap<String, Arc<Pool>>,
}

/// What the service is made of.
pub struct Parts {
    pub path: PathBuf,
    pub config: Config,
    pub host: Host,
    pub feed: Arc<Feed>,
    pub tokens: Tokens,
    pub certificates: Certificates,
    pub stopping: watch::Receiver<bool>,
}

impl App {
    pub fn new(parts: Parts) -> Arc<App> {
        let Parts { path, config, host, feed, tokens, certificates, stopping } = parts;
        let log = &config.log;
        let control = Control::new(host.logs().clone(), log.folder.clone(), log.state, log.keep, log.changes);
        let secure = certificates.are_there();
        let access = Access { tokens: RwLock::new(tokens), secure, ..Access::default() };
        let watchers = Arc::new(Semaphore::new(config.watchers));
        let settings = settings(config, &host, &feed, None);
        Arc::new(App {
            path,
            feed,
            log: control,
            access,
            keys: Keys::default(),
            metrics: Metrics::default(),
            certificates,
            watchers,
            budget: Arc::new(Semaphore::new(BUDGET)),
            reports: Semaphore::new(1),
            stopping,
            started: Instant::now(),
            host,
            jobs: Arc::new(Semaphore::new(JOBS as usize)),
            settings: RwLock::new(Arc::new(settings)),
        })
    }

    /// The settings as they are now.
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the configuration anew. Mails on their way and mails that wait end as they began; where the new
    /// configuration is wrong, all stays as it was.
    pub async fn reload(self: &Arc<App>) -> Result<(), String> {
        let path = self.path.clone();
        let loaded = tokio::task::spawn_blocking(move || {
            let config = Config::load(&path).map_err(|error| error.to_string())?;
            let file = auth::file(&config.state);
            let tokens = Tokens::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            Ok::<_, String>((config, tokens))
        });
        let (config, tokens) = loaded.await.map_err(|error| error.to_string())??;
        self.certificates.replace(config.tls.as_ref())?;
        let log = config.log.clone();
        let old = self.settings();
        let new = Arc::new(settings(config, &self.host, &self.feed, Some(&old)));
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = new.clone();
        if let Some(tokens) = tokens {
            *self.access.tokens.write().unwrap_or_else(PoisonError::into_inner) = tokens;
        }
        // The state of the log is that of its own file alone: who reloads a new password does not stop the log.
        let state = log.configuration.is_some().then_some(log.state);
        let configured = self.log.configure(state, log.keep, log.changes);
        self.feed.log_changed(&self.log.status());
        for (name, pool) in &old.pools {
            if new.pools.get(name).is_none_or(|kept| !Arc::ptr_eq(kept, pool)) {
                let pool = pool.clone();
                self.job(async move { pool.close().await });
            }
        }
        configured.map_err(|refusal| format!("the configuration is in use, but not the state of the log: {refusal:?}"))
    }

    /// Runs a job to its end, whoever has gone meanwhile; the service waits for it before it ends.
    pub fn job<T: Send + 'static>(&self, job: impl Future<Output = T> + Send + 'static) -> tokio::task::JoinHandle<T> {
        let permit = self.jobs.clone().try_acquire_owned();
        tokio::spawn(async move {
            let _permit = permit;
            job.await
        })
    }

    /// Waits for all jobs, then says goodbye to the servers.
    pub async fn finish(&self, patience: Duration) -> bool {
        let all = tokio::time::timeout(patience, self.jobs.acquire_many(JOBS)).await.is_ok();
        let settings = self.settings();
        futures_util::future::join_all(settings.pools.values().map(|pool| pool.close())).await;
        all
    }

    /// Closes connections that nobody needs, now and then, for as long as the service runs.
    pub async fn tidy(self: Arc<App>) {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            for pool in self.settings().pools.values() {
                pool.tidy().await;
            }
        }
    }

    /// The transporter of that name; without a name the only one there is.
    pub fn pool(&self, name: Option<&str>) -> Result<Arc<Pool>, Problem> {
        let settings = self.settings();
        let pools = &settings.pools;
        match name {
            Some(name) => {
                pools.get(name).cloned().ok_or_else(|| Problem::not_found("No transporter of this name is configured."))
            }
            None => {
                let mut all = pools.values();
                match (all.next(), all.next()) {
                    (Some(only), None) => Ok(only.clone()),
                    (None, _) => Err(Problem::not_found("No transporter is configured.")),
                    _ => Err(Problem::bad_request("There are several transporters: name one by `transporter`.")),
                }
            }
        }
    }
}

fn settings(config: Config, host: &Host, feed: &Arc<Feed>, old: Option<&Settings>) -> Settings {
    let pools = config.transporters.into_iter().map(|(name, transporter)| {
        let same = old.and_then(|old| old.pools.get(&name)).filter(|pool| pool.is_as(&transporter)).cloned();
        let pool = same.unwrap_or_else(|| Pool::new(host.clone(), feed.clone(), transporter));
        (name, pool)
    });
    let pools = pools.collect();
    Settings { hosts: config.hosts, body_limit: config.body_limit, log: config.log, pools }
}
