//! One running authentication, whatever its mechanism.

use super::{Credentials, Error, Mechanism, cram_md5, external, login, oauth_bearer, plain, scram, wire, xoauth2};
use crate::log::TlsFacts;

/// What to do after a challenge.
#[derive(Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this line: base64, or empty for an empty response.
    Answer(String),
}

impl core::fmt::Debug for Step {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Answer(***)")
    }
}

/// What each mechanism does.
pub(super) trait Steps {
    /// The response that needs no challenge, where the mechanism begins with one. Asked for once.
    fn initial(&mut self) -> Option<Vec<u8>> {
        None
    }

    /// The response to a challenge, which is still base64: a mechanism that reads nothing from it does not decode it.
    fn respond(&mut self, challenge: &str) -> Result<Vec<u8>, Error>;

    /// How many bytes at the start of the last response tell nothing of the secret.
    fn public(&self) -> usize {
        0
    }

    /// What an honest server is going to say that is made of the secret, and so many of its first bytes tell nothing of it.
    fn expected(&self) -> Option<(Vec<u8>, usize)> {
        None
    }

    /// Whether the mechanism agrees that the server said yes.
    fn succeeded(&self) -> Result<(), Error> {
        Ok(())
    }

    /// What an OAuth mechanism was told on failure.
    fn oauth_error(&self) -> Option<&str> {
        None
    }
}

/// One running authentication. Its `Debug` shows the mechanism alone.
pub struct Exchange {
    mechanism: Mechanism,
    steps: Box<dyn Steps>,
    /// A first response that did not go with AUTH itself and waits for an empty challenge.
    first: Option<Vec<u8>>,
}

impl Exchange {
    /// Begins. `nonce` is random text, printable and without commas; `offered` is what the server's EHLO said of AUTH
    /// (SCRAM tells the server whether a `-PLUS` was seen there); `host` and `port` are those of the settings.
    ///
    /// # Errors
    /// Where the credentials don't serve the mechanism or can't be carried by it: nothing has been sent then.
    pub fn new(
        mechanism: Mechanism,
        credentials: &Credentials,
        nonce: &str,
        tls: Option<&TlsFacts>,
        offered: &[String],
        host: &str,
        port: u16,
    ) -> Result<Exchange, Error> {
        let mut steps: Box<dyn Steps> = match mechanism {
            Mechanism::Plain => Box::new(plain::Plain::new(credentials)?),
            Mechanism::Login => Box::new(login::Login::new(credentials)?),
            Mechanism::CramMd5 => Box::new(cram_md5::CramMd5::new(credentials)?),
            Mechanism::XOAuth2 => Box::new(xoauth2::XOAuth2::new(credentials)?),
            Mechanism::OAuthBearer => Box::new(oauth_bearer::OAuthBearer::new(credentials, host, port)?),
            Mechanism::External => Box::new(external::External::new(credentials)?),
            Mechanism::ScramSha1 | Mechanism::ScramSha256 | Mechanism::ScramSha256Plus => {
                scram::begin(mechanism, credentials, nonce, scram::Binding::new(mechanism, tls, offered)?)?
            }
        };
        let first = steps.initial();
        Ok(Exchange { mechanism, steps, first })
    }

    /// The mechanism.
    pub fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    /// The response that goes with AUTH, in base64, `=` for an empty one; none where the server speaks first.
    /// Where it is not asked for, it answers the first challenge.
    pub fn initial(&mut self) -> Option<String> {
        let first = self.first.take()?;
        Some(if first.is_empty() { "=".to_owned() } else { wire::encode(first) })
    }

    /// Answers a challenge: what stood behind `334 `.
    ///
    /// # Errors
    /// Where the challenge can't be read or believed; the exchange is then to be cancelled with `*`.
    pub fn respond(&mut self, challenge: &str) -> Result<Step, Error> {
        let response = match self.first.take() {
            // What the server says in asking for it is of no consequence; some say words instead of nothing.
            Some(first) => first,
            None => self.steps.respond(challenge)?,
        };
        Ok(Step::Answer(wire::encode(response)))
    }

    /// How many bytes of the last response, decoded, tell nothing of the secret; they stand at its start. More than it has:
    /// it tells nothing at all.
    pub fn public(&self) -> usize {
        self.steps.public()
    }

    /// What an honest server is going to say that is made of the secret, in base64, and how much of that, decoded, tells
    /// nothing of it.
    pub fn expected(&self) -> Option<(String, usize)> {
        self.steps.expected().map(|(text, public)| (wire::encode(text), public))
    }

    /// Whether the server's 235 may be believed.
    ///
    /// # Errors
    /// Where a SCRAM server did not prove that it knows the password.
    pub fn succeeded(&self) -> Result<(), Error> {
        self.steps.succeeded()
    }

    /// The JSON that an OAuth server sent in refusing.
    pub fn oauth_error(&self) -> Option<&str> {
        self.steps.oauth_error()
    }
}

impl core::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Exchange").field("mechanism", &self.mechanism).finish_non_exhaustive()
    }
}
