//! What the session is told beforehand.

use super::domain::{EhloName, Host};
use crate::error::{Error, Kind, Phase, Retry};
use crate::sasl::{Credentials, Mechanism, Mode};

/// Which server, as whom, and how. What a connection needs besides (trust, proxy) is the host's matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The server.
    pub host: Host,
    /// TCP port.
    pub port: u16,
    /// TLS starts with the connection (true) or by STARTTLS (false). None: with the connection on port 465 alone.
    pub tls_at_once: Option<bool>,
    /// None: no authentication, whatever is offered.
    pub credentials: Option<Credentials>,
    /// None: the best that is offered.
    pub mode: Option<Mode>,
    /// Go on in the clear where TLS can't be had.
    pub accept_unsecure: bool,
    /// What EHLO says; none: the address literal of the socket.
    pub ehlo_name: Option<EhloName>,
    /// AUTH carries the first response where the mechanism has one.
    pub initial_response: bool,
    /// Commands are sent ahead where the server offers PIPELINING.
    pub pipelining: bool,
    /// Content goes by BDAT where the server offers CHUNKING.
    pub chunking: bool,
    /// Milliseconds from the start of connecting until the server has greeted and TLS, by STARTTLS too, is up.
    pub connect_limit_ms: u32,
    /// Milliseconds that one task may take.
    pub send_limit_ms: u32,
    /// The connection stays open for the next mail.
    pub keep_alive: bool,
}

impl Settings {
    /// The defaults: port 587, STARTTLS required, everything used where it is offered, 30 and 100 seconds.
    pub fn new(host: Host) -> Settings {
        Settings {
            host,
            port: 587,
            tls_at_once: None,
            credentials: None,
            mode: None,
            accept_unsecure: false,
            ehlo_name: None,
            initial_response: true,
            pipelining: true,
            chunking: true,
            connect_limit_ms: 30_000,
            send_limit_ms: 100_000,
            keep_alive: true,
        }
    }

    /// Whether TLS starts with the connection.
    pub fn tls_at_once(&self) -> bool {
        self.tls_at_once.unwrap_or(self.port == 465)
    }

    /// Whether the settings fit together.
    ///
    /// # Errors
    /// Where they don't: which ones, and what to do about it.
    pub fn check(&self) -> Result<(), Error> {
        if self.port == 0 {
            return Err(Error::input("port 0 can't be connected to: give 1 to 65535, 587 or 465 as a rule"));
        }
        if self.connect_limit_ms == 0 || self.send_limit_ms == 0 {
            return Err(Error::input("a time limit of 0 leaves no time: give 1 second at least"));
        }
        let Some(credentials) = &self.credentials else {
            return match self.mode {
                None | Some(Mode::Mechanism(Mechanism::External)) => Ok(()),
                Some(mode) => Err(contradiction(format!(
                    "authentication by {} is asked for and nothing is given to authenticate with: give a user and a \
                     password or an access token",
                    mode_name(mode)
                ))),
            };
        };
        let user = credentials.user.as_deref().is_some_and(|user| !user.is_empty());
        let (password, token) = (credentials.password.is_some(), credentials.token.is_some());
        match self.mode {
            Some(Mode::Mechanism(Mechanism::External)) => Ok(()),
            Some(mode @ (Mode::OAuth2 | Mode::Mechanism(Mechanism::XOAuth2 | Mechanism::OAuthBearer))) if !token => {
                Err(contradiction(format!(
                    "authentication by {} needs an access token, and none is given",
                    mode_name(mode)
                )))
            }
            Some(mode @ Mode::Mechanism(mechanism)) if !password && !is_oauth(mechanism) => {
                Err(contradiction(format!("authentication by {} needs a password, and none is given", mode_name(mode))))
            }
            _ if !password && !token => Err(contradiction(
                "a user is given without a password or an access token: give one, or leave the user out",
            )),
            // OAUTHBEARER alone does without: the token says whose it is.
            _ if !user && password => Err(contradiction("a password is given without a user: whose is it?")),
            _ => Ok(()),
        }
    }
}

fn is_oauth(mechanism: Mechanism) -> bool {
    matches!(mechanism, Mechanism::XOAuth2 | Mechanism::OAuthBearer)
}

fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Mechanism(mechanism) => mechanism.name(),
        Mode::OAuth2 => "OAuth 2.0",
    }
}

fn contradiction(message: impl Into<String>) -> Error {
    Error::new(Phase::Input, Kind::ContradictingSettings, Retry::AfterChange, message)
}

#[cfg(test)]
#[path = "tests/settings.rs"]
mod tests;
