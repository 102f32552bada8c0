//! What a named secret is wanted for, and whether one that is bound to servers may serve that.
//!
//! Who writes the settings may be hostile: it must not get a bound secret to another server than its own, neither by naming
//! that server, nor by a proxy that stands in for the right one, nor by a certificate that it trusts itself.

use crate::policy::Policy;
use crate::tls_sockets::Host;

/// Where a secret goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purpose<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) hazard: Option<Hazard>,
}

/// What lets somebody else than the server have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hazard {
    /// A proxy that the settings chose.
    OwnProxy,
    /// Roots or a pin that the settings chose.
    OwnTrust,
    /// Perhaps no TLS.
    Clear,
}

impl<'a> Purpose<'a> {
    /// A use that shows the secret to nobody in between: a key that only signs, or a password for a proxy.
    pub(crate) fn safe(host: &'a str, port: u16) -> Self {
        Self { host, port, hazard: None }
    }

    /// The error names the grant.
    pub(super) fn check(&self, name: &str, to: &Policy) -> Result<(), String> {
        let name = name.escape_debug();
        let host: Host = self.host.parse()?;
        if to.check(&host, self.port).is_err() {
            let target = host.with_port(self.port);
            return Err(format!(
                "the secret '{name}' is not for {target}; --secret '{name}=FILE;to={target}' would let it"
            ));
        }
        let words = match self.hazard {
            None => return Ok(()),
            Some(Hazard::OwnProxy) => {
                "goes through no proxy that the settings choose, since it is bound to a server; --proxy would choose one"
            }
            Some(Hazard::OwnTrust) => {
                "goes to no server that is believed for the settings' own roots or pin, since it is bound to a server; \
                 --ca-file would say whom to believe"
            }
            Some(Hazard::Clear) => {
                "goes over no connection that may do without TLS, since it is bound to a server; --secret without ;to= \
                 would let it"
            }
        };
        Err(format!("the secret '{name}' {words}"))
    }
}
