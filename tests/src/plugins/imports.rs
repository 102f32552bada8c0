//! What the built component asks of its host: this list is what the sandbox promises.

use crate::cli::run::run;
use std::path::Path;

/// All that the transporter may ask for. Each addition needs a reason that the documentation tells.
const ALLOWED: [&str; 8] = [
    // A type that bindings keep from being printed.
    "smtp:transporter/secrets",
    "smtp:transporter/types",
    "smtp:transporter/tls-sockets",
    "smtp:transporter/log-files",
    // DKIM: the host signs a digest, so that the private key is never in the sandbox.
    "smtp:transporter/signing",
    "wasi:io/error",
    "wasi:io/streams",
    "wasi:random/random",
];

#[test]
fn the_built_component_asks_for_nothing_else() {
    let report = run(Path::new("."), &["inspect", "--json"], b"").exits(0).json();
    let imports: Vec<_> = report["imports"].as_array().unwrap().iter().map(|import| &import["name"]).collect();
    assert!(imports.len() > 2, "{report}");
    for import in imports {
        let name = import.as_str().unwrap();
        let interface = name.split('@').next().unwrap();
        assert!(ALLOWED.contains(&interface), "the component asks for {name}");
    }
    assert_eq!(report["kind"], "transporter");
    let about = &report["about"];
    assert_eq!((&about["name"], &about["licenses"]), (&"smtp-transporter".into(), &"MIT OR Apache-2.0".into()));
    assert!(about["packages"].as_array().unwrap().iter().any(|package| package["name"] == "sha2"), "{about}");
    assert_eq!(report["exports"], serde_json::json!(["smtp:transporter/transporter@0.1.0"]));
    assert!(report["size"].as_u64().unwrap() > 1000);
}
