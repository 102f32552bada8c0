//! The engine with the compiled component: made once, shared by all transporters of a program.

use std::sync::Arc;

use wasmtime::component::{Linker, ResourceTable};
use wasmtime::{Engine, Store};

use crate::bindings::SmtpTransporterPre;
use crate::dkim::DkimKey;
use crate::log_files::LogFiles;
use crate::plugin::{self, Limits};
use crate::policy::Policy;
use crate::pool;
use crate::secrets::NamedSecrets;
use crate::types::{SendError, Server};
use crate::{Cache, SmtpCtx, SmtpCtxBuilder, SmtpCtxView, SmtpView, Transporter};

/// The compiled transporter component and the logs of this program. Cheap to clone, safe to share.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

struct Inner {
    engine: Engine,
    component: SmtpTransporterPre<State>,
    logs: LogFiles,
    secrets: NamedSecrets,
    keys: Arc<[DkimKey]>,
    max_memory: usize,
    is_pooling: bool,
}

/// Makes a [`Host`].
pub struct HostBuilder {
    logs: LogFiles,
    secrets: NamedSecrets,
    keys: Vec<DkimKey>,
    cache: Cache,
    max_memory: usize,
    pooling: Option<u32>,
    component: Option<Vec<u8>>,
}

/// What a store of ours holds.
pub(crate) struct State {
    pub(crate) ctx: SmtpCtx,
    pub(crate) table: ResourceTable,
    limits: Limits,
}

impl SmtpView for State {
    fn smtp(&mut self) -> SmtpCtxView<'_> {
        SmtpCtxView { ctx: &mut self.ctx, table: &mut self.table }
    }
}

impl Host {
    /// Starts with the built-in component, no logs, and the user's cache ([`Cache::of_user`]).
    pub fn builder() -> HostBuilder {
        HostBuilder {
            logs: LogFiles::off(),
            secrets: NamedSecrets::default(),
            keys: Vec::new(),
            cache: Cache::of_user(),
            max_memory: 512 << 20,
            pooling: None,
            component: None,
        }
    }

    /// The logs of this program.
    pub fn logs(&self) -> &LogFiles {
        &self.0.logs
    }

    /// Whether instances come from a pool: it was asked for, and there was address space for it.
    pub fn is_pooling(&self) -> bool {
        self.0.is_pooling
    }

    /// A transporter that may reach its own server (and proxy) and nothing else. Opens no connection.
    ///
    /// # Errors
    /// Settings that are wrong or contradict each other; a log that can't be had.
    pub async fn transporter(&self, server: Server) -> Result<Transporter, SendError> {
        let mut policy = Policy::none();
        // What is no host name here is refused with a better text by the component.
        let _ = policy.allow_exactly(&server.host, server.port.unwrap_or(587));
        if let Some(proxy) = &server.proxy {
            let _ = policy.allow_exactly(&proxy.host, proxy.port);
        }
        self.transporter_within(server, policy).await
    }

    /// A transporter that may reach what `policy` grants.
    ///
    /// # Errors
    /// As [`transporter`](Self::transporter).
    pub async fn transporter_within(&self, server: Server, policy: Policy) -> Result<Transporter, SendError> {
        let ctx = SmtpCtx::builder().policy(policy).secrets(self.0.secrets.clone()).dkim_keys(self.0.keys.clone());
        let ctx = ctx.set_log(true).max_log_bytes(u64::MAX);
        self.transporter_with(server, ctx).await
    }

    /// A transporter with all that `ctx` grants; the logs are this host's.
    ///
    /// # Errors
    /// As [`transporter`](Self::transporter).
    pub async fn transporter_with(&self, server: Server, ctx: SmtpCtxBuilder) -> Result<Transporter, SendError> {
        let ctx = ctx.logs(self.0.logs.clone()).build();
        let limits = Limits::new(self.0.max_memory);
        let mut store = Store::new(&self.0.engine, State { ctx, table: ResourceTable::new(), limits });
        store.limiter(|state| &mut state.limits);
        store.epoch_deadline_async_yield_and_update(1);
        Transporter::start(store, &self.0.component, &server).await
    }
}

impl HostBuilder {
    /// Where conversations are logged; clones are the same logs.
    #[must_use]
    pub fn logs(mut self, logs: LogFiles) -> Self {
        self.logs = logs;
        self
    }

    /// A credential that settings may use by its name ([`Secret::Named`](crate::Secret::Named)).
    #[must_use]
    pub fn secret(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.secrets.grant(name, value);
        self
    }

    /// Signs every mail whose From is in the key's domain; of several keys the first that fits.
    #[must_use]
    pub fn dkim_key(mut self, key: DkimKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Where compiled code is kept between runs; default [`Cache::of_user`].
    #[must_use]
    pub fn cache(mut self, cache: Cache) -> Self {
        self.cache = cache;
        self
    }

    /// Bytes of memory that one instance may have; default 512 MiB.
    #[must_use]
    pub fn max_memory(mut self, bytes: usize) -> Self {
        self.max_memory = bytes;
        self
    }

    /// For servers: reserves the address space of so many transporters beforehand, 4 GiB each, so that making one takes
    /// microseconds. There are never more than these at a time. Where the machine does not grant the address space,
    /// they are made on demand as without this. Default: on demand, which is less work for a program of few transporters.
    #[must_use]
    pub fn pooling(mut self, transporters: u32) -> Self {
        self.pooling = Some(transporters.max(1));
        self
    }

    /// Another build of the component than the built-in one.
    #[must_use]
    pub fn component(mut self, bytes: Vec<u8>) -> Self {
        self.component = Some(bytes);
        self
    }

    /// Compiles the component, or takes it from the cache.
    ///
    /// # Errors
    /// Where the component is none, or imports more than the capabilities.
    pub fn build(self) -> wasmtime::Result<Host> {
        let config = crate::engine::config();
        let pooled = self.pooling.and_then(|transporters| pool::engine(&config, transporters, self.max_memory));
        let is_pooling = pooled.is_some();
        let engine = pooled.map_or_else(|| Engine::new(&config), Ok)?;
        let component = self.component.as_deref().unwrap_or(smtp_guest_artifact::COMPONENT);
        let component = self.cache.component(&engine, component)?;
        let mut linker = Linker::new(&engine);
        crate::add_to_linker(&mut linker)?;
        crate::add_wasi_to_linker(&mut linker)?;
        let component = SmtpTransporterPre::new(linker.instantiate_pre(&component)?)?;
        plugin::tick(&engine);
        Ok(Host(Arc::new(Inner {
            engine,
            component,
            logs: self.logs,
            secrets: self.secrets,
            keys: self.keys.into(),
            max_memory: self.max_memory,
            is_pooling,
        })))
    }
}
