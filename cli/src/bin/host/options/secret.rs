//! Passwords and tokens: from a file or from the environment, never from the command line.

use std::path::{Path, PathBuf};

use smtp_host::Secret;

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

/// `NAME=FILE`: the name, and the file's text.
pub fn named(given: &str) -> Result<(String, String), Failure> {
    let (name, file) = given
        .split_once('=')
        .filter(|(name, file)| !name.is_empty() && !file.is_empty())
        .ok_or_else(|| Failure::usage("--secret: it is NAME=FILE, a name and the file with the secret"))?;
    let secret = from_file(Path::new(file), "--secret")?;
    if secret.is_empty() {
        return Err(Failure::usage(format!("--secret: nothing but an empty text stands in the file of '{name}'")));
    }
    Ok((name.to_owned(), secret))
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
