//! All integration tests, one module an area.

mod conversations;
mod scripted;
mod cli;
mod servers;
