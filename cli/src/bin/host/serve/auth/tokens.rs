//! The tokens: who has one and what it is good for; a file keeps their digests.

use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use subtle::ConstantTimeEq;

use super::role::Role;
use super::secret;

/// What stands before a token, so that a leaked one is recognised.
const PREFIX: &str = "smtp_";
/// Tokens that the file may hold.
const MOST: usize = 10_000;

/// The known tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    tokens: Vec<Token>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub name: String,
    pub roles: Vec<Role>,
    /// SHA-256, base64.
    hash: String,
}

/// The file in the folder of the service's state.
pub fn file(state: &Path) -> PathBuf {
    state.join("tokens.json")
}

impl Tokens {
    /// Reads the file; `None` where there is none.
    pub fn read(path: &Path) -> io::Result<Option<Tokens>> {
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let tokens: Tokens = serde_json::from_slice(&text)?;
        Ok(Some(tokens))
    }

    /// Writes the file, readable to its owner alone; the old one stays until the new one is whole.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let new = path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        std::fs::rename(&new, path)
    }

    /// Makes a token; the text that is returned is told once and not kept.
    pub fn add(&mut self, name: &str, roles: Vec<Role>) -> Result<String, &'static str> {
        let plain = !name.is_empty()
            && name.len() <= 64
            && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
        if !plain {
            return Err("a token's name has up to 64 ASCII letters, digits, '-', '_' and '.'");
        }
        if self.tokens.iter().any(|token| token.name == name) {
            return Err("there is a token of this name: remove it first");
        }
        if self.tokens.len() >= MOST {
            return Err("there are too many tokens");
        }
        let random = secret::random().ok_or("this machine has no randomness")?;
        let token = format!("{PREFIX}{random}");
        self.tokens.push(Token { name: name.to_owned(), roles, hash: secret::hash(&token) });
        Ok(token)
    }

    /// Whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.tokens.len();
        self.tokens.retain(|token| token.name != name);
        self.tokens.len() < before
    }

    /// Whose token this is. Takes as long whether one fits or not.
    pub fn find(&self, token: &str) -> Option<&Token> {
        let hash = secret::hash(token);
        let mut found = None;
        for known in &self.tokens {
            if bool::from(known.hash.as_bytes().ct_eq(hash.as_bytes())) {
                found = Some(known);
            }
        }
        found
    }

    /// The token of that name.
    pub fn named(&self, name: &str) -> Option<&Token> {
        self.tokens.iter().find(|token| token.name == name)
    }

    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_kept_as_digest_and_found() {
        let folder = std::env::temp_dir().join(format!("smtp-tokens-{}", std::process::id()));
        let path = file(&folder);
        assert_eq!(Tokens::read(&path).unwrap(), None);
        let mut tokens = Tokens::default();
        let token = tokens.add("ana", vec![Role::Send]).unwrap();
        assert!(tokens.add("ana", vec![]).is_err() && tokens.add("a b", vec![]).is_err());
        tokens.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&token) && text.contains("\"send\""));
        let read = Tokens::read(&path).unwrap().unwrap();
        assert_eq!(read.find(&token).unwrap().name, "ana");
        assert_eq!(read.find("smtp_"), None);
        assert!(tokens.remove("ana") && !tokens.remove("ana"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
