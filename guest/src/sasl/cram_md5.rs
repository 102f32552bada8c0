//! CRAM-MD5, RFC 2195.

use core::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;

use super::exchange::Steps;
use super::{Credentials, Error, wire};

/// A keyed digest of the server's challenge. The password is not prepared: RFC 2195 knows nothing of it, and servers
/// keep the bytes that they were given.
pub struct CramMd5 {
    user: String,
    keyed: Option<Hmac<Md5>>,
}

impl CramMd5 {
    pub fn new(credentials: &Credentials) -> Result<CramMd5, Error> {
        let user = wire::without(credentials.user()?, |c| c.is_ascii_control(), "the user name")?;
        Ok(CramMd5 { user, keyed: Hmac::new_from_slice(credentials.password()?.as_bytes()).ok() })
    }
}

impl Steps for CramMd5 {
    fn respond(&mut self, challenge: &str) -> Result<Vec<u8>, Error> {
        let keyed = self.keyed.take().ok_or(Error::Unexpected)?;
        let digest = keyed.chain_update(wire::decode(challenge)?).finalize().into_bytes();
        let mut response = format!("{} ", self.user);
        for byte in digest {
            let _ = write!(response, "{byte:02x}");
        }
        Ok(response.into_bytes())
    }

    fn public(&self) -> usize {
        self.user.len() + 1
    }
}
