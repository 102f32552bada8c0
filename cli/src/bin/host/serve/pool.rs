//! A few connections to one server, shared by all who send through it.

use smtp_host::types::{ErrorKind, SendError, Server};
use smtp_host::{Host, Transporter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::config::{Limits, TransporterConfig};
use super::feed::Feed;

/// How long a connection that nobody needs stays open: servers hang up after some minutes.
const IDLE: Duration = Duration::from_secs(30);
/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(5);

/// One named transporter: its settings, and its connections that are free.
pub struct Pool {
    pub name: Arc<str>,
    pub server: Server,
    pub limits: Limits,
    fingerprint: [u8; 32],
    host: Host,
    feed: Arc<Feed>,
    permits: Arc<Semaphore>,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    free: Vec<(Member, Instant)>,
    /// Nobody comes any more: whoever is given back is closed.
    closed: bool,
}

/// A transporter that the feed knows until it is gone.
struct Member {
    transporter: Option<Transporter>,
    process: u64,
    feed: Arc<Feed>,
}

/// A transporter for one job. Dropped without [`settle`](Lease::settle), its connection is cut.
pub struct Lease {
    pool: Arc<Pool>,
    member: Member,
    _permit: OwnedSemaphorePermit,
}

/// Why there is no transporter.
pub enum NoLease {
    /// No connection became free in time.
    Busy,
    Failed(Box<SendError>),
}

impl Pool {
    pub fn new(host: Host, feed: Arc<Feed>, config: TransporterConfig) -> Arc<Pool> {
        let TransporterConfig { name, server, limits, fingerprint } = config;
        let permits = Arc::new(Semaphore::new(limits.connections));
        Arc::new(Pool { name: name.into(), server, limits, fingerprint, host, feed, permits, idle: Mutex::default() })
    }

    /// Whether a configuration says the same.
    pub fn is_as(&self, config: &TransporterConfig) -> bool {
        self.limits == config.limits && self.fingerprint == config.fingerprint
    }

    /// Waits for a transporter, as long as the limits say.
    pub async fn lease(self: &Arc<Self>) -> Result<Lease, NoLease> {
        let permit = tokio::time::timeout(self.limits.wait, self.permits.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| NoLease::Busy)?.map_err(|_| NoLease::Busy)?;
        let free = self.idle().free.pop();
        let member = match free {
            Some((member, _)) => member,
            None => self.make().await.map_err(|error| NoLease::Failed(Box::new(error)))?,
        };
        Ok(Lease { pool: self.clone(), member, _permit: permit })
    }

    async fn make(&self) -> Result<Member, SendError> {
        let transporter = self.host.transporter(self.server.clone()).await?;
        let process = transporter.unique_process().unwrap_or_default();
        Ok(Member { transporter: Some(transporter), process, feed: self.feed.clone() })
    }

    /// Connections in use.
    pub fn in_use(&self) -> usize {
        self.limits.connections.saturating_sub(self.permits.available_permits())
    }

    /// Says goodbye on connections that nobody has needed for a while.
    pub async fn tidy(&self) {
        let old: Vec<_> = {
            let mut idle = self.idle();
            // The longest unused stand first.
            let old = idle.free.iter().take_while(|(_, since)| since.elapsed() >= IDLE).count();
            idle.free.drain(..old).map(|(member, _)| member).collect()
        };
        goodbye(old).await;
    }

    /// Says goodbye on all that are free; those in use follow when they are given back.
    pub async fn close(&self) {
        let all: Vec<_> = {
            let mut idle = self.idle();
            idle.closed = true;
            idle.free.drain(..).map(|(member, _)| member).collect()
        };
        goodbye(all).await;
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn goodbye(members: Vec<Member>) {
    futures_util::future::join_all(members.into_iter().map(Member::goodbye)).await;
}

impl Member {
    async fn goodbye(mut self) {
        if let Some(transporter) = self.transporter.take() {
            let _ = tokio::time::timeout(GOODBYE, transporter.close()).await;
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.feed.forget(self.process);
    }
}

impl Lease {
    /// The transporter; `None` never, as it is taken at the end alone.
    pub fn transporter(&mut self) -> Option<&mut Transporter> {
        self.member.transporter.as_mut()
    }

    /// Field 4 of its lines in the log.
    pub fn process(&self) -> u64 {
        self.member.process
    }

    /// Gives the transporter back. After a failure that leaves the connection in doubt it is closed instead.
    pub async fn settle(self, failed: Option<&SendError>) {
        let Lease { pool, member, _permit } = self;
        let sound = failed.is_none_or(|error| error.reply.is_some() && error.kind != ErrorKind::ServiceClosing);
        {
            let mut idle = pool.idle();
            if sound && !idle.closed {
                idle.free.push((member, Instant::now()));
                return;
            }
        }
        member.goodbye().await;
    }
}
