//! The interface in other languages: plugins that import the transporter, and hosts that give it its capabilities.

mod c;
mod hosts;
pub mod logs;
mod plugins;
mod proxies;
mod python;

use crate::servers::not_run;
use std::path::{Path, PathBuf};

/// What `tests/languages/build.sh` made of this name. None: it could not, and `tests/run` was told so.
pub fn built(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LANGUAGES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/languages"), PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    not_run("languages", &format!("no {name}: tests/languages/build.sh says why"));
    None
}
