//! What a store needs to answer the transporter's imports, in the manner of wasmtime's own WASI crates.

use std::sync::Arc;

use wasmtime::component::{HasData, Linker, ResourceTable};

use crate::bindings::smtp::transporter as wit;
use crate::log_files::{Identity, LogFiles};
use crate::policy::Policy;

/// The grants of one instance: where it may connect and where it may log. Nothing is granted by default.
pub struct SmtpCtx {
    pub(crate) policy: Arc<Policy>,
    pub(crate) logs: LogFiles,
    pub(crate) identity: Identity,
    pub(crate) sockets: usize,
    pub(crate) max_sockets: usize,
}

impl SmtpCtx {
    /// Starts with nothing granted.
    pub fn builder() -> SmtpCtxBuilder {
        SmtpCtxBuilder::default()
    }
}

impl Drop for SmtpCtx {
    /// The instance is gone: nobody asks for its lines any more.
    fn drop(&mut self) {
        self.logs.flush();
    }
}

impl std::fmt::Debug for SmtpCtx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpCtx").field("policy", &self.policy).field("sockets", &self.sockets).finish_non_exhaustive()
    }
}

/// Makes an [`SmtpCtx`].
#[derive(Default)]
pub struct SmtpCtxBuilder {
    policy: Policy,
    logs: Option<LogFiles>,
    max_sockets: Option<usize>,
}

impl SmtpCtxBuilder {
    /// Which hosts and ports may be reached.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// The logs of the host; clones are the same logs. Default: none.
    #[must_use]
    pub fn logs(mut self, logs: LogFiles) -> Self {
        self.logs = Some(logs);
        self
    }

    /// How many sockets may be open at once; default 16.
    #[must_use]
    pub fn max_sockets(mut self, count: usize) -> Self {
        self.max_sockets = Some(count);
        self
    }

    /// The context, with a process ID of its own in the logs.
    pub fn build(self) -> SmtpCtx {
        let logs = self.logs.unwrap_or_else(LogFiles::off);
        SmtpCtx {
            policy: Arc::new(self.policy),
            identity: Identity::new(&logs),
            logs,
            sockets: 0,
            max_sockets: self.max_sockets.unwrap_or(16),
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

/// Answers `smtp:transporter/tls-sockets`, `log-files` and `types` in the embedder's linker.
///
/// `wasi:io` and `wasi:random` are the embedder's: `wasmtime_wasi::p2::add_to_linker_async` answers both. Who has no
/// WASI calls [`add_wasi_to_linker`].
///
/// # Errors
/// Where the linker has one of these names already.
pub fn add_to_linker<T: SmtpView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    wit::types::add_to_linker::<T, Smtp>(linker, T::smtp)?;
    wit::tls_sockets::add_to_linker::<T, Smtp>(linker, T::smtp)?;
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
