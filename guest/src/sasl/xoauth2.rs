//! XOAUTH2, as Google wrote it down and others took it over.

use super::exchange::Steps;
use super::{Credentials, Error, wire};

/// User and token in one response. A server that refuses them sends a JSON first and wants an empty response to it.
pub struct XOAuth2 {
    response: Vec<u8>,
    refusal: Option<String>,
}

impl XOAuth2 {
    pub fn new(credentials: &Credentials) -> Result<XOAuth2, Error> {
        let user = wire::without(credentials.user()?, |c| c.is_ascii_control(), "the user name")?;
        let token = wire::without(credentials.token()?, |c| c.is_ascii_control(), "the access token")?;
        Ok(XOAuth2 { response: format!("user={user}\x01auth=Bearer {token}\x01\x01").into_bytes(), refusal: None })
    }
}

impl Steps for XOAuth2 {
    fn initial(&mut self) -> Option<Vec<u8>> {
        Some(core::mem::take(&mut self.response))
    }

    fn respond(&mut self, challenge: &str) -> Result<Vec<u8>, Error> {
        if self.refusal.is_some() {
            return Err(Error::Unexpected);
        }
        self.refusal = Some(wire::decode_text(challenge)?);
        Ok(Vec::new())
    }

    fn oauth_error(&self) -> Option<&str> {
        self.refusal.as_deref()
    }
}
