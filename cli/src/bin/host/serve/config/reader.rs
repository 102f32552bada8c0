//! Values of the configuration: numbers within limits, files, secrets, URLs; each error knows its place.

use std::fmt::Display;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;

use super::place::ConfigError;
use crate::options::Url;

pub type Result<T> = std::result::Result<T, ConfigError>;

/// Values that are longer than this are no secret and no certificate.
const LARGEST_FILE: u64 = 4 << 20;

/// The file that is being read.
pub struct Source<'a> {
    pub path: &'a Path,
    pub text: &'a str,
}

impl Source<'_> {
    /// An error about the value at `span`.
    pub fn wrong(&self, span: Range<usize>, why: &str) -> ConfigError {
        ConfigError::at(self.path, self.text, span, why)
    }

    /// Relative names are those of the configuration file's folder.
    pub fn path(&self, name: &Path) -> PathBuf {
        let path = self.path.parent().unwrap_or(Path::new("")).join(name);
        std::path::absolute(&path).unwrap_or(path)
    }

    /// A number from `least` to `most`.
    pub fn number<T: Copy + PartialOrd + Display>(
        &self,
        value: &Option<Spanned<T>>,
        default: T,
        least: T,
        most: T,
    ) -> Result<T> {
        let Some(spanned) = value else { return Ok(default) };
        let value = *spanned.get_ref();
        if value < least || value > most {
            return Err(self.wrong(spanned.span(), &format!("it is a number from {least} to {most}")));
        }
        Ok(value)
    }

    /// The content of a file that the configuration names.
    pub fn bytes(&self, name: &Spanned<PathBuf>) -> Result<Vec<u8>> {
        let path = self.path(name.get_ref());
        let unreadable =
            |why: &dyn Display| self.wrong(name.span(), &format!("'{}' can't be read: {why}", path.display()));
        let about = std::fs::metadata(&path).map_err(|error| unreadable(&error))?;
        if !about.is_file() || about.len() > LARGEST_FILE {
            return Err(unreadable(&"it is no regular file of at most 4 MiB"));
        }
        std::fs::read(&path).map_err(|error| unreadable(&error))
    }

    /// A secret from a file (without the line end that editors put behind it) or from the environment.
    pub fn secret(
        &self,
        file: Option<&Spanned<PathBuf>>,
        variable: Option<&Spanned<String>>,
    ) -> Result<Option<String>> {
        let (secret, span) = match (file, variable) {
            (Some(_), Some(variable)) => {
                return Err(
                    self.wrong(variable.span(), "the secret comes from a file or from the environment, not from both")
                );
            }
            (Some(file), None) => {
                let text = String::from_utf8(self.bytes(file)?);
                let text = text.map_err(|_| self.wrong(file.span(), "the file is not UTF-8 text"))?;
                let line = text.strip_suffix('\n').unwrap_or(&text);
                (line.strip_suffix('\r').unwrap_or(line).to_owned(), file.span())
            }
            (None, Some(variable)) => {
                let text = std::env::var(variable.get_ref());
                (
                    text.map_err(|_| self.wrong(variable.span(), "the environment has no such variable"))?,
                    variable.span(),
                )
            }
            (None, None) => return Ok(None),
        };
        if secret.is_empty() {
            return Err(self.wrong(span, "nothing but an empty text stands there"));
        }
        Ok(Some(secret))
    }

    /// A URL without a password.
    pub fn url(&self, url: &Spanned<String>, schemes: &[&str]) -> Result<Url> {
        let parsed = Url::parse("it", schemes, url.get_ref());
        parsed.map_err(|failure| self.wrong(url.span(), failure.message.trim_start_matches("it: ")))
    }

    /// A host name or address literal.
    pub fn domain(&self, name: &Spanned<String>) -> Result<String> {
        smtp_cli::mailbox::domain::check(name.get_ref()).map_err(|(_, why)| self.wrong(name.span(), &why))?;
        Ok(name.get_ref().clone())
    }
}
