//! What a component says of itself: its custom sections, which nobody vouches for.

use auditable_serde::DependencyKind;
use wasm_metadata::{Metadata, Payload};

use super::ComponentError;
use super::shape::fenced;

/// What stands in a component's metadata. Every text is the component's own: it may be wrong, and hold control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// What it does, in a sentence.
    pub description: Option<String>,
    /// An SPDX license expression.
    pub licenses: Option<String>,
    /// Who is responsible.
    pub authors: Option<String>,
    /// Where its source is.
    pub source: Option<String>,
    /// Where more is told of it.
    pub homepage: Option<String>,
    /// The commit it was built from.
    pub revision: Option<String>,
    /// Languages and tools: `language Rust`, `processed-by rustc 1.95.0`.
    pub producers: Vec<String>,
    /// The packages it was built from, as cargo-auditable lists them; empty where it does not say.
    pub packages: Vec<Package>,
}

/// One of the packages that a component was built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name in its registry.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `crates.io`, `local`, `git`, `registry`, or another word.
    pub source: String,
    /// Whether it only took part in building, and nothing of it is in the component.
    pub is_build: bool,
}

impl About {
    /// Reads the metadata of a component. A list of packages that unfolds to more than 2 MiB is an error.
    ///
    /// # Errors
    /// [`ComponentError::Metadata`], also where only one of the sections is not as it should be.
    pub fn of(component: &[u8]) -> Result<About, ComponentError> {
        let payload = fenced(|| Payload::from_binary(component)).map_err(ComponentError::Metadata)?;
        Ok(About::from(payload.metadata()))
    }
}

impl From<&Metadata> for About {
    fn from(given: &Metadata) -> About {
        fn text(given: &Option<impl ToString>) -> Option<String> {
            given.as_ref().map(ToString::to_string)
        }
        let mut producers = Vec::new();
        for (field, tools) in given.producers.iter().flat_map(|producers| producers.iter()) {
            producers
                .extend(tools.iter().map(|(tool, version)| format!("{field} {tool} {version}").trim_end().to_owned()));
        }
        let packages = given.dependencies.iter().flat_map(|list| &list.version_info().packages);
        About {
            name: given.name.clone(),
            version: text(&given.version),
            description: text(&given.description),
            licenses: text(&given.licenses),
            authors: text(&given.authors),
            source: text(&given.source),
            homepage: text(&given.homepage),
            revision: text(&given.revision),
            producers,
            packages: packages.map(Package::from).collect(),
        }
    }
}

impl From<&auditable_serde::Package> for Package {
    fn from(given: &auditable_serde::Package) -> Package {
        Package {
            name: given.name.clone(),
            version: given.version.to_string(),
            source: given.source.clone().into(),
            is_build: given.kind == DependencyKind::Build,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_component_says_what_it_is() {
        let about = About::of(smtp_guest_artifact::COMPONENT).unwrap();
        assert_eq!(about.name.as_deref(), Some("smtp-transporter"));
        assert_eq!(about.version.as_deref(), Some(env!("CARGO_PKG_VERSION")));
        assert_eq!(about.licenses.as_deref(), Some("MIT OR Apache-2.0"));
        assert!(about.producers.iter().any(|tool| tool == "language Rust"), "{:?}", about.producers);
        let package = |name: &str| about.packages.iter().find(|package| package.name == name);
        assert_eq!(package("smtp-guest").unwrap().source, "local");
        assert!(!package("sha2").unwrap().is_build);
        assert!(package("wit-bindgen-rust-macro").unwrap().is_build);
        assert_eq!(package("tokio"), None);
        // Scanners look no further than to the end of the first module.
        let start = &smtp_guest_artifact::COMPONENT[..4096];
        assert!(start.windows(7).any(|name| name == b".dep-v0"));
    }

    /// Cut anywhere, and with one byte of the metadata changed here and there, it is an answer and no panic.
    #[test]
    fn damaged_metadata() {
        let whole = smtp_guest_artifact::COMPONENT;
        for length in (8..2048).chain(whole.len() - 512..whole.len()).step_by(31) {
            let _ = About::of(&whole[..length]);
        }
        let mut damaged = whole.to_vec();
        for at in (8..2048).step_by(11) {
            damaged[at] ^= 0x55;
            let _ = About::of(&damaged);
            damaged[at] = whole[at];
        }
    }

    #[test]
    fn a_license_that_is_none_is_an_error() {
        let mut component = b"\0asm\x0d\0\x01\0".to_vec();
        assert_eq!(About::of(&component), Ok(About::default()));
        component.extend(b"\0\x11\x08licensesno licen");
        let error = About::of(&component).unwrap_err().to_string();
        assert!(error.starts_with("what it says of itself can't be read: "), "{error}");
    }
}
