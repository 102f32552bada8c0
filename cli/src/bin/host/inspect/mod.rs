//! `host inspect`: what a component exports, what it asks for, and which grant answers each.

mod metadata;

use clap::Args;
use serde::Serialize;
use smtp_host::plugin::{About, Kind, Shape};
use std::path::PathBuf;

use crate::answers::answer;
use crate::exit::{Exit, Failure};
use crate::options::OutputOptions;
use crate::run::read_component;
use crate::terminal;
use metadata::Metadata;

/// Says what a component is, what it says of itself, what it exports, what it asks for, and which grant answers each. Runs nothing of it.
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
    /// `transporter`, `command` or `neither`.
    kind: &'static str,
    /// Why it is neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// What it says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<Metadata>,
    /// Why that can't be read.
    #[serde(skip_serializing_if = "Option::is_none", rename = "aboutError")]
    about_error: Option<String>,
    /// Bytes.
    size: usize,
    exports: Vec<String>,
    imports: Vec<Import>,
}

#[derive(Serialize)]
struct Import {
    name: String,
    /// Whether it can be answered at all.
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
            Some(path) => read_component(path)?,
        };
        let shape = Shape::of(&bytes).map_err(|error| Failure::data(terminal::safe(&error.to_string())))?;
        let import = |name: &String| {
            let answer = answer(name);
            Import { name: name.clone(), grantable: answer.can_be_loaded(), grant: answer.words() }
        };
        let imports: Vec<_> = shape.imports.iter().map(import).collect();
        let (kind, why) = match shape.kind {
            Kind::Transporter => ("transporter", None),
            Kind::Command => ("command", None),
            Kind::Neither(why) => ("neither", Some(why)),
        };
        let (about, about_error) = match About::of(&bytes) {
            Ok(about) => (Some(Metadata::from(about)), None),
            Err(why) => (None, Some(why.to_string())),
        };
        Ok(Report { kind, why, about, about_error, size: shape.size, exports: shape.exports, imports })
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
    let what = match (report.kind, &report.why) {
        ("transporter", _) => "A transporter: `host run` sends a mail through it".to_owned(),
        ("command", _) => "A command: `host run` runs it".to_owned(),
        (_, why) => format!("Neither a transporter nor a command: {}", terminal::safe(why.as_deref().unwrap_or(""))),
    };
    let mut text = format!("{what}.\n{} bytes.\n", report.size);
    match (&report.about, &report.about_error) {
        (Some(about), _) => text.push_str(&about.prose()),
        (None, why) => text.push_str(&format!("{}\n", terminal::safe(why.as_deref().unwrap_or("")))),
    }
    text.push_str("Exports:\n");
    for name in &report.exports {
        text.push_str(&format!("  {}\n", terminal::safe(name)));
    }
    if report.exports.is_empty() {
        text.push_str("  nothing\n");
    }
    text.push_str("Asks for:\n");
    let width = report.imports.iter().map(|import| import.name.chars().count()).max().unwrap_or(0);
    for Import { name, grant, .. } in &report.imports {
        text.push_str(&format!("  {:width$}  {grant}\n", terminal::safe(name)));
    }
    if report.imports.is_empty() {
        text.push_str("  nothing\n");
    }
    if let Some(import) = report.imports.iter().find(|import| !import.grantable) {
        text.push_str(&format!("It can't be loaded: no grant answers {}.\n", terminal::safe(&import.name)));
    }
    text
}
