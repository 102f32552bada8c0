//! `host inspect`: what a component exports, what it asks for, and which grant answers each.

use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::exit::{Exit, Failure};
use crate::options::OutputOptions;
use crate::terminal;

/// Says what a component exports, what it asks for, and which grant answers each. Runs nothing of it.
#[derive(Args)]
#[command(after_help = "Examples:\n  host inspect\n  host inspect plugin.wasm --json")]
pub struct Inspect {
    /// The component [default: the built-in transporter].
    component: Option<PathBuf>,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Serialize)]
struct Report {
    exports: Vec<String>,
    imports: Vec<Import>,
}

#[derive(Serialize)]
struct Import {
    name: String,
    /// Whether there is a grant at all.
    grantable: bool,
    grant: &'static str,
}

impl Inspect {
    pub fn run(&self) -> Exit {
        match self.report().and_then(|report| self.print(&report)) {
            Ok(()) => Exit::Done,
            Err(failure) => {
                terminal::say_failure(&failure);
                failure.exit
            }
        }
    }

    fn report(&self) -> Result<Report, Failure> {
        let bytes = match &self.component {
            None => smtp_guest_artifact::COMPONENT.to_vec(),
            Some(path) => std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?,
        };
        let engine = Engine::default();
        let component = Component::from_binary(&engine, &bytes).map_err(|error| {
            let about =
                if bytes.starts_with(b"\0asm\x01\0\0\0") { "it is a module of WebAssembly" } else { "it is none" };
            Failure::data(format!("this is no component that can be loaded ({about}): {:#}", error))
        })?;
        let shape = component.component_type();
        let import = |name: &str| {
            let (grantable, grant) = grant(name);
            Import { name: name.to_owned(), grantable, grant }
        };
        Ok(Report {
            exports: shape.exports(&engine).map(|(name, _)| name.to_owned()).collect(),
            imports: shape.imports(&engine).map(|(name, _)| import(name)).collect(),
        })
    }

    fn print(&self, report: &Report) -> Result<(), Failure> {
        if self.output.json {
            let json = serde_json::to_string(report).map_err(|error| Failure::defect(error.to_string()))?;
            return terminal::result(&terminal::safe_json(&json));
        }
        terminal::document(prose(report).as_bytes())
    }
}

fn prose(report: &Report) -> String {
    let width = report.imports.iter().map(|import| import.name.chars().count()).max().unwrap_or(0);
    let mut text = "Exports:\n".to_owned();
    for name in &report.exports {
        text.push_str(&format!("  {}\n", terminal::safe(name)));
    }
    text.push_str("Asks for:\n");
    for Import { name, grant, .. } in &report.imports {
        text.push_str(&format!("  {:width$}  {grant}\n", terminal::safe(name)));
    }
    if report.imports.is_empty() {
        text.push_str("  nothing\n");
    }
    text
}

/// What answers an import, by its interface, whatever the version.
fn grant(import: &str) -> (bool, &'static str) {
    let name = import.split('@').next().unwrap_or(import);
    match name.split_once('/').unwrap_or((name, "")) {
        ("smtp:transporter", "types") => (true, "always: only types"),
        ("smtp:transporter", "transporter") => (true, "always: the built-in transporter, within --allow"),
        ("smtp:transporter", "tls-sockets") => (true, "--allow HOST:PORT; send and check grant the server of --server"),
        ("smtp:transporter", "signing") => (true, "--dkim-key FILE; without it mails go unsigned"),
        ("smtp:transporter", "log-files") => (true, "--log, --log-dir DIR, --log-file FILE"),
        ("wasi:io" | "wasi:random" | "wasi:clocks", _) => (true, "always: reaches nothing outside"),
        ("wasi:cli", "environment") => (true, "arguments always; --env NAME[=V] for each variable"),
        ("wasi:cli", _) => (true, "always: standard streams and exit"),
        ("wasi:filesystem", _) => (true, "--dir HOST::GUEST[:ro]; without it there is no folder"),
        _ => (false, "no grant: it can't be loaded"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants() {
        assert!(grant("smtp:transporter/tls-sockets@0.1.0").1.starts_with("--allow"));
        assert!(grant("wasi:io/streams@0.2.12").0);
        assert!(!grant("wasi:sockets/tcp@0.2.0").0);
        assert!(!grant("wasi:http/types@0.2.0").0);
        assert!(!grant("log").0);
    }
}
