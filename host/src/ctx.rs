//! What a store needs to answer the transporter's imports, in the manner of wasmtime's own WASI crates.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use wasmtime::component::{HasData, Linker, ResourceTable};

use crate::bindings::smtp::transporter as wit;
use crate::dkim::DkimKey;
use crate::log_files::{ExtendedLog, Identity, LogFiles};
use crate::plugin::{Allowance, Stop};
use crate::policy::Policy;
use crate::secrets::{self, NamedSecrets};
use crate::tls_sockets::{Proxy, Trust};

/// The grants of one instance: where it may connect and where it may log. Nothing is granted by default.
pub struct SmtpCtx {
    pub(crate) policy: Arc<Policy>,
    pub(crate) logs: LogFiles,
    pub(crate) secrets: NamedSecrets,
    pub(crate) identity: Identity,
    pub(crate) may_set_log: bool,
    pub(crate) trust: Option<Trust>,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) sockets: Count,
    pub(crate) open_logs: Vec<(u32, ExtendedLog)>,
    pub(crate) max_log_files: usize,
    pub(crate) log_allowance: Allowance,
    longest_wait_ms: u32,
    refusals: Option<Refusals>,
    /// The logs know why the instance ended.
    ended: AtomicBool,
    pub(crate) keys: Arc<[DkimKey]>,
}

/// How many of a kind are there, and how many there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    pub(crate) now: usize,
    pub(crate) most: usize,
}

type Refusals = Arc<dyn Fn(&str) + Send + Sync>;

impl SmtpCtx {
    /// Starts with nothing granted.
    pub fn builder() -> SmtpCtxBuilder {
        SmtpCtxBuilder::default()
    }

    /// Says in the logs of this instance why it was ended: for whoever calls the guest, when the call did not come back.
    pub fn stopped(&self, stop: &Stop) {
        self.ended.store(true, Ordering::Relaxed);
        tracing::warn!(slot = self.identity.slot(), reason = %stop, "component stopped");
        let statement = [stop.statement(self.logs.language())];
        // A log that can't be written tells of it itself.
        let _ = self.logs.append_regular(&self.identity, &statement);
        for (_, log) in &self.open_logs {
            let _ = log.append(&self.identity, &statement);
        }
    }

    /// Tells the host's owner what was refused; the text names the grant.
    pub(crate) fn refuse(&self, words: &str) {
        tracing::warn!(slot = self.identity.slot(), reason = words, "refused");
        if let Some(tell) = &self.refusals {
            tell(words);
        }
    }

    /// A guest's limit for a wait, within the host's own.
    pub(crate) fn wait(&self, timeout_ms: u32) -> u32 {
        timeout_ms.min(self.longest_wait_ms)
    }
}

impl Drop for SmtpCtx {
    /// The instance is gone: nobody asks for its lines any more, and what it left open is cut.
    fn drop(&mut self) {
        if self.sockets.now > 0 && !self.ended.load(Ordering::Relaxed) {
            self.stopped(&Stop::Dropped);
        }
        self.logs.flush();
    }
}

impl std::fmt::Debug for SmtpCtx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpCtx").field("policy", &self.policy).field("sockets", &self.sockets).finish_non_exhaustive()
    }
}

/// Makes an [`SmtpCtx`].
#[must_use]
pub struct SmtpCtxBuilder {
    policy: Policy,
    logs: Option<LogFiles>,
    secrets: NamedSecrets,
    keys: Arc<[DkimKey]>,
    may_set_log: bool,
    trust: Option<Trust>,
    proxy: Option<Proxy>,
    max_sockets: usize,
    max_log_files: usize,
    max_log_bytes: u64,
    longest_wait: Duration,
    refusals: Option<Refusals>,
}

impl Default for SmtpCtxBuilder {
    fn default() -> Self {
        Self {
            policy: Policy::none(),
            logs: None,
            secrets: NamedSecrets::default(),
            keys: Arc::default(),
            may_set_log: false,
            trust: None,
            proxy: None,
            max_sockets: 16,
            max_log_files: 16,
            max_log_bytes: 256 << 20,
            longest_wait: Duration::from_secs(3600),
            refusals: None,
        }
    }
}

impl SmtpCtxBuilder {
    /// Which hosts and ports may be reached. Default: none.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// The logs of the host; clones are the same logs. Default: none.
    pub fn logs(mut self, logs: LogFiles) -> Self {
        self.logs = Some(logs);
        self
    }

    /// A credential that settings may use by its name without knowing it ([`Secret::Named`](crate::Secret::Named)), for
    /// the servers in `to` alone: under TLS, and with no roots, pin or proxy that the settings choose. What would break
    /// that is refused in one line that names the grant.
    pub fn secret_for(mut self, name: impl Into<String>, value: impl Into<String>, to: Policy) -> Self {
        self.secrets.grant_for(name, value, to);
        self
    }

