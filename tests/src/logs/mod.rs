//! `host logs`, run as a person runs it: over logs that are kept here, and over those of real servers.

mod damaged;
mod extract;
mod follow;
mod golden;
mod servers;
mod terminal;
mod writers;

use std::path::{Path, PathBuf};

/// The logs that are kept.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("logs")
}
