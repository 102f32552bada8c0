//! The server's first message, RFC 5802 section 7.

use super::super::{Error, wire};

/// The upper end costs a second of hashing: more is an attack and not a policy.
const MOST_ITERATIONS: u32 = 1_000_000;

/// What the server asks the proof to be made of.
pub struct ServerFirst<'a> {
    /// Ours and, behind it, the server's.
    pub nonce: &'a str,
    pub salt: Vec<u8>,
    pub iterations: u32,
}

impl<'a> ServerFirst<'a> {
    pub fn parse(message: &'a str, our_nonce: &str) -> Result<ServerFirst<'a>, Error> {
        fail_on_error(message)?;
        let mut attributes = message.split(',');
        let mut next = |name: &str, missing| {
            attributes.next().and_then(|attribute| attribute.strip_prefix(name)).ok_or(Error::Malformed(missing))
        };
        // A mandatory extension (`m=`) stands in front of the nonce, and is to be refused by who does not know it.
        let nonce = next("r=", "no nonce, or an extension that this client does not know")?;
        let salt = next("s=", "no salt")?;
        let iterations = next("i=", "no number of iterations")?;
        if !nonce.starts_with(our_nonce) {
            return Err(Error::ForeignNonce);
        }
        if nonce.len() == our_nonce.len() {
            return Err(Error::Malformed("the server added nothing to the nonce"));
        }
        let salt = wire::decode(salt).map_err(|_| Error::Malformed("the salt is not base64"))?;
        if iterations.is_empty() || !iterations.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::Malformed("the number of iterations is none"));
        }
        match iterations.parse() {
            Ok(iterations @ 1..=MOST_ITERATIONS) => Ok(ServerFirst { nonce, salt, iterations }),
            _ => Err(Error::Iterations),
        }
    }
}

/// Fails where the message is the server's `e=`: its word for why, without what could upset a log.
pub fn fail_on_error(message: &str) -> Result<(), Error> {
    let Some(word) = message.strip_prefix("e=") else { return Ok(()) };
    let word = word.split(',').next().unwrap_or_default();
    Err(Error::Refused(word.chars().filter(|c| !c.is_control()).take(80).collect()))
}