    /// The same for every server: a guest can send it to any that [`policy`](Self::policy) lets it reach, and read it
    /// there. For guests that are trusted, or where the policy grants one server.
    pub fn secret(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.secrets.grant(name, value);
        self
    }

    /// All of these credentials, in place of those granted before.
    pub fn secrets(mut self, secrets: NamedSecrets) -> Self {
        self.secrets = secrets;
        self
    }

    /// Whether the guest may turn the regular log on and off, which is for everybody at once. Default: no.
    pub fn set_log(mut self, may: bool) -> Self {
        self.may_set_log = may;
        self
    }

    /// Whom to trust, whatever the guest's own settings say. Default: the guest's, which default to Mozilla's roots.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = Some(trust);
        self
    }

    /// Every connection goes through this proxy, whatever the guest's own settings say. Default: the guest's. The policy
    /// must grant the proxy too.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Keys that mails are signed with: of several the first that is for the domain of From.
    pub fn dkim_keys(mut self, keys: Arc<[DkimKey]>) -> Self {
        self.keys = keys;
        self
    }

    /// How many sockets may be open at once; default 16.
    pub fn max_sockets(mut self, count: usize) -> Self {
        self.max_sockets = count;
        self
    }

    /// Bytes of log that may be written at a stretch; a 256th of it comes back each second. More ends the guest. Default
    /// 256 MiB.
    pub fn max_log_bytes(mut self, bytes: u64) -> Self {
        self.max_log_bytes = bytes;
        self
    }

    /// How long one call into the network may wait, whatever limit the guest gives it; default one hour.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Who is told what was refused: one line that names the grant, without control characters of the guest's. Default:
    /// only `tracing`. A guest that asks in a loop is refused in a loop.
    pub fn refusals(mut self, tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.refusals = Some(Arc::new(tell));
        self
    }

    /// How many extended logs may be open at once; default 16.
    pub fn max_log_files(mut self, count: usize) -> Self {
        self.max_log_files = count;
        self
    }

    /// The context, with a process ID of its own in the logs.
    pub fn build(self) -> SmtpCtx {
        let logs = self.logs.unwrap_or_else(LogFiles::off);
        SmtpCtx {
            policy: Arc::new(self.policy),
            identity: Identity::new(&logs),
            logs,
            secrets: self.secrets,
            may_set_log: self.may_set_log,
            trust: self.trust,
            proxy: self.proxy,
            sockets: Count { now: 0, most: self.max_sockets },
            open_logs: Vec::new(),
            max_log_files: self.max_log_files,
            log_allowance: Allowance::new(self.max_log_bytes),
            longest_wait_ms: u32::try_from(self.longest_wait.as_millis()).unwrap_or(u32::MAX),
            refusals: self.refusals,
            ended: AtomicBool::new(false),
            keys: self.keys,
        }
    }
}

/// Gives the capabilities their context and the store's table of resources.
pub trait SmtpView: Send {
    /// Both at once, since the capabilities need both.
    fn smtp(&mut self) -> SmtpCtxView<'_>;
}

/// The context and the table of one store.
pub struct SmtpCtxView<'a> {
    /// The grants.
    pub ctx: &'a mut SmtpCtx,
    /// The store's resources.
    pub table: &'a mut ResourceTable,
}

struct Smtp;

impl HasData for Smtp {
    type Data<'a> = SmtpCtxView<'a>;
}

/// Answers `smtp:transporter/tls-sockets`, `log-files`, `signing`, `types` and `secrets` in the embedder's linker.
///
/// `wasi:io` and `wasi:random` are the embedder's: `wasmtime_wasi::p2::add_to_linker_async` answers both. Who has no
/// WASI calls [`add_wasi_to_linker`].
///
/// # Errors
/// Where the linker has one of these names already.
pub fn add_to_linker<T: SmtpView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    secrets::interface::add_to_linker::<T, Smtp>(linker, T::smtp)?;
    wit::types::add_to_linker::<T, Smtp>(linker, T::smtp)?;
    wit::tls_sockets::add_to_linker::<T, Smtp>(linker, T::smtp)?;
    wit::signing::add_to_linker::<T, Smtp>(linker, T::smtp)?;
    wit::log_files::add_to_linker::<T, Smtp>(linker, T::smtp)
}

/// Answers `wasi:io` and `wasi:random/random`, all that the transporter needs of WASI, for hosts that have no WASI.
///
/// # Errors
/// Where the linker has one of these names already.
pub fn add_wasi_to_linker<T: SmtpView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    use wasmtime_wasi_io::bindings::wasi::io;
    io::error::add_to_linker::<T, Table>(linker, |state| state.smtp().table)?;
    io::poll::add_to_linker::<T, Table>(linker, |state| state.smtp().table)?;
    io::streams::add_to_linker::<T, Table>(linker, |state| state.smtp().table)?;
    crate::bindings::wasi::random::random::add_to_linker::<T, Smtp>(linker, T::smtp)
}

struct Table;

impl HasData for Table {
    type Data<'a> = &'a mut ResourceTable;
}
