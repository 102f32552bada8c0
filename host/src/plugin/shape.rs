//! What a component is, read from its types: nothing of it is compiled or run.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wac_graph::types::{DefinedType, FuncType, ItemKind, Package, SubtypeChecker, Types, ValueType};

use super::{ComponentError, RUN, TRANSPORTER, unversioned};

/// What a component imports and exports, and what that makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What can be done with it.
    pub kind: Kind,
    /// Names of what it asks for, with versions, in its own order.
    pub imports: Vec<String>,
    /// Names of what it offers, with versions, in its own order.
    pub exports: Vec<String>,
    /// Bytes.
    pub size: usize,
}

/// What can be done with a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Exports the transporter interface: it takes mails.
    Transporter,
    /// Exports `wasi:cli/run`: it runs, and sends mail where it imports the transporter.
    Command,
    /// Can't be run here; the text says why.
    Neither(String),
}

impl Shape {
    /// Reads the types of a component.
    ///
    /// # Errors
    /// [`ComponentError::NoComponent`].
    pub fn of(component: &[u8]) -> Result<Shape, ComponentError> {
        let mut types = Types::default();
        let package = read("component", component, &mut types)?;
        let world = &types[package.ty()];
        let names = |items: &mut dyn Iterator<Item = &String>| items.cloned().collect();
        Ok(Shape {
            kind: kind(&package, &mut types.clone()),
            imports: names(&mut world.imports.keys()),
            exports: names(&mut world.exports.keys()),
            size: component.len(),
        })
    }

    /// Whether it imports the transporter, so that it needs one to be loaded.
    pub fn wants_transporter(&self) -> bool {
        self.asks_for(TRANSPORTER)
    }

    /// Whether it asks for the capability that only a transporter needs. It opens connections without a conversation in
    /// the log, and reads named secrets: who grants a plugin secrets should not load it.
    pub fn asks_for_sockets(&self) -> bool {
        self.asks_for("smtp:transporter/tls-sockets")
    }

    fn asks_for(&self, interface: &str) -> bool {
        self.imports.iter().any(|name| unversioned(name) == interface)
    }
}

fn kind(package: &Package, types: &mut Types) -> Kind {
    let export = |types: &Types, wanted: &str| {
        let found = types[package.ty()].exports.iter().find(|(name, _)| unversioned(name) == wanted);
        found.map(|(name, item)| (name.clone(), *item))
    };
    if let Some((name, found)) = export(types, TRANSPORTER) {
        return match built_in(types).and_then(|(ours, expected)| {
            if ours != name && !compatible(&ours, &name) {
                return Err(ComponentError::Mismatch(format!("this host knows {ours}")));
            }
            fits(types, found, expected)
        }) {
            Ok(()) => Kind::Transporter,
            Err(ComponentError::Mismatch(why)) => {
                Kind::Neither(format!("it exports {name}, but not as it is here: {why}"))
            }
            Err(other) => Kind::Neither(other.to_string()),
        };
    }
    match export(types, RUN) {
        Some((name, ItemKind::Instance(instance))) => match types[instance].exports.get("run") {
            Some(ItemKind::Func(function)) if is_run(&types[*function], types) => Kind::Command,
            _ => Kind::Neither(format!("it exports {name}, but no function 'run: func() -> result' in it")),
        },
        Some((name, _)) => Kind::Neither(format!("it exports {name}, which is no interface")),
        None => Kind::Neither(format!("it exports neither {TRANSPORTER} nor {RUN}")),
    }
}

/// `func() -> result`, both sides of the result empty.
fn is_run(function: &FuncType, types: &Types) -> bool {
    let mut result = function.result;
    while let Some(ValueType::Defined(id)) = result {
        match &types[id] {
            DefinedType::Alias(other) => result = Some(*other),
            DefinedType::Result { ok: None, err: None } => return function.params.is_empty(),
            _ => return false,
        }
    }
    false
}

/// The transporter interface as this host knows it: its name with the version, and its type.
fn built_in(types: &mut Types) -> Result<(String, ItemKind), ComponentError> {
    let package = read("built-in", smtp_guest_artifact::COMPONENT, types)?;
    exported(&package, types)
}

/// The transporter interface among a component's exports.
pub(super) fn exported(package: &Package, types: &Types) -> Result<(String, ItemKind), ComponentError> {
    let found = types[package.ty()].exports.iter().find(|(name, _)| unversioned(name) == TRANSPORTER);
    found.map(|(name, item)| (name.clone(), *item)).ok_or(ComponentError::NoExport)
}

/// Whether `found` can stand where `expected` is wanted.
pub(super) fn fits(types: &Types, found: ItemKind, expected: ItemKind) -> Result<(), ComponentError> {
    let checked = fenced(|| SubtypeChecker::new(&mut Default::default()).is_subtype(found, types, expected, types));
    checked.map_err(ComponentError::Mismatch)
}

pub(super) fn compatible(one: &str, other: &str) -> bool {
    wac_graph::types::are_semver_compatible(one, other)
}

/// Reads a component's types into `types`.
pub(super) fn read(name: &str, bytes: &[u8], types: &mut Types) -> Result<Package, ComponentError> {
    const MODULE: &[u8] = b"\0asm\x01\0\0\0";
    if bytes.starts_with(MODULE) {
        let words =
            "it is a core module; `wasm-tools component new` or the target wasm32-wasip2 makes a component of it";
        return Err(ComponentError::NoComponent(words.to_owned()));
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(ComponentError::NoComponent("its first bytes are not those of WebAssembly".to_owned()));
    }
    if bytes.len() < MODULE.len() {
        return Err(ComponentError::NoComponent("it breaks off in its first eight bytes".to_owned()));
    }
    fenced(|| Package::from_bytes(name, None, bytes, types)).map_err(ComponentError::NoComponent)
}

/// Runs code of the composition library, which asserts where a hostile component could reach it: that is an error here.
pub(super) fn fenced<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<T, String>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(|error| chain(&*error.into())),
        Err(_) => Err("it breaks the rules of composition".to_owned()),
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_component_is_a_transporter() {
        let shape = Shape::of(smtp_guest_artifact::COMPONENT).unwrap();
        assert_eq!(shape.kind, Kind::Transporter);
        assert!(!shape.wants_transporter());
        assert_eq!(shape.size, smtp_guest_artifact::COMPONENT.len());
    }

    #[test]
    fn what_is_no_component() {
        for (bytes, words) in [
            (&b""[..], "first bytes"),
            (b"#!/bin/sh\n", "first bytes"),
            (b"\0asm\x01\0\0\0", "core module"),
            (b"\0asm", "breaks off"),
            (b"\0asm\x63\0\x01\0", "component"),
        ] {
            let error = Shape::of(bytes).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    /// Cut anywhere, and with any one byte changed here and there, it is an answer and no panic.
    #[test]
    fn damaged_components() {
        let whole = smtp_guest_artifact::COMPONENT;
        for length in (100..whole.len()).step_by(whole.len() / 97) {
            assert!(Shape::of(&whole[..length]).is_err(), "{length}");
        }
        let mut damaged = whole.to_vec();
        for at in (8..whole.len()).step_by(whole.len() / 211) {
            damaged[at] ^= 0x55;
            let _ = Shape::of(&damaged);
            damaged[at] = whole[at];
        }
    }
}
