//! Runs the SMTP transporter component: gives it TLS sockets and log files, within a policy.
//!
//! - Programs that send mail: [`Host`], [`Transporter`], [`Pool`]; [`Blocking`] for those without a runtime.
//! - Hosts with plugins and a wasmtime of their own: [`compose`], [`add_to_linker`], [`SmtpCtx`], and [`plugin`] for what
//!   bounds a guest.
//!
//! # A host with a plugin
//!
//! This is `examples/plugin_host.rs`, whole. The plugin may be written in any language; it imports
//! `smtp:transporter/transporter` and gets one of its own.
//!
//! ```no_run
#![doc = include_str!("../examples/plugin_host.rs")]
//! ```

pub mod bindings;
mod blocking;
mod cache;
mod capabilities;
mod ctx;
pub mod dkim;
pub mod engine;
mod host;
pub mod plugin;
pub mod policy;
mod pool;
mod records;
pub mod secrets;
mod stream;
pub mod tls_sockets;
mod transporter;
mod transporter_pool;

pub use blocking::Blocking;
pub use cache::Cache;
pub use ctx::{SmtpCtx, SmtpCtxBuilder, SmtpCtxView, SmtpView, add_to_linker, add_wasi_to_linker};
pub use host::{Host, HostBuilder};
pub use plugin::{compose, compose_with};
pub use secrets::Secret;
pub use stream::FileStream;
pub use transporter::{OutgoingMessage, Transporter};
pub use transporter_pool::{Lease, Metrics, Pool, PoolBuilder};

/// The interface's records, variants and enums.
pub use bindings::smtp::transporter::types;
/// The conversation logs.
pub use smtp_log_files as log_files;
