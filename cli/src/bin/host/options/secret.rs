//! Passwords and tokens: from a file or from the environment, never from the command line.

use std::path::{Path, PathBuf};

use smtp_host::Secret;
use smtp_host::policy::{Grant, Policy};

use crate::exit::Failure;

/// Where a secret may come from.
pub struct Sources<'a> {
    /// `--password-file` or `--token-file`.
    pub file: Option<&'a PathBuf>,
    pub file_option: &'static str,
    /// `--password-env` or `--token-env`.
    pub variable: Option<&'a str>,
    pub variable_option: &'static str,
    /// The variable that is looked at where no option says anything.
    pub default_variable: &'static str,
}

impl Sources<'static> {
    /// Where the proxy of a component has its password from.
    pub fn proxy_password() -> Self {
        Sources {
            file: None,
            file_option: "",
            variable: None,
            variable_option: "",
            default_variable: "SMTP_PROXY_PASSWORD",
        }
    }
}

impl Sources<'_> {
    /// The secret, where there is one.
    pub fn read(&self) -> Result<Option<Secret>, Failure> {
        if self.file.is_some() && self.variable.is_some() {
            return Err(Failure::usage(format!("{} or {}: not both", self.file_option, self.variable_option)));
        }
        let secret = match (self.file, self.variable) {
            (Some(file), _) => Some(from_file(file, self.file_option)?),
            (None, Some(name)) => Some(from_environment(name, self.variable_option)?.ok_or_else(|| {
                Failure::usage(format!("{}: the environment has no variable '{name}'", self.variable_option))
            })?),
            (None, None) => {
                let text = from_environment(self.default_variable, self.default_variable)?;
                text.filter(|text| !text.is_empty())
            }
        };
        match secret {
            Some(secret) if secret.is_empty() => {
                let option = if self.file.is_some() { self.file_option } else { self.variable_option };
                Err(Failure::usage(format!("{option}: nothing but an empty text stands there")))
            }
            secret => Ok(secret.map(Secret::from)),
        }
    }
}

/// A secret that settings may name.
pub struct NamedSecret {
    pub name: String,
    pub value: String,
    /// None: it may go wherever the component may.
    pub to: Option<Policy>,
}

/// `NAME=FILE[;to=HOST[:PORT]]…`
pub fn named(given: &str) -> Result<NamedSecret, Failure> {
    let mut parts = given.split(";to=");
    let (name, file) = parts
        .next()
        .and_then(|secret| secret.split_once('='))
        .filter(|(name, file)| !name.is_empty() && !file.is_empty())
        .ok_or_else(|| {
            Failure::usage("--secret: it is NAME=FILE[;to=HOST[:PORT]], a name and the file with the secret")
        })?;
    let mut to = None;
    for server in parts {
        let grant = server_of(server).map_err(|why| Failure::usage(format!("--secret {name}: {why}")))?;
        to.get_or_insert_with(Policy::none).allow(grant);
    }
    let secret = from_file(Path::new(file), "--secret")?;
    if secret.is_empty() {
        return Err(Failure::usage(format!("--secret: nothing but an empty text stands in the file of '{name}'")));
    }
    Ok(NamedSecret { name: name.to_owned(), value: secret, to })
}

/// As in `--allow`; without a port it is every port.
fn server_of(text: &str) -> Result<Grant, String> {
    let has_port = text.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'));
    if has_port { text.parse() } else { format!("{text}:*").parse() }
}

/// The file's text without the line end that editors put behind it.
fn from_file(path: &Path, option: &str) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::data(format!("{option}: the file is not UTF-8 text")))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

fn from_environment(name: &str, option: &str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(text)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Failure::data(format!("{option}: the variable '{name}' is not UTF-8 text")))
        }
    }
}
