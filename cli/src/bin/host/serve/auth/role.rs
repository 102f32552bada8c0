//! What somebody may do.

use serde::{Deserialize, Serialize};

/// A right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sends mail and checks transporters.
    Send,
    /// Sees the log, the conversations and the figures.
    Read,
    /// Everything; starts and stops the log, reloads the configuration.
    Administer,
}

impl Role {
    pub fn word(self) -> &'static str {
        match self {
            Role::Send => "send",
            Role::Read => "read",
            Role::Administer => "administer",
        }
    }

    pub fn parse(word: &str) -> Option<Role> {
        [Role::Send, Role::Read, Role::Administer].into_iter().find(|role| role.word() == word)
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The token's name.
    pub name: String,
    pub roles: Vec<Role>,
    /// Where a session of the page stands behind it.
    pub session: Option<Session>,
}

/// What a handler needs of a session.
#[derive(Clone, Debug)]
pub struct Session {
    pub csrf: String,
}

impl Principal {
    pub fn may(&self, role: Role) -> bool {
        self.roles.contains(&role) || self.roles.contains(&Role::Administer)
    }
}
