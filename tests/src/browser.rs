//! Web pages, looked at in a real browser: the checks are Python scripts in `tests/browser`, which drive Chromium.

use crate::servers::not_run;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs `tests/browser/SCRIPT ARGUMENTS…` and fails with what it printed when it fails. Without a browser the check is
/// listed as not run.
pub fn check(script: &str, arguments: &[&str]) {
    let installed = |name: &str| {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&paths).any(|folder| folder.join(name).is_file())
    };
    if !installed("chromium") || !installed("chromedriver") {
        return not_run("Chromium and its driver", "tests/browser/install.sh puts them there");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser").join(script);
    let output = Command::new("python3")
        // No compiled copies beside the scripts.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(path)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("python3 starts");
    let words = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{script}: {words}");
}
