//! The credentials that a host holds for its guests.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::Secret;
use super::purpose::Purpose;
use crate::policy::Policy;

/// Credentials by name, for settings that say [`Secret::Named`]. Nothing is granted by default. Clones share them until one
/// is changed.
#[derive(Clone, Default)]
pub struct NamedSecrets(Arc<BTreeMap<String, Named>>);

#[derive(Clone)]
struct Named {
    value: Zeroizing<String>,
    /// None: wherever its user may connect.
    to: Option<Policy>,
}

impl NamedSecrets {
    /// Grants one more, for every server that its user may connect to; a name that is there already gets the new value.
    pub fn grant(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.insert(name.into(), value.into(), None);
    }

    /// Grants one more, for the servers in `to` alone: under TLS, with the trust and the proxy of the host and none that
    /// the settings choose.
    pub fn grant_for(&mut self, name: impl Into<String>, value: impl Into<String>, to: Policy) {
        self.insert(name.into(), value.into(), Some(to));
    }

    fn insert(&mut self, name: String, value: String, to: Option<Policy>) {
        Arc::make_mut(&mut self.0).insert(name, Named { value: Zeroizing::new(value), to });
    }

    /// The credential of this name. The error says in words what would grant it.
    pub(crate) fn find(&self, name: &str, purpose: &Purpose) -> Result<&str, String> {
        let named = self.0.get(name).ok_or_else(|| {
            format!(
                "the host was given no secret named '{}': whoever runs the host grants it under that name, or the settings \
                 give its value",
                name.escape_debug()
            )
        })?;
        match &named.to {
            Some(to) => purpose.check(name, to).map(|()| named.value.as_str()),
            None => Ok(&named.value),
        }
    }

    /// What a secret stands for; errors as of [`find`](Self::find).
    pub(crate) fn reveal<'a>(&'a self, secret: &'a Secret, purpose: &Purpose) -> Result<&'a str, String> {
        match secret {
            Secret::Value(value) => Ok(value),
            Secret::Named(name) => self.find(name, purpose),
        }
    }
}

/// The names alone.
impl fmt::Debug for NamedSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
