//! How many connections, how long each lives, and how fast mails go.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::metrics::Counters;
use super::pace::Pace;
use super::{Inner, Pool};
use crate::Host;
use crate::policy::Policy;
use crate::types::Server;

/// Makes a [`Pool`].
#[must_use]
pub struct PoolBuilder {
    host: Host,
    server: Server,
    settings: Settings,
    per_second: Option<f64>,
}

pub(super) struct Settings {
    pub(super) connections: usize,
    pub(super) mails_per_connection: Option<usize>,
    pub(super) idle_time: Duration,
    pub(super) patience: Duration,
    pub(super) policy: Option<Policy>,
}

impl PoolBuilder {
    pub(super) fn new(host: Host, server: Server) -> PoolBuilder {
        let settings = Settings {
            connections: 10,
            mails_per_connection: None,
            idle_time: Duration::from_secs(60),
            patience: Duration::from_secs(300),
            policy: None,
        };
        PoolBuilder { host, server, settings, per_second: None }
    }

    /// Connections at once, at most; default 10, at least 1.
    pub fn connections(mut self, count: usize) -> Self {
        self.settings.connections = count.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Mails that go over one connection before a new one is made; default: no limit.
    pub fn mails_per_connection(mut self, count: usize) -> Self {
        self.settings.mails_per_connection = Some(count.max(1));
        self
    }

    /// How long a connection may be idle before QUIT is said; default one minute.
    pub fn idle_time(mut self, time: Duration) -> Self {
        self.settings.idle_time = time;
        self
    }

    /// How long a mail may wait for a connection; default five minutes.
    pub fn patience(mut self, time: Duration) -> Self {
        self.settings.patience = time;
        self
    }

    /// Mails that begin each second, evenly spread; default: no limit. What is not above zero is no limit.
    pub fn mails_per_second(mut self, count: f64) -> Self {
        self.per_second = Some(count);
        self
    }

    /// What the transporters may reach; default: their own server and proxy.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.settings.policy = Some(policy);
        self
    }

    /// The pool; opens no connection.
    pub fn build(self) -> Pool {
        Pool(Arc::new(Inner {
            host: self.host,
            server: self.server,
            room: Arc::new(Semaphore::new(self.settings.connections)),
            settings: self.settings,
            idle: Mutex::new(VecDeque::new()),
            pace: self.per_second.and_then(Pace::new),
            counters: Counters::default(),
        }))
    }
}
