//! An SMTP client that holds no socket, file or clock: bytes in, bytes out.

pub mod error;
#[cfg(test)]
mod heap;
pub mod log;
pub mod message;
pub mod sasl;
pub mod secret;
pub mod session;
pub mod transporter;

#[cfg(target_family = "wasm")]
mod component;

pub use error::Error;
pub use secret::Secret;
