//! All integration tests, one module an area.

mod scripted;
mod servers;
