//! Which mechanism: the best that the server offers, the credentials can serve and the connection may carry.

use super::{Credentials, Mechanism, Mode};

/// The best first. XOAUTH2 stands before OAUTHBEARER because more servers have practice with it.
const WITH_TOKEN: [Mechanism; 2] = [Mechanism::XOAuth2, Mechanism::OAuthBearer];
const WITH_PASSWORD: [Mechanism; 6] = [
    Mechanism::ScramSha256Plus,
    Mechanism::ScramSha256,
    Mechanism::ScramSha1,
    Mechanism::CramMd5,
    Mechanism::Plain,
    Mechanism::Login,
];

/// Why no mechanism can be used. Its text says what the server offers and what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChooseError {
    /// The server offers no authentication.
    NotOffered {
        /// Whether the connection is encrypted: many servers offer it only then.
        secured: bool,
    },
    /// It offers none of those that were asked for or that the credentials can serve.
    NoneInCommon {
        /// Those that were looked for, the best first.
        wanted: Vec<Mechanism>,
        /// What the server offers, as it wrote it.
        offered: Vec<String>,
    },
    /// The only ones that remain would show the secret to whoever reads the connection.
    Unsecured {
        /// Those that remain.
        remaining: Vec<Mechanism>,
        /// What the server offers, as it wrote it.
        offered: Vec<String>,
    },
    /// The mechanism that was asked for must be bound to TLS, and there is nothing to bind it to.
    NoChannelBinding {
        /// The mechanism.
        mechanism: Mechanism,
    },
    /// The mechanism that was asked for needs what was not given.
    Missing {
        /// `OAuth 2.0`, `Authentication`, or the mechanism's name.
        mode: &'static str,
        /// `a password`.
        what: &'static str,
    },
}

/// Chooses. `secured` says whether TLS is up, `accept_unsecure` whether the caller lets secrets go in the clear, and
/// `channel_binding` whether TLS has data to bind a `-PLUS` mechanism to.
///
/// # Errors
/// Where there is none to choose; nothing should be sent then.
pub fn choose(
    offered: &[String],
    credentials: &Credentials,
    mode: Option<Mode>,
    secured: bool,
    accept_unsecure: bool,
    channel_binding: bool,
) -> Result<Mechanism, ChooseError> {
    let wanted = wanted(credentials, mode)?;
    if offered.is_empty() {
        return Err(ChooseError::NotOffered { secured });
    }
    let is_offered = |mechanism: &Mechanism| offered.iter().any(|name| Mechanism::parse(name) == Some(*mechanism));
    let can_bind = |mechanism: &Mechanism| *mechanism != Mechanism::ScramSha256Plus || channel_binding;
    let may_go = |mechanism: &Mechanism| secured || accept_unsecure || !mechanism.shows_secret();

    let common: Vec<Mechanism> = wanted.iter().copied().filter(is_offered).collect();
    let bound: Vec<Mechanism> = common.iter().copied().filter(can_bind).collect();
    if let Some(best) = bound.iter().copied().find(may_go) {
        return Ok(best);
    }
    Err(match (common.first(), bound.is_empty()) {
        (Some(&mechanism), true) => ChooseError::NoChannelBinding { mechanism },
        (Some(_), false) => ChooseError::Unsecured { remaining: bound, offered: offered.to_vec() },
        (None, _) => ChooseError::NoneInCommon { wanted, offered: offered.to_vec() },
    })
}

/// What the caller's words and secrets allow, the best first.
fn wanted(credentials: &Credentials, mode: Option<Mode>) -> Result<Vec<Mechanism>, ChooseError> {
    let has_user = credentials.user.as_ref().is_some_and(|user| !user.is_empty());
    let has_token = credentials.token.is_some();
    let has_password = credentials.password.is_some();
    let missing = |mode, what| Err(ChooseError::Missing { mode, what });
    match mode {
        Some(Mode::Mechanism(mechanism)) => match mechanism {
            Mechanism::External => Ok(vec![mechanism]),
            Mechanism::OAuthBearer if has_token => Ok(vec![mechanism]),
            Mechanism::XOAuth2 | Mechanism::OAuthBearer if !has_token => missing(mechanism.name(), "an access token"),
            _ if !has_user => missing(mechanism.name(), "a user name"),
            Mechanism::XOAuth2 => Ok(vec![mechanism]),
            _ if !has_password => missing(mechanism.name(), "a password"),
            _ => Ok(vec![mechanism]),
        },
        Some(Mode::OAuth2) if !has_token => missing("OAuth 2.0", "an access token"),
        Some(Mode::OAuth2) if has_user => Ok(WITH_TOKEN.to_vec()),
        Some(Mode::OAuth2) => Ok(vec![Mechanism::OAuthBearer]),
        None if has_token && !has_user && !has_password => Ok(vec![Mechanism::OAuthBearer]),
        None if !has_user => missing("Authentication", "a user name"),
        None if !has_token && !has_password => missing("Authentication", "a password or an access token"),
        None => {
            let mut wanted = Vec::new();
            wanted.extend(WITH_TOKEN.iter().filter(|_| has_token));
            wanted.extend(WITH_PASSWORD.iter().filter(|_| has_password));
            Ok(wanted)
        }
    }
}

impl core::fmt::Display for ChooseError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            ChooseError::NotOffered { secured: true } => f.write_str(
                "A user name was given, but the server offers no authentication. Leave the user name out, or use the server's submission port (587 or 465).",
            ),
            ChooseError::NotOffered { secured: false } => f.write_str(
                "A user name was given, but the server offers no authentication on an unencrypted connection. Use TLS, or leave the user name out.",
            ),
            ChooseError::NoneInCommon { wanted, offered } => write!(
                f,
                "The server offers {}; what was asked for and the secrets given here can serve is {}.",
                list(offered.iter().map(String::as_str)),
                list(wanted.iter().map(|mechanism| mechanism.name())),
            ),
            ChooseError::Unsecured { remaining, offered } => write!(
                f,
                "The connection is not encrypted, and of what the server offers ({}) only {} can be used, which would show the secret to anyone on the way. Use TLS, or accept an unsecured connection.",
                list(offered.iter().map(String::as_str)),
                list(remaining.iter().map(|mechanism| mechanism.name())),
            ),
            ChooseError::NoChannelBinding { mechanism } => write!(
                f,
                "{mechanism} must be bound to a TLS connection, and this connection has nothing to bind it to. Use TLS, or another authentication mode."
            ),
            ChooseError::Missing { mode, what } => write!(f, "{mode} needs {what}, which was not given."),
        }
    }
}

impl core::error::Error for ChooseError {}

/// Names for a sentence. A server's list may be long and strange: 16 names at most, and of each what a name may hold.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let shown: Vec<String> = names
        .take(16)
        .map(|name| name.chars().take(40).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect())
        .collect();
    if shown.is_empty() { "nothing".to_owned() } else { shown.join(", ") }
}
