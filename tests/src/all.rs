//! All integration tests, one module an area.

mod batch;
mod cli;
mod conversations;
mod demo;
mod dkim;
mod parsers;
mod scripted;
mod servers;
