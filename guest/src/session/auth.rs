//! One authentication: AUTH, the challenges, and what is said to them. RFC 4954 section 4.

use super::command::Command;
use super::settings::Settings;
use super::table::Step;
use super::wire::Wire;
use crate::error::{Error, Kind, Phase, Retry};
use crate::log::{Note, TlsFacts, Transcript};
use crate::sasl::{self, ChooseError, Exchange};

/// RFC 4954 section 4: a line is this long at the most, its CRLF included.
const LINE_MAX: usize = 12288;
/// No mechanism has as many steps.
const ROUNDS: u32 = 16;

/// A running authentication.
pub(super) struct Auth {
    exchange: Exchange,
    /// A first response that was too long for the line of AUTH.
    first: Option<String>,
    rounds: u32,
    /// `*` was said: why.
    pub cancelled: Option<String>,
    oauth_is_told: bool,
}

impl Auth {
    /// Chooses a mechanism and says AUTH.
    ///
    /// # Errors
    /// Where none can be used; nothing was said then.
    pub fn begin(
        settings: &Settings,
        offered: &[String],
        tls: Option<&TlsFacts>,
        nonce: &str,
        wire: &mut Wire,
        log: &mut Transcript,
    ) -> Result<Auth, Error> {
        let credentials = settings.credentials.clone().unwrap_or_default();
        credentials.password.iter().chain(&credentials.token).for_each(|secret| log.learn(secret));
        let can_bind = tls.is_some_and(|tls| tls.exporter.is_some() || tls.end_point.is_some());
        let chosen =
            sasl::choose(offered, &credentials, settings.mode, tls.is_some(), settings.accept_unsecure, can_bind);
        let mechanism = chosen.map_err(|why| {
            log.note(Note::AuthNotPossible { offered: offered.to_vec() });
            let kind = match why {
                ChooseError::NotOffered { .. } => Kind::AuthenticationNotOffered,
                _ => Kind::MechanismNotOffered,
            };
            Error::new(Phase::Auth, kind, Retry::AfterChange, log.mask(&why.to_string()))
        })?;
        let host = settings.host.ascii();
        let exchange = Exchange::new(mechanism, &credentials, nonce, tls, offered, host, settings.port);
        let mut exchange = exchange.map_err(|why| {
            let message = format!("Authentication by {mechanism} can't begin: {why}.");
            Error::new(Phase::Auth, Kind::InvalidInput, Retry::AfterChange, log.mask(&message))
        })?;
        let command = format!("AUTH {mechanism} ");
        let first = if settings.initial_response { exchange.initial() } else { None };
        let first = match first {
            Some(response) if command.len() + response.len() + 2 <= LINE_MAX => {
                match response.as_str() {
                    "=" => wire.say(Command::Auth(&format!("{mechanism} =")), log),
                    _ => wire.say_secret(&command, &response, exchange.public(), log),
                }
                None
            }
            first => {
                wire.say(Command::Auth(mechanism.name()), log);
                first
            }
        };
        Ok(Auth { exchange, first, rounds: 0, cancelled: None, oauth_is_told: false })
    }

    pub fn awaited(&self) -> Step {
        if self.cancelled.is_some() { Step::Cancel } else { Step::Auth }
    }

    /// Answers what stood behind 334, or gives up.
    pub fn answer(&mut self, challenge: &[u8], wire: &mut Wire, log: &mut Transcript) {
        self.rounds += 1;
        let response = match self.first.take() {
            Some(first) => Ok(first),
            None if self.rounds > ROUNDS => Err("the server challenges without end".to_owned()),
            None => match core::str::from_utf8(challenge) {
                Ok(challenge) => self.exchange.respond(challenge.trim()).map_err(|why| why.to_string()),
                Err(_) => Err("the server's challenge is not base64".to_owned()),
            }
            .map(|sasl::Step::Answer(response)| response),
        };
        if let Some((text, public)) = self.exchange.expected() {
            log.learn_response(&text, public);
        }
        if let Some(json) = self.exchange.oauth_error()
            && !core::mem::replace(&mut self.oauth_is_told, true)
        {
            log.note(Note::OAuthError { json: json.to_owned() });
        }
        match response {
            Ok(nothing) if matches!(nothing.as_str(), "" | "AQ==") => wire.say_nothing(&nothing, log),
            Ok(response) => wire.say_secret("", &response, self.exchange.public(), log),
            Err(reason) => {
                let reason = log.mask(&reason);
                log.note(Note::AuthBroken { reason: reason.clone() });
                wire.say(Command::Cancel, log);
                self.cancelled = Some(reason);
            }
        }
    }

    /// Whether the server's yes may be believed; why not.
    pub fn confirm(&self) -> Result<(), String> {
        self.exchange.succeeded().map_err(|why| why.to_string())
    }
}

/// An exchange that broke on our side.
pub(super) fn broken(reason: &str) -> Error {
    let message = format!(
        "Authentication was given up: {reason}. Either the server's implementation is broken or it is not the server it \
         claims to be; try another authentication mode."
    );
    Error::new(Phase::Auth, Kind::AuthenticationFailed, Retry::AfterChange, message)
}
