//! All integration tests, one module an area.

mod cli;
mod conversations;
mod demo;
mod parsers;
mod prebuilt;
mod scripted;
mod servers;
