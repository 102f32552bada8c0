//! Sockets: where the service listens, TLS, and connections that do not wait without an end.

mod certificates;
mod listen;
mod patient;
mod serve;

pub use certificates::Certificates;
pub use listen::{bind, from_systemd, is_loopback};
pub use serve::serve;
