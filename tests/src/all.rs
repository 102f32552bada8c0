//! All integration tests, one module an area.

mod servers;
