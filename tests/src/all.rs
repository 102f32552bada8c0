//! All integration tests, one module an area.

#[allow(dead_code)]
mod browser;
mod cli;
mod conversations;
mod demo;
#[cfg(unix)]
mod hostile;
mod languages;
mod parsers;
mod plugins;
mod scripted;
mod servers;
