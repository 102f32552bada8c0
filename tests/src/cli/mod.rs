//! The command line, run as a person runs it, against the server of `host demo`.

mod input;
mod mail;
pub mod run;

pub use run::{PASSWORD, Stage, run};
