//! `secret` of `wit/secrets.wit`, written by hand for the sake of its `Debug`.

use std::fmt;

use wasmtime::component::{ComponentType, Lift, Lower};
use zeroize::Zeroize;

/// A password, a token, or a private key. It has no `Display`, its `Debug` is `***` in every build, and its memory is
/// wiped when it goes.
///
/// ```
/// let password = smtp_host::Secret::from("wonder land");
/// assert_eq!(format!("{password:?}"), "***");
/// ```
#[derive(Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(variant)]
pub enum Secret {
    /// The credential itself.
    #[component(name = "value")]
    Value(String),
    /// The credential that the host was given under this name, by `HostBuilder::secret` or `SmtpCtxBuilder::secret`.
    #[component(name = "named")]
    Named(String),
}

impl Secret {
    /// The credential that the host was given under this name.
    pub fn named(name: impl Into<String>) -> Secret {
        Secret::Named(name.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Secret {
        Secret::Value(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Secret {
        Secret::Value(value.to_owned())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        match self {
            Secret::Value(text) | Secret::Named(text) => text.zeroize(),
        }
    }
}
