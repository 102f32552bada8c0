//! OAUTHBEARER, RFC 7628.

use super::exchange::Steps;
use super::{Credentials, Error, wire};

/// The token with where it is meant for. A server that refuses it sends a JSON first and wants a lone 0x01 in answer.
pub struct OAuthBearer {
    response: Vec<u8>,
    refusal: Option<String>,
}

impl OAuthBearer {
    pub fn new(credentials: &Credentials, host: &str, port: u16) -> Result<OAuthBearer, Error> {
        let token = wire::without(credentials.token()?, |c| c.is_ascii_control(), "the access token")?;
        // The user is optional here: the token itself names one.
        let user =
            wire::without(credentials.user.as_deref().unwrap_or_default(), |c| c.is_ascii_control(), "the user name")?;
        let identity = if user.is_empty() { String::new() } else { format!("a={}", wire::escape_name(&user)) };
        let response = format!("n,{identity},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01");
        Ok(OAuthBearer { response: response.into_bytes(), refusal: None })
    }
}

impl Steps for OAuthBearer {
    fn initial(&mut self) -> Option<Vec<u8>> {
        Some(core::mem::take(&mut self.response))
    }

    fn respond(&mut self, challenge: &str) -> Result<Vec<u8>, Error> {
        if self.refusal.is_some() {
            return Err(Error::Unexpected);
        }
        self.refusal = Some(wire::decode_text(challenge)?);
        Ok(vec![0x01])
    }

    fn oauth_error(&self) -> Option<&str> {
        self.refusal.as_deref()
    }
}
