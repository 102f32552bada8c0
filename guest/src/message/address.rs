//! Addresses as header fields have them: RFC 5322 §3.4.1, RFC 6532, IDNA.

use std::borrow::Cow;

use super::words::is_atext;

/// Far over RFC 5321 §4.5.3.1 (64 + 255), far under a line.
const MAX_ADDRESS: usize = 512;

/// An address that can be written into a header field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    local: &'a str,
    domain: &'a str,
}

impl<'a> Address<'a> {
    /// Takes an address apart; the error says what is wrong and where.
    pub fn parse(email: &'a str) -> Result<Address<'a>, String> {
        if email.len() > MAX_ADDRESS {
            return Err(format!("the address has {} bytes, more than {MAX_ADDRESS}", email.len()));
        }
        let (local, domain) = email.rsplit_once('@').ok_or_else(|| format!("{email:?} has no \"@\""))?;
        if local.is_empty() || domain.is_empty() {
            return Err(format!(
                "{email:?} has nothing {} the \"@\"",
                if local.is_empty() { "before" } else { "after" }
            ));
        }
        let quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
        let bad = if quoted { bad_in_quotes(local) } else { bad_in_atoms(local) };
        if let Some(at) = bad {
            return Err(marked(email, at, "can't stand before the \"@\""));
        }
        let address = Address { local, domain };
        match bad_in_domain(domain) {
            Some(at) => Err(marked(email, local.len() + 1 + at, "is no part of a domain")),
            None if address.ascii_domain().is_none() => Err(format!("{email:?}: {domain:?} is no domain")),
            None => Ok(address),
        }
    }

    /// The local part is international: only SMTPUTF8 can carry it.
    pub fn needs_utf8(self) -> bool {
        !self.local.is_ascii()
    }

    /// As it stands in the header: A-labels where the local part is ASCII, else as it was given (RFC 6532).
    pub fn written(self) -> String {
        let domain = match self.ascii_domain() {
            Some(ascii) if !self.needs_utf8() => ascii,
            _ => Cow::Borrowed(self.domain),
        };
        format!("{}@{domain}", self.local)
    }

    /// The domain in A-labels, or an address literal.
    pub fn ascii_domain(self) -> Option<Cow<'a, str>> {
        if self.domain.is_ascii() {
            let labels = self.domain.strip_suffix('.').unwrap_or(self.domain);
            let literal = self.domain.starts_with('[');
            let fits = literal || labels.split('.').all(|label| (1..=63).contains(&label.len()));
            return (fits && self.domain.len() <= 255).then_some(Cow::Borrowed(self.domain));
        }
        idna::domain_to_ascii_strict(self.domain).ok().map(Cow::Owned)
    }
}

fn bad_in_atoms(local: &str) -> Option<usize> {
    let dots = [local.starts_with('.').then_some(0), local.find("..").map(|at| at + 1)];
    let last = local.ends_with('.').then(|| local.len() - 1);
    let other = local.char_indices().find(|&(_, c)| match c.is_ascii() {
        true => c != '.' && !is_atext(c as u8),
        false => c.is_control() || c.is_whitespace(),
    });
    other.map(|(at, _)| at).or(dots[0]).or(dots[1]).or(last)
}

fn bad_in_quotes(local: &str) -> Option<usize> {
    let mut inside = local[..local.len() - 1].char_indices().skip(1);
    while let Some((at, c)) = inside.next() {
        match c {
            '"' => return Some(at),
            '\\' => match inside.next() {
                Some((_, c)) if !c.is_control() => {}
                _ => return Some(at),
            },
            c if c.is_control() => return Some(at),
            _ => {}
        }
    }
    None
}

fn bad_in_domain(domain: &str) -> Option<usize> {
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(inside) = literal {
        let bad = inside.bytes().position(|b| !(b.is_ascii_alphanumeric() || b".:-".contains(&b)));
        return bad.map(|at| at + 1);
    }
    let allowed = |c: char| match c.is_ascii() {
        true => c.is_ascii_alphanumeric() || "-._".contains(c),
        false => !c.is_control() && !c.is_whitespace(),
    };
    domain.char_indices().find(|&(_, c)| !allowed(c)).map(|(at, _)| at)
}

/// `text` with the character at byte `at` pointed out.
pub(super) fn marked(text: &str, at: usize, what: &str) -> String {
    let c = text[at..].chars().next().map_or(String::from("the end"), |c| format!("{c:?}"));
    let before = tail(&text[..at], 24).escape_debug();
    let after: String = text[at..].chars().take(24).collect();
    let place = text[..at].chars().count() + 1;
    format!("{c} at character {place} {what}: \"{before}»{}\"", after.escape_debug())
}

fn tail(text: &str, chars: usize) -> &str {
    let start = text.char_indices().rev().take(chars).last().map_or(text.len(), |(at, _)| at);
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn international_domains_become_a_labels_where_that_is_enough() {
        assert_eq!(Address::parse("info@bücher.example").unwrap().written(), "info@xn--bcher-kva.example");
        let both = Address::parse("пётр@почта.рф").unwrap();
        assert!(both.needs_utf8());
        assert_eq!(both.written(), "пётр@почта.рф");
        assert_eq!(both.ascii_domain().unwrap(), "xn--80a1acny.xn--p1ai");
        for email in
            ["a.b+c@x.example", "\"a b\\\"c@d\"@x.example", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a@localhost"]
        {
            assert_eq!(Address::parse(email).unwrap().written(), email);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_place() {
        let error = Address::parse("a\r\nBcc: b@x").unwrap_err();
        assert!(error.starts_with("'\\r' at character 2 can't stand before the \"@\""), "{error}");
        for email in [
            "",
            "a",
            "@",
            "a@",
            "@b",
            "a b@c",
            "a..b@c",
            ".a@b",
            "a.@b",
            "a@b c",
            "a@b\n",
            "a@-\0",
            "<a@b>",
            "a@b,c@d",
            "a@[1.2.3.4",
            "\"a@b",
            "a@b..c",
            "a@[1\r]",
            "\"a\r\n\"@b",
            "\"a\\\n\"@b",
            "é\u{85}@b",
            "a@ü ü",
        ] {
            assert!(Address::parse(email).is_err(), "{email:?}");
        }
    }
}
