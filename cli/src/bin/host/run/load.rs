//! From files to a component that can be run: what it is, whether its imports can be answered, and its transporter.

use smtp_host::plugin::{ComponentError, Kind, Shape, compose, compose_with};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::grants::Grants;
use crate::answers::answer;
use crate::exit::Failure;
use crate::terminal;

/// More than any component has, Python's interpreter included; whoever gives a device or an image is told so.
const LARGEST: u64 = 256 << 20;

/// What can be run, with a transporter of its own where it wants one.
pub enum Loaded {
    Transporter(Vec<u8>),
    Command(Vec<u8>),
}

pub fn load(component: &Path, grants: &Grants) -> Result<Loaded, Failure> {
    let transporter = grants.transporter.as_deref();
    let bytes = read(component)?;
    let name = terminal::safe(&component.to_string_lossy());
    let wrong = |error: ComponentError| Failure::data(format!("'{name}': {error}"));
    let shape = Shape::of(&bytes).map_err(wrong)?;
    let kind = match &shape.kind {
        Kind::Neither(why) => {
            return Err(Failure::data(format!(
                "'{name}' is neither a command nor a transporter: {}",
                terminal::safe(why)
            )));
        }
        kind => kind.clone(),
    };
    check_imports(&name, &shape)?;
    if kind == Kind::Command && grants.has_secrets() && shape.asks_for_sockets() {
        return Err(Failure::denied(format!(
            "'{name}' asks for smtp:transporter/tls-sockets itself, by which it could read the secrets: run it without --secret"
        )));
    }
    let bytes = if shape.wants_transporter() {
        match transporter {
            None => compose(&bytes).map_err(wrong)?,
            Some(path) => compose_with(&bytes, &self::transporter(path)?).map_err(wrong)?,
        }
    } else if transporter.is_some() {
        return Err(Failure::usage(format!("--transporter: '{name}' does not import one")));
    } else {
        bytes
    };
    Ok(if kind == Kind::Transporter { Loaded::Transporter(bytes) } else { Loaded::Command(bytes) })
}

/// Another transporter than the built-in one.
fn transporter(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = read(path)?;
    let name = terminal::safe(&path.to_string_lossy());
    let shape = Shape::of(&bytes).map_err(|error| Failure::data(format!("'{name}': {error}")))?;
    match &shape.kind {
        Kind::Transporter => check_imports(&name, &shape).map(|()| bytes),
        Kind::Command => Err(Failure::data(format!("'{name}' is a command, not a transporter"))),
        Kind::Neither(why) => Err(Failure::data(format!("'{name}' is no transporter: {}", terminal::safe(why)))),
    }
}

fn check_imports(name: &str, shape: &Shape) -> Result<(), Failure> {
    let Some(import) = shape.imports.iter().find(|import| !answer(import).can_be_loaded()) else { return Ok(()) };
    Err(Failure::denied(format!(
        "'{name}' asks for {}, which no grant answers: it can't be loaded",
        terminal::safe(import)
    )))
}

/// A component's file, within reason.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let length = File::open(path).and_then(|file| {
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(std::io::ErrorKind::IsADirectory.into());
        }
        file.take(LARGEST + 1).read_to_end(&mut bytes)
    });
    let length = length.map_err(|error| Failure::unreadable(path, &error))?;
    if length as u64 > LARGEST {
        let name = terminal::safe(&path.to_string_lossy());
        return Err(Failure::data(format!("'{name}' has more than {} MiB: this is no component", LARGEST >> 20)));
    }
    Ok(bytes)
}
