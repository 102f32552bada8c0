//! `docs/interface.md` is what `wit/` says; `SMTP_DOCS=bless` writes it anew.

use std::fs;
use std::path::Path;
use wit_bindgen_core::{Files, wit_parser::Resolve};

#[test]
fn the_documentation_of_the_interface_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root.join("wit")).expect("the interface can be read");
    let world = resolve.select_world(&[package], Some("smtp-transporter")).expect("the world");
    let mut files = Files::default();
    let options = wit_bindgen_markdown::Opts::default();
    options.build().generate(&mut resolve, world, &mut files).expect("documentation");
    let (_, text) = files.iter().find(|(name, _)| name.ends_with(".md")).expect("a page");
    let text = readable(std::str::from_utf8(text).expect("UTF-8"));
    let page = root.join("docs/interface.md");
    if std::env::var("SMTP_DOCS").is_ok_and(|wish| wish == "bless") {
        fs::write(&page, text).expect("it can be written");
        return;
    }
    let committed = fs::read_to_string(page).unwrap_or_default();
    let first = text.lines().zip(committed.lines().chain([""])).find(|(new, old)| new != old);
    assert!(
        text == committed,
        "docs/interface.md is not what wit/ says, from {first:?} on: run `SMTP_DOCS=bless cargo nextest run interface::`"
    );
}

/// Without trailing blanks and the chapters on WASI, which tells of itself, and with a word on where it comes from.
fn readable(generated: &str) -> String {
    let mut text = String::from("<!-- Made from wit/ by `SMTP_DOCS=bless cargo nextest run interface::`. -->\n\n");
    let mut is_wasi = false;
    for line in generated.lines() {
        if line.starts_with("## ") {
            is_wasi = line.contains("interface wasi:");
        }
        if !is_wasi {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}
