//! All integration tests, one module an area.

mod cli;
mod conversations;
mod scripted;
mod servers;
