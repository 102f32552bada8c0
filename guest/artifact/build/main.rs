//! Builds the guest for WebAssembly and encodes it as a component.
//!
//! Where the wasm target is not installed, the committed component is used and one line says so. With
//! `SMTP_COMPONENT=check` a difference between the two is an error; with `SMTP_COMPONENT=bless` the committed one is
//! replaced; with `SMTP_COMPONENT=prebuilt` nothing is built.

mod metadata;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const TARGET: &str = "wasm32-unknown-unknown";

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let guest = here.parent().expect("this crate lies in the guest's folder").to_path_buf();
    let root = guest.parent().expect("the guest lies in the workspace").to_path_buf();
    let committed = guest.join("prebuilt/smtp-transporter.wasm");
    let component = out.join("smtp-transporter.wasm");
    println!("cargo::rerun-if-env-changed=SMTP_COMPONENT");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={}", committed.display());
    let wish = env::var("SMTP_COMPONENT").unwrap_or_default();

    let built = if wish == "prebuilt" { Err("SMTP_COMPONENT=prebuilt".to_owned()) } else { build(&root, &guest, &out) };
    match built {
        Ok(bytes) => {
            if wish == "bless" {
                fs::write(&committed, &bytes).expect("the committed component can be written");
            } else if wish == "check" && fs::read(&committed).unwrap_or_default() != bytes {
                panic!(
                    "{} is not what the source builds: run `SMTP_COMPONENT=bless cargo build -p smtp-guest-artifact` and \
                     commit it",
                    committed.display()
                );
            }
            fs::write(&component, &bytes).expect("OUT_DIR can be written");
        }
        Err(why) if wish == "check" || wish == "bless" => panic!("the component can't be built: {why}"),
        Err(why) => {
            println!("cargo::warning=using the committed component: {why}");
            fs::copy(&committed, &component).expect("the committed component can be read");
        }
    }
}

/// Compiles the guest crate and returns the encoded component.
fn build(root: &Path, guest: &Path, out: &Path) -> Result<Vec<u8>, String> {
    if !target_is_installed() {
        return Err(format!("the Rust target {TARGET} is not installed (`rustup target add {TARGET}`)"));
    }
    // TARGET/PROFILE/build/PACKAGE/out: one guest build serves all of the host's profiles.
    let target_dir = out.ancestors().nth(4).unwrap_or(out).join("guest");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root)
        .args(["rustc", "--quiet", "--locked", "--package", "smtp-guest", "--lib", "--crate-type", "cdylib"])
        .args(["--profile", "guest"])
        .args(["--target", TARGET])
        .arg("--target-dir")
        .arg(&target_dir);
    without_outer_flags(&mut cargo);
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")))
        .unwrap_or_default();
    let flags = [
        "-Ctarget-feature=+simd128,+bulk-memory".to_owned(),
        "-Clink-arg=-zstack-size=65536".to_owned(),
        format!("--remap-path-prefix={}=/smtp-transporter", root.display()),
        format!("--remap-path-prefix={}=/cargo", home.display()),
        format!("--remap-path-prefix={}=/build", target_dir.display()),
    ];
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    let done = cargo.output().map_err(|error| format!("cargo can't be started: {error}"))?;
    if !done.status.success() {
        // A guest that does not compile is an error of the source, not a reason to use an old component.
        panic!("the guest does not compile:\n{}", String::from_utf8_lossy(&done.stderr));
    }
    let folder = target_dir.join(TARGET).join("guest");
    for file in inputs(&folder.join("smtp_guest.d")) {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    for folder in [root.join("wit"), guest.join("Cargo.toml"), root.join("Cargo.lock")] {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let module =
        fs::read(folder.join("smtp_guest.wasm")).map_err(|error| format!("the module can't be read: {error}"))?;
    let component = wit_component::ComponentEncoder::default()
        .module(&module)
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| format!("the module can't be encoded as a component: {error:#}"))?;
    metadata::embed(&component, root)
}

/// The outer build's flags are for another target, and would make the bytes depend on who builds.
fn without_outer_flags(cargo: &mut Command) {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let foreign =
            ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "RUSTDOCFLAGS"];
        if foreign.contains(&text.as_ref())
            || text.starts_with("CARGO_PROFILE_")
            || text.starts_with("CARGO_TARGET_")
            || text.starts_with("CARGO_BUILD_")
            || text.starts_with("CARGO_FEATURE_")
            || text.starts_with("CARGO_CFG_")
            || text.starts_with("CARGO_INCREMENTAL")
        {
            cargo.env_remove(&name);
        }
    }
}

/// Whether the standard library for the target is there, asked of the compiler that will be used.
fn target_is_installed() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let Ok(answer) = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output() else {
        return false;
    };
    answer.status.success() && Path::new(String::from_utf8_lossy(&answer.stdout).trim()).is_dir()
}

/// The source files that a `.d` file of rustc names.
fn inputs(list: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(list).unwrap_or_default();
    let Some((_, files)) = text.lines().next().and_then(|line| line.split_once(": ")) else { return Vec::new() };
    files.split_whitespace().map(PathBuf::from).collect()
}
