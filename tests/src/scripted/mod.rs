//! A server of our own making that does what real ones seldom do: counts the client's flights, shows bad certificates,
//! repeats every secret, falls silent, resets, or will not read until it is read.
//!
//! The client is the real component in the real host, over real sockets. [`server::Scripted`] runs in a thread of its
//! own and does what its [`plan::Plan`] says; what it got is in [`seen::Seen`].

mod certificates;
mod client;
mod conversation;
mod disk;
mod echo;
mod needles;
pub mod plan;
mod seen;
pub mod server;
mod wire;

mod ancient;
mod cached;
mod faults;
mod figures;
mod input;
mod limits;
mod load;
mod locked;
mod named;
mod pushed;
mod reuse;
mod secrets;
mod trust;

pub use certificates::Authority;
pub use client::{mail, secured};
