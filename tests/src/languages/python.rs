//! The Python package's own tests and types.

use super::{built, hosts::bindings};
use std::process::Command;

#[test]
fn the_python_package_passes_its_own_tests() {
    let Some(python) = built("venv/bin/python") else { return };
    let package = bindings().join("python");
    for arguments in [["-m", "pytest", "-q", "tests"].as_slice(), &["-m", "mypy", "--cache-dir=/dev/null"]] {
        let output = Command::new(&python)
            .args(arguments)
            .args(if arguments[1] == "pytest" { ["-p", "no:cacheprovider"].as_slice() } else { &[] })
            .current_dir(&package)
            .env("PYTHONPATH", "src")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .expect("Python runs");
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
    }
}
