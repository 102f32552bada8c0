//! Exchanges as the RFCs have them, and as they should not be.

mod choose;
mod scram;
mod secrets;
mod simple;

use super::{Credentials, Error, Exchange, Mechanism, Step, wire};
use crate::Secret;
use crate::log::TlsFacts;

/// Somebody with these secrets; an empty text is a missing one.
fn who(user: &str, password: &str, token: &str) -> Credentials {
    let secret = |text: &str| (!text.is_empty()).then(|| Secret::new(text));
    Credentials { user: (!user.is_empty()).then(|| user.to_owned()), password: secret(password), token: secret(token) }
}

fn begin(mechanism: Mechanism, credentials: &Credentials) -> Result<Exchange, Error> {
    begin_with(mechanism, credentials, "nonce", None, &[])
}

fn begin_with(
    mechanism: Mechanism,
    credentials: &Credentials,
    nonce: &str,
    tls: Option<&TlsFacts>,
    offered: &[&str],
) -> Result<Exchange, Error> {
    let offered: Vec<String> = offered.iter().map(|&name| name.to_owned()).collect();
    Exchange::new(mechanism, credentials, nonce, tls, &offered, "server.example.com", 587)
}

/// The initial response, decoded.
fn initial(exchange: &mut Exchange) -> Option<String> {
    exchange.initial().map(|text| wire::decode_text(&text).expect("base64"))
}

/// The answer to a challenge given in clear, decoded.
fn answer(exchange: &mut Exchange, challenge: &str) -> Result<String, Error> {
    let Step::Answer(text) = exchange.respond(&wire::encode(challenge))?;
    Ok(wire::decode_text(&text).expect("base64"))
}
