//! Addresses as header fields have them: RFC 5322 §3.4.1, RFC 6532. What an address is, the envelope's parser says.

use crate::session;

/// An address that can be written into a header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address(session::Address);

impl Address {
    /// Takes an address apart; the error says what is wrong and where.
    pub fn parse(email: &str) -> Result<Address, String> {
        session::Address::parse(email).map(Address).map_err(|error| error.message)
    }

    /// The local part is international: only SMTPUTF8 can carry it.
    pub fn needs_utf8(&self) -> bool {
        self.0.needs_utf8()
    }

    /// As it stands in the header: A-labels where the local part is ASCII, else as it was given (RFC 6532).
    pub fn written(&self) -> String {
        if self.needs_utf8() { self.0.as_str().to_owned() } else { self.0.to_string() }
    }

    /// The domain in A-labels, or an address literal.
    pub fn ascii_domain(&self) -> &str {
        self.0.domain().as_str()
    }
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
        assert_eq!(both.ascii_domain(), "xn--80a1acny.xn--p1ai");
        for email in
            ["a.b+c@x.example", "\"a b\\\"c@d\"@x.example", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a@localhost"]
        {
            assert_eq!(Address::parse(email).unwrap().written(), email);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_place() {
        let error = Address::parse("a\r\nBcc: b@x").unwrap_err();
        assert!(error.contains("character 2 (CR) is not allowed in an address"), "{error}");
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
