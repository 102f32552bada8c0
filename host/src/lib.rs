//! Tests.

pub mod log_files;
