//! All integration tests, one module an area.

mod batch;
mod cli;
mod conversations;
mod demo;
mod parsers;
mod scripted;
mod servers;
