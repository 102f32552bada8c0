//! PLAIN, RFC 4616.

use super::exchange::Steps;
use super::{Credentials, Error, wire};

/// User and password in one response. Neither is prepared here: RFC 4616 section 2 leaves that to the server, and
/// many servers compare bytes.
pub struct Plain {
    response: Vec<u8>,
}

impl Plain {
    pub fn new(credentials: &Credentials) -> Result<Plain, Error> {
        let user = wire::without(credentials.user()?, |c| c == '\0', "the user name")?;
        let password = wire::without(credentials.password()?, |c| c == '\0', "the password")?;
        Ok(Plain { response: format!("\0{user}\0{password}").into_bytes() })
    }
}

impl Steps for Plain {
    fn initial(&mut self) -> Option<Vec<u8>> {
        Some(core::mem::take(&mut self.response))
    }

    fn respond(&mut self, _: &str) -> Result<Vec<u8>, Error> {
        Err(Error::Unexpected)
    }
}
