//! Runs the SMTP transporter component: gives it TLS sockets and log files, within a policy.

pub mod bindings;
mod capabilities;
mod ctx;
mod host;
pub mod log_files;
pub mod policy;
mod pool;
mod stream;
pub mod tls_sockets;
mod transporter;

pub use ctx::{SmtpCtx, SmtpCtxBuilder, SmtpCtxView, SmtpView, add_to_linker, add_wasi_to_linker};
pub use host::{Host, HostBuilder};
pub use stream::FileStream;
pub use transporter::{OutgoingMessage, Transporter};

/// The interface's records, variants and enums.
pub use bindings::smtp::transporter::types;
