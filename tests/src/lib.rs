//! Nothing: the tests are in `all.rs`, one module an area.
