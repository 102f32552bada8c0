//! What is published: one version everywhere, and packages that hold what they need.

use crate::servers::not_run;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands between the two in a file.
#[track_caller]
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let start = text.find(before).unwrap_or_else(|| panic!("no {before}")) + before.len();
    &text[start..start + text[start..].find(after).unwrap_or_else(|| panic!("no {after}"))]
}

#[test]
fn every_package_has_the_same_version() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(between(&read("bindings/python/pyproject.toml"), "\nversion = \"", "\""), version);
    for file in ["package.json", "package-lock.json"] {
        let package: Value = serde_json::from_str(&read(&format!("bindings/node/{file}"))).unwrap();
        assert_eq!(package["version"], version, "{file}");
    }
    // The interface has a version of its own: one for all its files, and for those who answer it.
    let interface = between(&read("wit/types.wit"), "package smtp:transporter@", ";").to_owned();
    for entry in fs::read_dir(root().join("wit")).unwrap().flatten() {
        if entry.path().extension().is_some_and(|ext| ext == "wit") {
            let text = fs::read_to_string(entry.path()).unwrap();
            assert_eq!(between(&text, "package smtp:transporter@", ";"), interface, "{:?}", entry.path());
        }
    }
    let python = read("bindings/python/src/smtp_transporter/_host.py");
    assert_eq!(between(&python, "PACKAGE, VERSION = \"smtp:transporter\", \"", "\""), interface);
}

/// No lock file names where somebody's registry is.
#[test]
fn the_lock_of_node_names_no_host() {
    assert!(!read("bindings/node/package-lock.json").contains("resolved"));
}

#[test]
fn the_python_package_holds_the_component() {
    let Some(python) = crate::languages::built("venv/bin/python") else { return };
    let out = std::env::temp_dir().join(format!("smtp-wheel-{}", std::process::id()));
    let build = |what: &str, from: &Path| {
        let mut build = Command::new(&python);
        build.args(["-m", "build", "--no-isolation", "--quiet", what, "--outdir"]).arg(&out).arg(from);
        build.env("SOURCE_DATE_EPOCH", "1750000000").output().expect("Python runs")
    };
    let first = build("--sdist", &root().join("bindings/python"));
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    if said.contains("No module named build") {
        not_run("publishing", "no Python package 'build': tests/languages/build.sh installs it");
        return;
    }
    assert!(first.status.success(), "{said}");
    // From the source package alone, as whoever installs it does.
    let name = format!("smtp_transporter-{}", env!("CARGO_PKG_VERSION"));
    let unpack = Command::new("tar").arg("-xf").arg(out.join(format!("{name}.tar.gz"))).arg("-C").arg(&out).status();
    assert!(unpack.expect("tar runs").success());
    let second = build("--wheel", &out.join(&name));
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    let list = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print('\\n'.join(z.namelist())); \
                open(sys.argv[2], 'wb').write(z.read('smtp_transporter/smtp-transporter.wasm'))";
    let (wheel, component) = (out.join(format!("{name}-py3-none-any.whl")), out.join("component"));
    let listed = Command::new(&python).args(["-c", list]).args([&wheel, &component]).output().expect("Python runs");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    assert_eq!(fs::read(component).unwrap(), fs::read(root().join("guest/prebuilt/smtp-transporter.wasm")).unwrap());
    let files = String::from_utf8_lossy(&listed.stdout).into_owned();
    for file in ["smtp_transporter/py.typed", "smtp_transporter/_host.py", "METADATA"] {
        assert!(files.contains(file), "no {file} in {files}");
    }
    assert!(!files.contains("pycache"), "{files}");
    let _ = fs::remove_dir_all(&out);
}

#[test]
fn the_node_package_holds_what_it_loads() {
    let Some(package) = crate::languages::built("npm/node_modules/smtp-transporter") else { return };
    let pack =
        Command::new("npm").args(["pack", "--dry-run", "--json", "--ignore-scripts"]).current_dir(package).output();
    let pack = pack.expect("npm runs");
    assert!(pack.status.success(), "{}", String::from_utf8_lossy(&pack.stderr));
    let told: Value = serde_json::from_slice(&pack.stdout).expect("JSON");
    let files: Vec<_> = told[0]["files"].as_array().unwrap().iter().filter_map(|file| file["path"].as_str()).collect();
    for file in
        ["index.js", "index.d.ts", "src/component.js", "generated/transporter.js", "generated/transporter.core.wasm"]
    {
        assert!(files.contains(&file), "no {file} in {files:?}");
    }
    assert!(!files.iter().any(|file| file.contains("node_modules") || file.ends_with(".tgz")), "{files:?}");
}
