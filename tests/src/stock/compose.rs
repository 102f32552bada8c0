//! `host compose`, given what does not fit.

use super::scene::Folder;
use crate::cli::run::run;
use crate::plugins::guests::{adapter, mail_command};
use std::fs;

#[test]
fn what_does_not_fit() {
    let (Some(mail), Some(adapter)) = (mail_command(), adapter()) else { return };
    let [mail, adapter] = [mail, adapter].map(|path| path.to_str().expect("UTF-8"));
    let folder = Folder::new();
    fs::write(folder.join("text.wasm"), "no component").expect("a file");
    let compose = |arguments: &[&str]| run(&folder.0, &[&["compose"], arguments].concat(), b"");
    compose(&["text.wasm", "-o", "out.wasm"]).exits(65).says("'text.wasm': this is no WebAssembly component");
    compose(&["missing.wasm", "-o", "out.wasm"]).exits(66).says("'missing.wasm' can't be read");
    compose(&[mail, "--plug", "text.wasm", "-o", "out.wasm"]).exits(65).says("'text.wasm': this is no WebAssembly");
    // The adapter exports nothing that it imports itself.
    compose(&[adapter, "--plug", adapter, "-o", "out.wasm"]).exits(65).says("smtp_adapter.wasm'");
    assert!(!folder.join("out.wasm").exists());
    compose(&[mail, "-o", "no/such/folder/out.wasm"]).exits(73).says("can't be written");
    compose(&[mail]).exits(64).says("--output");
    // Without the adapter it is what `host run` makes of it, and runs there.
    compose(&[mail, "-o", "out.wasm"]).exits(0);
    run(&folder.0, &["run", "out.wasm", "--help"], b"").exits(0);
}
