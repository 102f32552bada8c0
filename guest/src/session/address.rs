//! Mail addresses as the envelope has them. RFC 5321 section 4.1.2, RFC 6531 section 3.3.

use std::borrow::Cow;

use super::domain::Domain;
use super::input::{Place, quote};
use crate::error::Error;

/// RFC 5321 section 4.5.3.1.1.
const LOCAL_MAX: usize = 64;
/// RFC 5321 section 4.5.3.1.3, less the angle brackets.
const PATH_MAX: usize = 254;

/// `local@domain`. What is in here can stand in a command: no CR, LF, NUL or angle bracket outside of quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    given: String,
    local: String,
    domain: Domain,
}

impl Address {
    /// Reads an address, with a quoted local part too (`"a b"@example.com`), in any language.
    ///
    /// # Errors
    /// Where it breaks the grammar; the text says at which character.
    pub fn parse(text: &str) -> Result<Address, Error> {
        let (local, domain) = Address::parts(text)?;
        Ok(Address { given: text.to_owned(), local: local.to_owned(), domain: Domain::from_parsed(domain) })
    }

    /// The local part and the domain, which is in A-labels: what [`Address::parse`] finds, without a copy.
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub(crate) fn parts(text: &str) -> Result<(&str, Cow<'_, str>), Error> {
        let place = Place { whole: text, from: 0, what: "an address" };
        // First what would do harm, wherever it stands: then the error is about that and not about what it broke.
        let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !is_plain && let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_control()) {
            return Err(place.forbidden(at, c));
        }
        let end = if text.starts_with('"') { quoted(text, &place)? } else { dotted(text, &place)? };
        let (local, rest) = text.split_at(end);
        let Some(domain) = rest.strip_prefix('@') else {
            return Err(match rest.chars().next() {
                None => Error::input(format!("{} has no `@`: an address is name@domain", quote(text))),
                Some(c) => place.forbidden(end, c),
            });
        };
        if local.is_empty() {
            return Err(Error::input(format!("{} has nothing before the `@`", quote(text))));
        }
        if local.len() > LOCAL_MAX {
            return Err(Error::input(format!("{}: more than {LOCAL_MAX} bytes stand before the `@`", quote(text))));
        }
        let domain = Domain::within(domain, text, end + 1)?;
        if local.len() + 1 + domain.len() > PATH_MAX {
            return Err(Error::input(format!("{} is over {PATH_MAX} bytes", quote(text))));
        }
        Ok((local, domain))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// The domain, in A-labels.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Whether the address can't be written without SMTPUTF8. An international domain alone can.
    pub fn needs_utf8(&self) -> bool {
        !self.local.is_ascii()
    }
}

/// As it goes over the wire.
impl core::fmt::Display for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// MAIL FROM: an address, or the null path `<>` of a message that shall not be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReversePath {
    /// `<>`.
    Null,
    /// `<a@b>`.
    Address(Address),
}

impl ReversePath {
    /// An address; the empty text is the null path.
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub fn parse(text: &str) -> Result<ReversePath, Error> {
        if text.is_empty() { Ok(ReversePath::Null) } else { Address::parse(text).map(ReversePath::Address) }
    }

    /// Whether it can't be written without SMTPUTF8.
    pub fn needs_utf8(&self) -> bool {
        matches!(self, ReversePath::Address(address) if address.needs_utf8())
    }
}

/// As it goes over the wire, in its angle brackets.
impl core::fmt::Display for ReversePath {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            ReversePath::Null => f.write_str("<>"),
            ReversePath::Address(address) => write!(f, "<{address}>"),
        }
    }
}

/// Where a dot-string ends: at the `@`, or at the end of `text`.
fn dotted(text: &str, place: &Place<'_>) -> Result<usize, Error> {
    let mut after_dot = true;
    for (at, c) in text.char_indices() {
        match c {
            '@' if after_dot && at > 0 => return Err(place.forbidden(at - 1, '.')),
            '@' => return Ok(at),
            '.' if after_dot => return Err(place.forbidden(at, c)),
            '.' => after_dot = true,
            c if is_atext(c) => after_dot = false,
            c => return Err(place.forbidden(at, c)),
        }
    }
    Ok(text.len())
}

/// Where a quoted string ends: behind its closing quote. Control characters are ruled out already.
fn quoted(text: &str, place: &Place<'_>) -> Result<usize, Error> {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Ok(at + 1),
            '\\' => match characters.next() {
                Some((_, c)) if c.is_ascii() => {}
                Some((at, c)) => return Err(place.forbidden(at, c)),
                None => break,
            },
            _ => {}
        }
    }
    Err(Error::input(format!("{} has no closing quote", quote(text))))
}

/// RFC 5322 section 3.2.3, with UTF-8 as RFC 6532 adds it; no blank of any language.
fn is_atext(c: char) -> bool {
    match c {
        '!' | '#'..='\'' | '*' | '+' | '-' | '/' | '=' | '?' | '^'..='`' | '{'..='~' => true,
        c => c.is_ascii_alphanumeric() || !c.is_ascii() && !c.is_whitespace(),
    }
}

#[cfg(test)]
#[path = "tests/address.rs"]
mod tests;
