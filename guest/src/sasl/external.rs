//! EXTERNAL, RFC 4422 appendix A: the client certificate has said who we are.

use super::exchange::Steps;
use super::{Credentials, Error, wire};

/// One response: the identity to act as, or nothing for the one in the certificate.
pub struct External {
    identity: String,
}

impl External {
    pub fn new(credentials: &Credentials) -> Result<External, Error> {
        let identity = credentials.user.as_deref().unwrap_or_default();
        Ok(External { identity: wire::without(identity, |c| c == '\0', "the user name")? })
    }
}

impl Steps for External {
    fn initial(&mut self) -> Option<Vec<u8>> {
        Some(core::mem::take(&mut self.identity).into_bytes())
    }

    fn respond(&mut self, _: &str) -> Result<Vec<u8>, Error> {
        Err(Error::Unexpected)
    }
}
