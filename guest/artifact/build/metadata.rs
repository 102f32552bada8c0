//! What the component says of itself: name, version, licence, and the packages that it was built from.
//!
//! All of it comes from `Cargo.toml` and `Cargo.lock`, so that it is the same for everybody who builds it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use wasm_encoder::{ComponentSection, CustomSection};
use wasm_metadata::{AddMetadata, AddMetadataField};

use super::TARGET;

const ROOT: &str = "smtp-guest";
/// Bytes of a component's preamble.
const HEADER: usize = 8;

/// Name and version of a package.
type Id = (String, String);

/// The component with its name, its producers, the annotations of OCI as custom sections (as `wasm-tools metadata add`
/// writes them and `wkg publish` reads them), and the list of packages as cargo-auditable writes it.
pub fn embed(component: &[u8], root: &Path) -> Result<Vec<u8>, String> {
    let mut add = AddMetadata::default();
    add.name = AddMetadataField::Set("smtp-transporter".to_owned());
    add.language = vec![("Rust".to_owned(), String::new())];
    add.processed_by = vec![("rustc".to_owned(), rustc_version()?)];
    let mut bytes = add.to_wasm(component).map_err(|error| format!("{error:#}"))?;
    let mut sections = Vec::new();
    let annotations = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("licenses", env!("CARGO_PKG_LICENSE")),
        ("description", "An SMTP client without socket, file or clock of its own that writes down every conversation"),
        // Left out while they are empty.
        ("source", env!("CARGO_PKG_REPOSITORY")),
        ("homepage", env!("CARGO_PKG_HOMEPAGE")),
    ];
    for (name, text) in annotations.into_iter().filter(|(_, text)| !text.is_empty()) {
        section(name, text.as_bytes(), &mut sections);
    }
    let packages = miniz_oxide::deflate::compress_to_vec_zlib(packages(root)?.as_bytes(), 9);
    section(".dep-v0", &packages, &mut sections);
    // Behind magic number and version: scanners look no further than to the end of the first module inside.
    bytes.splice(HEADER..HEADER, sections);
    Ok(bytes)
}

fn section(name: &str, data: &[u8], component: &mut Vec<u8>) {
    CustomSection { name: name.into(), data: data.into() }.append_to_component(component);
}

/// The number alone, without the commit.
fn rustc_version() -> Result<String, String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = output(Command::new(rustc).arg("--version"))?;
    said.split(' ').nth(1).map(str::to_owned).ok_or_else(|| format!("rustc calls itself {said}"))
}

/// What was compiled for the guest, as JSON in cargo-auditable's format 1: one that `cargo audit bin` and other scanners
/// read. `cargo metadata` would name too much, as it knows no single package's features.
fn packages(root: &Path) -> Result<String, String> {
    let linked: BTreeSet<Id> = tree(root, "normal,no-proc-macro")?.into_iter().map(|(_, id)| id).collect();
    let lines = tree(root, "normal,build")?;
    let ids: BTreeSet<&Id> = lines.iter().map(|(_, id)| id).collect();
    let index: BTreeMap<&Id, usize> = ids.iter().enumerate().map(|(index, id)| (*id, index)).collect();
    let mut needs: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut path: Vec<usize> = Vec::new();
    for (depth, id) in &lines {
        path.truncate(*depth);
        if let Some(above) = path.last() {
            needs.entry(*above).or_default().insert(index[id]);
        }
        path.push(index[id]);
    }
    // Names and versions are plain words: nothing in them is to be escaped.
    let package = |(at, id): (usize, &&Id)| {
        let (name, version) = id;
        let is_root = name == ROOT;
        let mut json = format!(r#"{{"name":"{name}","version":"{version}","source":"#);
        json.push_str(if is_root { r#""local""# } else { r#""crates.io""# });
        if !linked.contains(*id) {
            json.push_str(r#","kind":"build""#);
        }
        if let Some(needs) = needs.get(&at) {
            let numbers: Vec<_> = needs.iter().map(usize::to_string).collect();
            json.push_str(&format!(r#","dependencies":[{}]"#, numbers.join(",")));
        }
        json + if is_root { r#","root":true}"# } else { "}" }
    };
    let packages: Vec<_> = ids.iter().enumerate().map(package).collect();
    Ok(format!(r#"{{"packages":[{}],"format":1}}"#, packages.join(",")))
}

/// Depth and package of each line of `cargo tree`.
fn tree(root: &Path, edges: &str) -> Result<Vec<(usize, Id)>, String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["tree", "--quiet", "--locked", "--color", "never", "--package", ROOT]);
    cargo.args(["--target", TARGET, "--prefix", "depth", "--format", " {p}", "--edges", edges]);
    super::without_outer_flags(&mut cargo);
    output(&mut cargo)?
        .lines()
        .map(|line| {
            let mut words = line.split(' ');
            let depth = words.next().and_then(|depth| depth.parse().ok());
            let name = words.next().map(str::to_owned);
            let version = words.next().and_then(|version| version.strip_prefix('v')).map(str::to_owned);
            // Behind it stand a path, "(proc-macro)" or "(*)".
            depth.zip(name.zip(version)).ok_or_else(|| format!("cargo tree said: {line}"))
        })
        .collect()
}

fn output(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done = command.output().map_err(|error| format!("{program} can't be started: {error}"))?;
    if !done.status.success() {
        return Err(format!("{program}: {}", String::from_utf8_lossy(&done.stderr)));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
