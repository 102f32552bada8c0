//! Where in a configuration file something is wrong: its line and its key.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use crate::terminal::safe;

/// What is wrong with a configuration file; never repeats a value, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl ConfigError {
    /// About the file as a whole.
    pub fn of_file(path: &Path, why: &str) -> ConfigError {
        ConfigError(format!("{}: {why}", safe(&path.to_string_lossy())))
    }

    /// About the place in `text` that `span` names.
    pub fn at(path: &Path, text: &str, span: Range<usize>, why: &str) -> ConfigError {
        let line = text[..span.start.min(text.len())].matches('\n').count() + 1;
        let source = text.lines().nth(line - 1).unwrap_or_default().trim();
        let key = match source.split_once('=') {
            Some((key, _)) => key.trim(),
            None => source,
        };
        ConfigError(format!("{}:{line}: {}: {}", safe(&path.to_string_lossy()), safe(key), safe(why)))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_and_key() {
        let text = "[transporter.a]\nserver = \"x\"\nuser = 7\n";
        let span = text.find('7').map(|at| at..at + 1).unwrap();
        let error = ConfigError::at(Path::new("s.toml"), text, span, "it is a number");
        assert_eq!(error.to_string(), "s.toml:3: user: it is a number");
        let error = ConfigError::at(Path::new("s.toml"), text, 0..5, "no");
        assert_eq!(error.to_string(), "s.toml:1: [transporter.a]: no");
    }
}
