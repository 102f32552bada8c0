//! The build script of the component where the wasm target is missing: the committed component is taken, and one line says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The build script as cargo has compiled it, named by its file, `build/main.rs`.
fn script() -> PathBuf {
    let host = crate::servers::host();
    let builds = host.parent().expect("target/PROFILE").join("build");
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(&builds)
        .expect("the build scripts")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("smtp-guest-artifact-"))
        .map(|entry| entry.path().join("build-script-main"))
        .filter(|script| script.is_file())
        .collect();
    let changed = |script: &PathBuf| std::fs::metadata(script).and_then(|facts| facts.modified()).expect("its age");
    scripts.sort_by_key(changed);
    scripts.pop().expect("the build script of the component")
}

fn run(out: &Path, environment: &[(&str, &Path)]) -> Output {
    let artifact = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guest/artifact").canonicalize().expect("the crate");
    Command::new(script())
        .current_dir(&artifact)
        .env("OUT_DIR", out)
        .env("CARGO_MANIFEST_DIR", &artifact)
        .env_remove("SMTP_COMPONENT")
        .envs(environment.iter().copied())
        .output()
        .expect("the build script runs")
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("smtp-prebuilt-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn the_committed_component_serves_where_the_target_is_missing() {
    use std::os::unix::fs::PermissionsExt;
    let out = folder("used");
    // A compiler that knows of no library for the target, as one does where the target is not installed.
    let rustc = out.join("rustc");
    std::fs::write(&rustc, "#!/bin/sh\necho /nowhere/lib\n").expect("a script");
    std::fs::set_permissions(&rustc, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guest/prebuilt/smtp-transporter.wasm");
    let committed = std::fs::read(committed).expect("the committed component");
    for (environment, why) in [
        (("RUSTC", rustc.as_path()), "the Rust target wasm32-unknown-unknown is not installed (`rustup target add"),
        (("SMTP_COMPONENT", Path::new("prebuilt")), "SMTP_COMPONENT=prebuilt"),
    ] {
        let output = run(&out, &[environment]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let warnings: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("cargo::warning=")).collect();
        let [warning] = warnings[..] else { panic!("one line, and no more: {said}") };
        assert!(warning.starts_with(&format!("using the committed component: {why}")), "{warning}");
        let taken = out.join("smtp-transporter.wasm");
        assert!(std::fs::read(&taken).expect("the component") == committed);
        std::fs::remove_file(taken).expect("the component goes");
    }
    // Whoever wants to compare the two must not be told that all is well.
    let output = Command::new(script())
        .env("OUT_DIR", &out)
        .env("CARGO_MANIFEST_DIR", Path::new(env!("CARGO_MANIFEST_DIR")).join("../guest/artifact"))
        .env("SMTP_COMPONENT", "check")
        .env("RUSTC", &rustc)
        .output()
        .expect("the build script runs");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("the component can't be built"));
    std::fs::remove_dir_all(out).expect("the folder goes");
}
