//! Authentication, RFC 4422: one file a mechanism, each a few steps without I/O.

mod choose;
mod cram_md5;
mod error;
mod exchange;
mod external;
mod login;
mod mechanism;
mod oauth_bearer;
mod plain;
mod prepare;
mod scram;
mod wire;
mod xoauth2;

pub use choose::{ChooseError, choose};
pub use error::Error;
pub use exchange::{Exchange, Step};
pub use mechanism::{Mechanism, Mode};

use crate::Secret;

/// Who wants in, and what shall prove it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The user name.
    pub user: Option<String>,
    /// The password.
    pub password: Option<Secret>,
    /// The OAuth 2.0 access token.
    pub token: Option<Secret>,
}

impl Credentials {
    fn user(&self) -> Result<&str, Error> {
        self.user.as_deref().filter(|user| !user.is_empty()).ok_or(Error::Missing("a user name"))
    }

    fn password(&self) -> Result<&str, Error> {
        self.password.as_ref().map(Secret::expose).ok_or(Error::Missing("a password"))
    }

    fn token(&self) -> Result<&str, Error> {
        self.token.as_ref().map(Secret::expose).ok_or(Error::Missing("an access token"))
    }
}

#[cfg(test)]
mod tests;
