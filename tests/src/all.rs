//! All integration tests, one module an area.

mod cli;
mod conversations;
mod demo;
mod embedding;
#[cfg(unix)]
mod hostile;
mod parsers;
mod plugins;
mod prebuilt;
mod scripted;
mod servers;
