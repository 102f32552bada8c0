//! What a component says of itself, as `host inspect` tells it.

use serde::Serialize;
use smtp_host::plugin::About;

use crate::terminal;

/// The component's own words, which nobody vouches for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licenses: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authors: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    producers: Vec<String>,
    packages: Vec<Package>,
}

#[derive(Serialize)]
struct Package {
    name: String,
    version: String,
    source: String,
    /// `runtime`, or `build` where nothing of it is in the component.
    kind: &'static str,
}

impl From<About> for Metadata {
    fn from(about: About) -> Metadata {
        let package = |package: smtp_host::plugin::Package| Package {
            kind: if package.is_build { "build" } else { "runtime" },
            name: package.name,
            version: package.version,
            source: package.source,
        };
        Metadata {
            name: about.name,
            version: about.version,
            description: about.description,
            licenses: about.licenses,
            authors: about.authors,
            source: about.source,
            homepage: about.homepage,
            revision: about.revision,
            producers: about.producers,
            packages: about.packages.into_iter().map(package).collect(),
        }
    }
}

impl Metadata {
    /// Some lines, or none where it says nothing.
    pub fn prose(&self) -> String {
        let fields = [
            ("name", &self.name),
            ("version", &self.version),
            ("description", &self.description),
            ("licence", &self.licenses),
            ("authors", &self.authors),
            ("source", &self.source),
            ("homepage", &self.homepage),
            ("revision", &self.revision),
        ];
        let mut lines = String::new();
        let mut say = |what: &str, text: &str| lines.push_str(&format!("  {what:11}  {}\n", terminal::safe(text)));
        for (what, text) in fields {
            if let Some(text) = text {
                say(what, text);
            }
        }
        if !self.producers.is_empty() {
            say("made by", &self.producers.join(", "));
        }
        if !self.packages.is_empty() {
            let inside = self.packages.iter().filter(|package| package.kind == "runtime").count();
            say(
                "packages",
                &format!("{inside} inside it, {} to build it; --json lists them", self.packages.len() - inside),
            );
        }
        if lines.is_empty() { lines } else { format!("Says of itself:\n{lines}") }
    }
}
