//! Mails from the `host` binary to real mail servers on loopback, started by the scripts in `tests/servers`.
//!
//! Each server has one test (or one for each way it is set up), since starting it takes longer than all that is then
//! asked of it. A server that is not on this machine makes its test fail, except under `tests/run`, which lists it.

pub mod client;
mod every;
mod fixture;
mod gate;
mod log;
mod mailbox;
pub mod server;
mod tee;
mod token;

mod aiosmtpd;
mod dovecot;
mod exim;
mod opensmtpd;
mod postfix;
mod sendmail;
mod sink;
mod smtp_server;
mod smuggling;
mod start;
mod whole;

pub use client::{Client, host};
pub use gate::Gate;
pub use mailbox::{arrived, files};
pub use server::{Server, free_port, not_run, refusing_postfix};
