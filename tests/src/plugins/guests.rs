//! The components that the tests run, built from their sources in `tests/languages` and `tests/hostile`.

use crate::servers::not_run;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What `cargo build` makes of it.
struct Crate {
    folder: &'static str,
    target: &'static str,
    file: &'static str,
}

/// The plugin in Rust: sends a mail with an attachment. None: the target is not installed, and `tests/run` was told so.
pub fn mail_plugin() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let rust = Crate { folder: "languages/rust", target: "wasm32-wasip2", file: "mail-plugin.wasm" };
    BUILT.get_or_init(|| rust.build()).as_deref()
}

/// The command with all the attacks.
pub fn zoo() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let zoo = Crate { folder: "hostile/zoo", target: "wasm32-wasip2", file: "zoo.wasm" };
    BUILT.get_or_init(|| zoo.build()).as_deref()
}

/// The command that steals a secret. None as above.
pub fn thief() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let thief = Crate { folder: "hostile/thief", target: "wasm32-wasip2", file: "thief.wasm" };
    BUILT.get_or_init(|| thief.build()).as_deref()
}

/// The transporter that does harm.
pub fn hostile_transporter() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let transporter =
        Crate { folder: "hostile/transporter", target: "wasm32-wasip2", file: "hostile_transporter.wasm" };
    BUILT.get_or_init(|| transporter.build()).as_deref()
}

/// The adapter for stock runtimes.
pub fn adapter() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let adapter = Crate { folder: "../adapter", target: "wasm32-wasip2", file: "smtp_adapter.wasm" };
    BUILT.get_or_init(|| adapter.build()).as_deref()
}

/// The command that sends one mail, for stock runtimes.
pub fn mail_command() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let mail = Crate { folder: "../adapter/mail", target: "wasm32-wasip2", file: "mail.wasm" };
    BUILT.get_or_init(|| mail.build()).as_deref()
}

/// The plugin that sends many mails over one connection.
pub fn many_mails() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let many = Crate { folder: "bench/guest", target: "wasm32-wasip2", file: "bench-plugin.wasm" };
    BUILT.get_or_init(|| many.build()).as_deref()
}

impl Crate {
    fn build(&self) -> Option<PathBuf> {
        let Crate { folder, target, file } = self;
        let installed = Command::new("rustc").args(["--print", "target-libdir", "--target", target]).output();
        let installed = installed.is_ok_and(|output| {
            output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
        });
        if !installed {
            not_run(folder, &format!("no Rust target {target} (rustup target add {target})"));
            return None;
        }
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let test = std::env::current_exe().expect("this program has a path");
        // target/PROFILE/deps/THIS: beside the others, for all profiles.
        let built = test.ancestors().nth(3).expect("a target folder").join("plugins");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(tests.join(folder)).args(["build", "--quiet", "--release", "--locked", "--target", target]);
        cargo.arg("--target-dir").arg(&built);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.contains("RUSTFLAGS") || text.starts_with("CARGO_PROFILE_") || text.starts_with("CARGO_BUILD_") {
                cargo.env_remove(&name);
            }
        }
        let output = cargo.output().expect("cargo runs");
        assert!(output.status.success(), "{folder} can't be built: {}", String::from_utf8_lossy(&output.stderr));
        Some(built.join(target).join("release").join(file))
    }
}
