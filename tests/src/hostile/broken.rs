//! Files that are no components, components that ask for too much, and such as are not what they say.

use crate::cli::run::{Ran, run};
use crate::plugins::guests;
use std::fs;
use std::path::PathBuf;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("smtp-broken-{name}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    /// `host run` of these bytes.
    #[track_caller]
    fn run(&self, bytes: &[u8]) -> Ran {
        fs::write(self.0.join("it.wasm"), bytes).unwrap();
        let ran = run(&self.0, &["run", "--max-cpu", "1", "--max-memory", "64", "it.wasm"], b"");
        assert!(!ran.err.contains("panicked") && ran.err.lines().count() <= 2, "{}", ran.told());
        ran
    }

    #[track_caller]
    fn wat(&self, text: &str) -> Ran {
        self.run(&wat::parse_str(text).expect("it is text of a component"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A component whose `run` is this core module's `run`.
fn command(module: &str) -> String {
    format!(
        r#"(component
            (core module $m {module})
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $run (export "run" (func $run)))
            (export "wasi:cli/run@0.2.0" (instance $run)))"#
    )
}

#[test]
fn what_is_no_component() {
    let folder = Folder::new("none");
    for (bytes, words) in [
        (&b""[..], "no WebAssembly component"),
        (b"#!/bin/sh\nexit 0\n", "first bytes are not those of WebAssembly"),
        (b"\0asm\x01\0\0\0", "it is a core module"),
        (b"\0asm\x0d\0\x01\0\xff\xff\xff\xff", "no WebAssembly component"),
        (&[0xff; 4096], "first bytes"),
    ] {
        folder.run(bytes).exits(65).says(words);
    }
    folder.run(&wat::parse_str("(component)").unwrap()).exits(65).says("neither a command nor a transporter");
    run(&folder.0, &["run", "missing.wasm"], b"").exits(66).says("'missing.wasm' can't be read");
    run(&folder.0, &["run", "."], b"").exits(66).says("can't be read");
    run(&folder.0, &["run", "/dev/zero"], b"").exits(65).says("more than 256 MiB");
}

#[test]
fn a_truncated_component() {
    let Some(plugin) = guests::mail_plugin() else { return };
    let whole = fs::read(plugin).unwrap();
    let folder = Folder::new("cut");
    for part in 1..8 {
        folder.run(&whole[..whole.len() * part / 8]).exits(65).says("no WebAssembly component");
    }
    // A byte changed somewhere is an error of the file, or a guest that fails in the sandbox.
    let mut damaged = whole.clone();
    for at in (2000..whole.len()).step_by(whole.len() / 3) {
        damaged[at] ^= 0x5a;
        assert_ne!(folder.run(&damaged).code, 101);
        damaged[at] = whole[at];
    }
}

#[test]
fn who_asks_for_too_much_is_not_loaded() {
    let folder = Folder::new("asks");
    for import in ["evil:host/shell@1.0.0", "wasi:http/outgoing-handler@0.2.0", "wasi:cli/everything@0.2.0"] {
        let text = command(r#"(func (export "run") (result i32) i32.const 0)"#);
        let text = text.replacen("(component", &format!(r#"(component (import "{import}" (instance))"#), 1);
        folder.wat(&text).exits(77).says(&format!("asks for {import}, which no grant answers"));
    }
    // The name is one that is granted, what is behind it is not.
    let text = command(r#"(func (export "run") (result i32) i32.const 0)"#).replacen(
        "(component",
        r#"(component (import "wasi:cli/environment@0.2.0" (instance (export "root-shell" (func))))"#,
        1,
    );
    folder.wat(&text).exits(65).says("can't be loaded");
}

#[test]
fn what_is_not_what_it_says() {
    let folder = Folder::new("wrong");
    folder
        .wat(r#"(component (component $c) (instance $i (instantiate $c)) (export "wasi:cli/run@0.2.0" (instance $i)))"#)
        .exits(65)
        .says("no function 'run: func() -> result'");
    folder
        .wat(
            r#"(component (component $c) (instance $i (instantiate $c))
                (export "smtp:transporter/transporter@0.1.0" (instance $i)))"#,
        )
        .exits(65)
        .says("but not as it is here");
    folder
        .wat(
            r#"(component (core module $m (func (export "run") (param i32) (result i32) i32.const 0))
                (core instance $i (instantiate $m))
                (func $run (param "x" u32) (result u32) (canon lift (core func $i "run")))
                (instance $run (export "run" (func $run)))
                (export "wasi:cli/run@0.2.0" (instance $run)))"#,
        )
        .exits(65)
        .says("no function 'run: func() -> result'");
    // A result of another type than the interface's.
    folder
        .wat(
            r#"(component (core module $m (func (export "run") (result i32) i32.const 0))
                (core instance $i (instantiate $m))
                (func $run (result u32) (canon lift (core func $i "run")))
                (instance $run (export "run" (func $run)))
                (export "wasi:cli/run@0.2.0" (instance $run)))"#,
        )
        .exits(65);
}

/// Before `run` was called, and below what any language's compiler makes.
#[test]
fn attacks_in_the_core() {
    let folder = Folder::new("core");
    let with = |module: &str| folder.wat(&command(module));
    let run = r#"(func (export "run") (result i32) i32.const 0)"#;
    with(&format!("(func $forever (loop br 0)) (start $forever) {run}")).exits(77).says("--max-cpu");
    with(&format!("(func $trap unreachable) (start $trap) {run}")).exits(70).says("unreachable");
    with(&format!("(memory 60000) {run}")).exits(77).says("--max-memory");
    with(&format!("(table 100000000 funcref) {run}")).exits(77).says("--max-memory");
    with(
        r#"(table 1 funcref) (func (export "run") (result i32)
        (loop (br_if 0 (i32.ne (table.grow 0 (ref.null func) (i32.const 100000)) (i32.const -1)))) i32.const 0)"#,
    )
    .exits(77)
    .says("--max-memory");
    with(
        r#"(memory 1) (func (export "run") (result i32)
        (loop (br_if 0 (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) i32.const 0)"#,
    )
    .exits(77)
    .says("--max-memory");
    // Growing beyond what the module itself declared is an answer, not a stop.
    with(
        r#"(memory 1 2) (func (export "run") (result i32)
        (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))"#,
    )
    .exits(0);
    with(r#"(func (export "run") (result i32) (i32.div_s (i32.const 1) (i32.const 0)))"#)
        .exits(70)
        .says("divide by zero");
    with(r#"(memory 1) (func (export "run") (result i32) (i32.load (i32.const -4)))"#).exits(70).says("out of bounds");
    with(r#"(func $f (export "run") (result i32) (call $f))"#).exits(70).says("call stack exhausted");
    // A discriminant that the type does not have.
    with(r#"(func (export "run") (result i32) i32.const 7)"#).exits(70);
    with(r#"(func (export "run") (result i32) i32.const 1)"#).exits(1);
    // Ten thousand instances.
    let many: String = (0..10_000).map(|_| "(core instance (instantiate $m))").collect();
    let text = command(run).replacen("(core instance $i", &format!("{many}(core instance $i"), 1);
    let ran = folder.wat(&text);
    assert!(ran.code != 0 && ran.code < 100, "{}", ran.told());
}
