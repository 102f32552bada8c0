//! The server's side of AUTH: one exchange at a time, with one account. Bytes in, challenge or verdict out.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;

use super::scram::Scram;

/// Who may send.
#[derive(Clone)]
pub struct Account {
    /// The user's name.
    pub user: String,
    /// For every mechanism but XOAUTH2.
    pub password: String,
    /// The OAuth 2.0 access token that XOAUTH2 takes.
    pub token: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("user", &self.user).field("password", &"***").field("token", &"***").finish()
    }
}

/// What EHLO offers. Channel binding needs TLS 1.3.
pub(super) fn offer(binding: bool) -> &'static str {
    match binding {
        true => "SCRAM-SHA-256-PLUS SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN XOAUTH2",
        false => "SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN XOAUTH2",
    }
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// 334.
    Challenge(Vec<u8>),
    /// 235.
    Accepted,
    /// 535.
    Refused,
    /// 501: the response breaks its grammar.
    Broken,
}

/// One running exchange.
pub(super) enum Exchange {
    Plain,
    LoginUser,
    LoginPassword {
        user: Vec<u8>,
    },
    CramMd5 {
        challenge: String,
    },
    Scram(Box<Scram>),
    XOAuth2,
    /// The error challenge is out; whatever comes back, it ends in a refusal.
    XOAuth2Refused,
}

impl Exchange {
    /// `binding` is the connection's channel binding, where it has one; `nonce` is fresh and printable.
    pub(super) fn new(mechanism: &str, binding: Option<&[u8]>, nonce: &str) -> Option<Exchange> {
        match mechanism {
            "PLAIN" => Some(Exchange::Plain),
            "LOGIN" => Some(Exchange::LoginUser),
            "CRAM-MD5" => Some(Exchange::CramMd5 { challenge: format!("<{nonce}@{}>", super::HOST_NAME) }),
            "SCRAM-SHA-256" => Some(Exchange::Scram(Box::new(Scram::new(nonce, binding, false)))),
            "SCRAM-SHA-256-PLUS" if binding.is_some() => {
                Some(Exchange::Scram(Box::new(Scram::new(nonce, binding, true))))
            }
            "XOAUTH2" => Some(Exchange::XOAuth2),
            _ => None,
        }
    }

    /// The first challenge, where AUTH came without a response.
    pub(super) fn prompt(&self) -> Vec<u8> {
        match self {
            Exchange::LoginUser => b"Username:".to_vec(),
            Exchange::CramMd5 { challenge } => challenge.clone().into_bytes(),
            _ => Vec::new(),
        }
    }

    /// Whether AUTH may carry a response: not where the server speaks first, RFC 4954 §4.
    pub(super) fn takes_initial_response(&self) -> bool {
        !matches!(self, Exchange::CramMd5 { .. })
    }

    /// Takes one response.
    pub(super) fn respond(&mut self, response: &[u8], account: &Account) -> Step {
        match self {
            Exchange::Plain => plain(response, account),
            Exchange::LoginUser => {
                *self = Exchange::LoginPassword { user: response.to_vec() };
                Step::Challenge(b"Password:".to_vec())
            }
            Exchange::LoginPassword { user } => verdict(same(user, &account.user) & same(response, &account.password)),
            Exchange::CramMd5 { challenge } => cram_md5(challenge, response, account),
            Exchange::Scram(scram) => scram.respond(response, account),
            Exchange::XOAuth2 => {
                let expected = format!("user={}\u{1}auth=Bearer {}\u{1}\u{1}", account.user, account.token);
                if same(response, &expected) {
                    return Step::Accepted;
                }
                *self = Exchange::XOAuth2Refused;
                let scope = super::HOST_NAME;
                let error = format!(r#"{{"status":"401","schemes":"bearer","scope":"https://{scope}/"}}"#);
                Step::Challenge(error.into_bytes())
            }
            Exchange::XOAuth2Refused => Step::Refused,
        }
    }
}

/// RFC 4616: authorisation, NUL, user, NUL, password.
fn plain(response: &[u8], account: &Account) -> Step {
    let fields: Vec<&[u8]> = response.split(|byte| *byte == 0).collect();
    let [authorisation, user, password] = fields[..] else { return Step::Broken };
    let itself = authorisation.is_empty() || same(authorisation, &account.user);
    verdict(itself & same(user, &account.user) & same(password, &account.password))
}

/// RFC 2195: user, blank, the hash in lower-case hexadecimal.
fn cram_md5(challenge: &str, response: &[u8], account: &Account) -> Step {
    let Some(blank) = response.iter().rposition(|byte| *byte == b' ') else { return Step::Broken };
    let Ok(mut mac) = Hmac::<Md5>::new_from_slice(account.password.as_bytes()) else { return Step::Refused };
    mac.update(challenge.as_bytes());
    let digest: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    verdict(same(&response[..blank], &account.user) & same(&response[blank + 1..], &digest))
}

pub(super) fn verdict(right: bool) -> Step {
    if right { Step::Accepted } else { Step::Refused }
}

/// Compares in a time that does not depend on where the first difference is.
pub(super) fn same(given: &[u8], expected: impl AsRef<[u8]>) -> bool {
    let expected = expected.as_ref();
    let differences = given.iter().zip(expected).fold(0, |all, (a, b)| all | (a ^ b));
    given.len() == expected.len() && differences == 0
}

/// A challenge as it goes over the wire.
pub(super) fn encode(challenge: &[u8]) -> String {
    STANDARD.encode(challenge)
}
