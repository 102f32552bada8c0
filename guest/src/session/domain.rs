//! Domains and address literals: of addresses, of EHLO and of the server itself. RFC 5321 section 4.1.2 and 4.1.3.

use std::borrow::Cow;

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::input::{Place, quote};
use crate::error::Error;

/// RFC 5321 section 4.5.3.1.2.
const MAX: usize = 255;
/// RFC 1035 section 2.3.4.
const LABEL_MAX: usize = 63;

/// What may stand behind the `@`, in the form in which it goes over the wire: A-labels, or a literal in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain(String);

impl Domain {
    /// A domain name in any language, or an address literal: `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
    ///
    /// # Errors
    /// Where it breaks the grammar; the text says at which character.
    pub fn parse(text: &str) -> Result<Domain, Error> {
        Domain::within(text, text, 0).map(Domain::from_parsed)
    }

    /// The same for a domain that begins at byte `from` of `whole`, which is what the error shows.
    pub(super) fn within<'a>(text: &'a str, whole: &str, from: usize) -> Result<Cow<'a, str>, Error> {
        let place = Place { whole, from, what: "a domain" };
        if text.starts_with('[') {
            let is_literal = is_literal(text);
            return is_literal.then_some(text.into()).ok_or_else(|| place.error("is no address literal", text));
        }
        name(text, &place, Underscore::Refused)
    }

    /// What [`Domain::within`] gave.
    pub(super) fn from_parsed(text: Cow<'_, str>) -> Domain {
        Domain(text.into_owned())
    }

    /// In ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Display for Domain {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What EHLO says: a domain, or the literal of the socket's own address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EhloName(Domain);

impl EhloName {
    /// A domain name in any language, or an address literal.
    ///
    /// # Errors
    /// Where it breaks the grammar; the text says at which character.
    pub fn parse(text: &str) -> Result<EhloName, Error> {
        Domain::parse(text).map(EhloName)
    }
}

impl From<IpAddr> for EhloName {
    fn from(ip: IpAddr) -> EhloName {
        EhloName(Domain(match ip.to_canonical() {
            IpAddr::V4(ip) => format!("[{ip}]"),
            IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
        }))
    }
}

impl core::fmt::Display for EhloName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

/// The server: a host name, an IPv4 or an IPv6 address without brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    given: String,
    ascii: String,
}

impl Host {
    /// A name in any language (with `_`, which some networks have in theirs) or an address.
    ///
    /// # Errors
    /// Where it breaks the grammar; the text says at which character.
    pub fn parse(text: &str) -> Result<Host, Error> {
        let ascii = match text.parse::<IpAddr>() {
            Ok(_) => text.to_owned(),
            Err(_) => {
                name(text, &Place { whole: text, from: 0, what: "a host name" }, Underscore::Allowed)?.into_owned()
            }
        };
        Ok(Host { given: text.to_owned(), ascii })
    }

    /// As it was given: for people.
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// In A-labels: for the resolver and for TLS.
    pub fn ascii(&self) -> &str {
        &self.ascii
    }
}

impl core::fmt::Display for Host {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.given)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Underscore {
    Allowed,
    Refused,
}

/// `text` as A-labels.
fn name<'a>(text: &'a str, place: &Place<'_>, underscore: Underscore) -> Result<Cow<'a, str>, Error> {
    if text.is_empty() {
        return Err(place.error("is empty", text));
    }
    let allowed = |c: char| {
        !c.is_ascii() && !c.is_control() && !c.is_whitespace()
            || c.is_ascii_alphanumeric()
            || matches!(c, '-' | '.')
            || c == '_' && underscore == Underscore::Allowed
    };
    if let Some((at, c)) = text.char_indices().find(|(_, c)| !allowed(*c)) {
        return Err(place.forbidden(at, c));
    }
    // In ASCII the name goes as it was written: capitals are nobody's business.
    let ascii = if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        // The deny list, because what is mapped can become ASCII that has no place in a name: `／` a slash, for one.
        let ascii = idna::domain_to_ascii_cow(text.as_bytes(), idna::AsciiDenyList::STD3);
        ascii.map_err(|_| place.error("is no international domain name (IDNA)", text))?
    };
    for label in ascii.split('.') {
        if label.is_empty() {
            return Err(place.error("has an empty label: two dots in a row, or one at an end", text));
        }
        if label.len() > LABEL_MAX {
            return Err(place.error("has a label over 63 characters", text));
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(place.error("has a label that begins or ends with a hyphen", text));
        }
    }
    if ascii.len() > MAX {
        return Err(place.error("is over 255 characters", text));
    }
    Ok(ascii)
}

/// IPv4, IPv6, or a tagged literal of the general form.
fn is_literal(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return false };
    let is_known = match inside.split_once(':') {
        None => inside.parse::<Ipv4Addr>().is_ok(),
        Some((tag, rest)) if tag.eq_ignore_ascii_case("IPv6") => rest.parse::<Ipv6Addr>().is_ok(),
        Some((tag, rest)) => {
            let tag_is_good = tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !tag.ends_with('-');
            let dcontent = |b: u8| matches!(b, 33..=90 | 94..=126);
            tag_is_good && !tag.is_empty() && !rest.is_empty() && rest.bytes().all(dcontent)
        }
    };
    is_known && text.len() <= MAX
}

impl Place<'_> {
    fn error(&self, why: &str, part: &str) -> Error {
        let shown = if part.len() == self.whole.len() { String::new() } else { format!(" {}", quote(part)) };
        Error::input(format!("{}: {}{shown} {why}", quote(self.whole), self.subject()))
    }
}

#[cfg(test)]
#[path = "tests/domain.rs"]
mod tests;
