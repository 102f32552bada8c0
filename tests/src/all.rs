//! All integration tests, one module an area.

#[allow(dead_code)]
mod browser;
mod cli;
mod conversations;
mod demo;
mod logs;
mod parsers;
mod report;
mod scripted;
mod servers;
