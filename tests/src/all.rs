//! All integration tests, one module an area.

mod cli;
mod servers;
