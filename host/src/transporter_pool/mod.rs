//! Several transporters to one server, shared by all who send.
//!
//! ```no_run
//! # async fn example(server: smtp_host::types::Server, mail: smtp_host::types::Mail) -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//!
//! let host = smtp_host::Host::builder().build()?;
//! let pool = smtp_host::Pool::builder(host, server)
//!     .connections(4)                        // at most, at once
//!     .mails_per_connection(100)             // then a new one
//!     .idle_time(Duration::from_secs(60))    // then QUIT
//!     .mails_per_second(20.0)
//!     .build();
//! let other = pool.clone();                  // the same pool
//! let receipt = pool.send(&mail).await?;
//! # Ok(()) }
//! ```

mod builder;
mod lease;
mod metrics;
mod pace;

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::Semaphore;

pub use builder::PoolBuilder;
pub use lease::Lease;
pub use metrics::Metrics;

use crate::types::{Delivery, ErrorKind, Mail, Phase, Receipt, Retry, SendError, Server};
use crate::{Host, Transporter};
use builder::Settings;
use metrics::Counters;
use pace::Pace;

/// Transporters to one server, each with one connection. Clones are the same pool; it may be used from any thread.
///
/// A call whose future is dropped is cancelled as [`Transporter`] says; its place goes to the next caller.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    host: Host,
    server: Server,
    settings: Settings,
    /// One permit for each transporter that is lent out.
    room: Arc<Semaphore>,
    /// Those that nobody uses, the longest idle first.
    idle: Mutex<VecDeque<Idle>>,
    pace: Option<Pace>,
    counters: Counters,
}

struct Idle {
    transporter: Transporter,
    mails: usize,
    since: Instant,
}

impl Pool {
    /// Starts with ten connections at most, and no other limit than a minute of idling.
    pub fn builder(host: Host, server: Server) -> PoolBuilder {
        PoolBuilder::new(host, server)
    }

    /// Waits for a transporter and for the pace, and hands the mail over.
    ///
    /// # Errors
    /// As [`Transporter::send`]; `timed-out` in phase `policy` where no transporter became free.
    pub async fn send(&self, mail: &Mail) -> Result<Receipt, SendError> {
        let mut lease = self.lease().await?;
        let result = lease.send(mail).await;
        self.0.counters.ended(&result);
        result
    }

    /// A transporter to oneself, for finished messages and for streams; it comes back when it is dropped. Counts as one
    /// mail of the pace.
    ///
    /// # Errors
    /// As [`Host::transporter`]; `timed-out` in phase `policy` where none became free.
    pub async fn lease(&self) -> Result<Lease, SendError> {
        let inner = &self.0;
        let waiting = inner.counters.wait();
        let room = Arc::clone(&inner.room).acquire_owned();
        let permit = match tokio::time::timeout(inner.settings.patience, room).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(no_transporter("the pool is closed", Retry::Never)),
            Err(_) => {
                let seconds = inner.settings.patience.as_secs_f64();
                let words = format!("no connection of the pool became free within {seconds} s");
                return Err(no_transporter(&words, Retry::Later));
            }
        };
        if let Some(pace) = &inner.pace {
            pace.next().await;
        }
        drop(waiting);
        let taken = inner.take_idle();
        let (transporter, mails) = match taken {
            Some(idle) => (idle.transporter, idle.mails),
            None => {
                inner.counters.made.fetch_add(1, Ordering::Relaxed);
                (inner.transporter().await?, 0)
            }
        };
        Ok(Lease::new(Arc::clone(inner), transporter, mails, permit))
    }

    /// What the pool did so far, and does now.
    pub fn metrics(&self) -> Metrics {
        let idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).len();
        self.0.counters.snapshot(idle, self.0.settings.connections - self.0.room.available_permits())
    }

    /// Says QUIT on every idle connection. Those in use come to their end, and nobody gets a new one.
    pub async fn close(&self) {
        self.0.room.close();
        while let Some(idle) = self.0.take_idle() {
            idle.transporter.close().await;
        }
    }
}

impl Inner {
    async fn transporter(&self) -> Result<Transporter, SendError> {
        match &self.settings.policy {
            None => self.host.transporter(self.server.clone()).await,
            Some(policy) => self.host.transporter_within(self.server.clone(), policy.clone()).await,
        }
    }

    /// The one that was used last: its connection is the likeliest to be alive, and the others get old.
    fn take_idle(&self) -> Option<Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop_back()
    }

    /// Keeps a transporter for the next caller, unless it has done its work.
    fn put_back(self: &Arc<Inner>, transporter: Transporter, mails: usize) {
        if !transporter.is_usable() {
            return;
        }
        if self.settings.mails_per_connection.is_some_and(|most| mails >= most) || self.room.is_closed() {
            say_goodbye(transporter);
            return;
        }
        let idle = Idle { transporter, mails, since: Instant::now() };
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push_back(idle);
        self.sweep_later();
    }

    /// Ends what has been idle for too long, when its time has come.
    fn sweep_later(self: &Arc<Inner>) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (inner, idle_time) = (Arc::downgrade(self), self.settings.idle_time);
        runtime.spawn(async move {
            tokio::time::sleep(idle_time).await;
            let Some(inner) = inner.upgrade() else { return };
            while let Some(old) = inner.take_old() {
                old.transporter.close().await;
            }
        });
    }

    fn take_old(&self) -> Option<Idle> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = idle.front().is_some_and(|first| first.since.elapsed() >= self.settings.idle_time);
        if is_old { idle.pop_front() } else { None }
    }
}

/// QUIT, without the caller waiting for its reply. Outside of a runtime the connection is cut.
fn say_goodbye(transporter: Transporter) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(transporter.close());
    }
}

fn no_transporter(words: &str, retry: Retry) -> SendError {
    SendError {
        phase: Phase::Policy,
        kind: ErrorKind::TimedOut,
        message: words.to_owned(),
        reply: None,
        delivery: Delivery::NotAccepted,
        retry,
        recipients: Vec::new(),
        tls: None,
        warnings: Vec::new(),
    }
}
