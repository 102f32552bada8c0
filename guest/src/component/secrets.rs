//! `secret` of the interface, written by hand for the sake of its `Debug`.

use super::bindings::smtp::transporter::tls_sockets;
use super::network::HostNetwork;
use crate::error::{Kind, Phase, Retry};
use crate::{Error, secret};

/// A credential, or the name under which the host has it.
#[derive(Clone)]
pub enum Secret {
    /// The credential itself.
    Value(String),
    /// Its name with the host.
    Named(String),
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("***")
    }
}

impl Secret {
    /// What it stands for; the host is asked where it has only a name, and told where it will go.
    pub(super) fn reveal(&self, to: &HostNetwork, in_the_clear: bool) -> Result<secret::Secret, Error> {
        let tls = (!in_the_clear).then_some(&to.tls);
        match self {
            Secret::Value(value) => Ok(secret::Secret::new(value.as_str())),
            Secret::Named(name) => match tls_sockets::credential(name, &to.endpoint, tls) {
                Ok(value) => Ok(secret::Secret::new(value)),
                Err(denied) => Err(Error::new(Phase::Policy, Kind::Denied, Retry::AfterChange, denied)),
            },
        }
    }
}
