//! All integration tests, one module an area.

mod browser;
mod cli;
mod conversations;
mod demo;
mod parsers;
mod scripted;
mod serve;
mod servers;
