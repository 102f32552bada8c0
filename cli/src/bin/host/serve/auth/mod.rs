//! Who asks, and what he may.

mod attempts;
mod role;
mod secret;
mod sessions;
mod tokens;

pub use attempts::Attempts;
pub use role::{Principal, Role};
pub use secret::random;
pub use sessions::Sessions;
pub use tokens::{Tokens, file};

use axum::http::{HeaderMap, header};
use std::net::IpAddr;
use std::sync::RwLock;
use std::time::Duration;

/// The name of the session's cookie; over TLS with the prefix that ties it to this very host.
const COOKIE: &str = "smtp-session";
const SECURE_COOKIE: &str = "__Host-smtp-session";

/// All that tells who asks.
#[derive(Default)]
pub struct Access {
    pub tokens: RwLock<Tokens>,
    pub sessions: Sessions,
    pub attempts: Attempts,
    pub secure: bool,
}

/// Why nobody was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nobody {
    /// Neither token nor session.
    Anonymous,
    /// A token or session that is not known.
    Unknown,
    /// Too many failures from this address.
    Wait(Duration),
}

impl Access {
    /// Whose request this is.
    pub fn who(&self, headers: &HeaderMap, peer: IpAddr) -> Result<Principal, Nobody> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let token = value.to_str().ok().and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
            });
            return self.token(token.unwrap_or_default(), peer);
        }
        let Some(cookie) = self.cookie(headers) else { return Err(Nobody::Anonymous) };
        let (name, session) = self.sessions.find(cookie).ok_or(Nobody::Unknown)?;
        let tokens = self.tokens.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let token = tokens.named(&name).ok_or(Nobody::Unknown)?;
        Ok(Principal { name, roles: token.roles.clone(), session: Some(session) })
    }

    /// Whose token this is; a wrong one counts against the address.
    pub fn token(&self, token: &str, peer: IpAddr) -> Result<Principal, Nobody> {
        if let Some(wait) = self.attempts.wait(peer) {
            return Err(Nobody::Wait(wait));
        }
        let tokens = self.tokens.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        match tokens.find(token) {
            Some(token) => Ok(Principal { name: token.name.clone(), roles: token.roles.clone(), session: None }),
            None => {
                self.attempts.failed(peer);
                Err(Nobody::Unknown)
            }
        }
    }

    /// What the session's cookie says.
    pub fn cookie<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let name = self.cookie_name();
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        cookies.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
    }

    /// The header that begins a session, or with an empty text ends it.
    pub fn set_cookie(&self, cookie: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = if cookie.is_empty() { "; Max-Age=0" } else { "" };
        format!("{}={cookie}; Path=/; HttpOnly; SameSite=Strict{secure}{age}", self.cookie_name())
    }

    fn cookie_name(&self) -> &'static str {
        if self.secure { SECURE_COOKIE } else { COOKIE }
    }
}
