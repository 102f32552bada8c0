//! The plugin in C, built as its first lines say: bindings, clang, component.

use super::built;
use crate::servers::not_run;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use wit_bindgen_core::{Files, wit_parser::Resolve};

/// None: clang or its library for WASI is not here, and `tests/run` was told so.
pub fn plugin() -> Option<PathBuf> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    BUILT.get_or_init(build).clone()
}

fn build() -> Option<PathBuf> {
    let wit = built("wit")?;
    let folder = std::env::temp_dir().join(format!("smtp-c-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for the build");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(&wit).expect("the interface can be read");
    let world = resolve.select_world(&[package], Some("plugin")).expect("the world");
    let mut files = Files::default();
    wit_bindgen_c::Opts::default().build().generate(&mut resolve, world, &mut files).expect("bindings");
    for (name, bytes) in files.iter() {
        fs::write(folder.join(name), bytes).expect("the bindings can be written");
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("languages/c/mail.c");
    let mut clang = Command::new("clang");
    clang.current_dir(&folder).args(["--target=wasm32-wasi", "-mexec-model=reactor", "-O2", "-Wall", "-Werror", "-I."]);
    clang.arg(source).args(["plugin.c", "plugin_component_type.o", "-o", "plugin.core.wasm"]);
    let Ok(output) = clang.output() else {
        not_run("languages", "no clang: the plugin in C was not built");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("'stdio.h' file not found") {
        not_run("languages", "no wasi-libc: the plugin in C was not built");
        return None;
    }
    assert!(output.status.success(), "{said}");
    let module = fs::read(folder.join("plugin.core.wasm")).expect("the module");
    let adapter = wasi_preview1_component_adapter_provider::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER;
    let component = wit_component::ComponentEncoder::default()
        .module(&module)
        .and_then(|encoder| encoder.adapter("wasi_snapshot_preview1", adapter))
        .and_then(|encoder| encoder.validate(true).encode())
        .expect("a component");
    let path = folder.join("plugin.wasm");
    fs::write(&path, component).expect("the component can be written");
    Some(path)
}
