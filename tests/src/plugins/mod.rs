//! Plugins: commands that import the transporter, run by `host run` as a person runs them.

pub mod guests;
mod imports;
mod rust;
mod secrets;
