//! Components of others: what they are, a transporter of their own, and how much they may use up.
//!
//! A plugin that imports `smtp:transporter/transporter` becomes one component with a transporter by [`compose`], before
//! it is compiled. Each keeps an instance and a memory of its own: the plugin sees mails and results, never a socket, a
//! log file or a named secret.

mod about;
mod allowance;
mod budget;
mod compose;
mod epochs;
mod limits;
mod shape;
mod stop;

pub use about::{About, Package};
pub(crate) use allowance::Allowance;
pub use budget::Budget;
pub use compose::{compose, compose_with, plug_in};
pub use epochs::tick;
pub use limits::Limits;
pub use shape::{Kind, Shape};
pub use stop::Stop;

/// The interface that plugins import and transporters export, without its version.
pub const TRANSPORTER: &str = "smtp:transporter/transporter";

/// The interface that commands export, without its version.
pub const RUN: &str = "wasi:cli/run";

/// Why bytes can't be taken for what they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentError {
    /// No component at all; the text says what it is instead, or where it breaks off.
    #[error("this is no WebAssembly component: {0}")]
    NoComponent(String),
    /// The plugin does not import the transporter, so there is nothing to compose.
    #[error("the plugin does not import smtp:transporter/transporter")]
    NoImport,
    /// What should be a transporter exports none.
    #[error("the transporter does not export smtp:transporter/transporter")]
    NoExport,
    /// Both sides name the interface and mean different things.
    #[error("the plugin and the transporter don't fit: {0}")]
    Mismatch(String),
    /// Its custom sections are not as they should be; that keeps it from nothing but being told of.
    #[error("what it says of itself can't be read: {0}")]
    Metadata(String),
}

/// A name without its version.
fn unversioned(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}
