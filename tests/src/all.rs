//! All integration tests, one module an area.

mod batch;
mod browser;
mod cli;
mod conversations;
mod demo;
mod dkim;
mod embedding;
#[cfg(unix)]
mod hostile;
mod interface;
mod languages;
mod logs;
mod parsers;
mod plugins;
mod prebuilt;
mod publishing;
mod report;
mod scripted;
mod serve;
mod servers;
mod stock;
