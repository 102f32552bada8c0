//! The API against its own OpenAPI document: schemathesis makes up requests, right ones and wrong ones.

use super::{in_the_clear, start};
use crate::servers::{free_port, not_run};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[test]
fn every_answer_is_described() {
    let programs = std::env::var_os("SERVER_PROGRAMS").map(PathBuf::from);
    let programs = programs.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/servers"));
    let program = programs.join("serve-venv/bin/schemathesis");
    if !program.is_file() {
        return not_run("schemathesis", "tests/serve/install.sh puts it there");
    }
    let service = start(&in_the_clear("main", free_port()));
    let output = Command::new(program)
        .current_dir(&service.folder)
        .args(["run", &format!("http://127.0.0.1:{}/openapi.json", service.port)])
        .args(["-H", &format!("Authorization: Bearer {}", service.token)])
        // The stream of events never ends, and a reload would begin the log anew; both have tests of their own.
        .args(["--exclude-path", "/v1/events", "--exclude-path", "/v1/reload"])
        .args(["--phases", "coverage,fuzzing", "--max-examples", "25", "--seed", "1", "--request-timeout", "30"])
        .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"])
        .args(["--checks", "response_schema_conformance,response_headers_conformance,unsupported_method"])
        .args(["--generation-database", "none", "--no-color"])
        .stdin(Stdio::null())
        .output()
        .expect("schemathesis starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("Fuzzing"), "{said}");
}
