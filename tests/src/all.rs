//! All integration tests, one module an area.

mod cli;
mod conversations;
mod demo;
mod parsers;
mod scripted;
mod servers;
