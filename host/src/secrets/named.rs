//! The credentials that a host holds for its guests.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::Secret;

/// Credentials by name, for settings that say [`Secret::Named`]. Nothing is granted by default. Clones share them until one
/// is changed.
#[derive(Clone, Default)]
pub struct NamedSecrets(Arc<BTreeMap<String, Zeroizing<String>>>);

impl NamedSecrets {
    /// Grants one more; a name that is there already gets the new value.
    pub fn grant(&mut self, name: impl Into<String>, value: impl Into<String>) {
        Arc::make_mut(&mut self.0).insert(name.into(), Zeroizing::new(value.into()));
    }

    /// The credential of this name.
    ///
    /// # Errors
    /// Where it was not granted: what would grant it, in words.
    pub fn find(&self, name: &str) -> Result<&str, String> {
        self.0.get(name).map(|value| value.as_str()).ok_or_else(|| {
            format!(
                "the host was given no secret named '{}': whoever runs the host grants it under that name, or the settings \
                 give its value",
                name.escape_debug()
            )
        })
    }

    /// What a secret stands for.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn reveal<'a>(&'a self, secret: &'a Secret) -> Result<&'a str, String> {
        match secret {
            Secret::Value(value) => Ok(value),
            Secret::Named(name) => self.find(name),
        }
    }
}

/// The names alone.
impl fmt::Debug for NamedSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
