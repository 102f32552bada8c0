//! Credentials: a type that never prints itself, and those that a host gives out by name.

pub mod interface;
mod named;
mod purpose;
mod secret;

pub use named::NamedSecrets;
pub(crate) use purpose::{Hazard, Purpose};
pub use secret::Secret;

#[cfg(test)]
mod tests;
