//! Base64 and the caps: what every mechanism does with a challenge.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::Error;

/// A challenge is a few hundred bytes; RFC 4954 section 4 asks for lines up to 12,288.
const LONGEST_CHALLENGE: usize = 16 * 1024;

/// The bytes of a challenge as it stood behind `334 `.
pub fn decode(challenge: &str) -> Result<Vec<u8>, Error> {
    let challenge = challenge.trim_ascii();
    if challenge.len() > LONGEST_CHALLENGE {
        return Err(Error::TooLong);
    }
    BASE64_STANDARD.decode(challenge).map_err(|_| Error::NotReadable)
}

/// The same as text.
pub fn decode_text(challenge: &str) -> Result<String, Error> {
    String::from_utf8(decode(challenge)?).map_err(|_| Error::NotReadable)
}

/// A response as it goes out.
pub fn encode(response: impl AsRef<[u8]>) -> String {
    BASE64_STANDARD.encode(response)
}

/// The name as a GS2 header and a SCRAM message carry it, RFC 5802 section 5.1.
pub fn escape_name(name: &str) -> String {
    name.replace('=', "=3D").replace(',', "=2C")
}

/// `text`, unless `is_forbidden` holds for one of its characters.
pub fn without(text: &str, is_forbidden: fn(char) -> bool, what: &'static str) -> Result<String, Error> {
    if text.chars().any(is_forbidden) { Err(Error::Forbidden(what)) } else { Ok(text.to_owned()) }
}
