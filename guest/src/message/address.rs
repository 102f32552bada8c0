//! Addresses as header fields have them: RFC 5322 §3.4.1, RFC 6532. What an address is, the envelope's parser says.

use std::borrow::Cow;

use crate::session;

/// Takes an address apart; the error says what is wrong and where.
pub(super) fn parts(email: &str) -> Result<(&str, Cow<'_, str>), String> {
    session::Address::parts(email).map_err(|error| error.message)
}

/// Whether the local part is international: only SMTPUTF8 can carry it.
pub(super) fn needs_utf8(email: &str) -> bool {
    !email.is_ascii() && parts(email).is_ok_and(|(local, _)| !local.is_ascii())
}

/// As it stands in the header: A-labels where the local part is ASCII, else as it was given (RFC 6532).
pub(super) fn written(email: &str) -> Result<Cow<'_, str>, String> {
    let (local, domain) = parts(email)?;
    Ok(if local.is_ascii() && !email.is_ascii() { format!("{local}@{domain}").into() } else { email.into() })
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
        assert_eq!(written("info@bücher.example").unwrap(), "info@xn--bcher-kva.example");
        assert!(!needs_utf8("info@bücher.example"));
        let both = "пётр@почта.рф";
        assert!(needs_utf8(both));
        assert_eq!(written(both).unwrap(), both);
        assert_eq!(parts(both).unwrap(), ("пётр", "xn--80a1acny.xn--p1ai".into()));
        for email in
            ["a.b+c@x.example", "\"a b\\\"c@d\"@x.example", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a@localhost"]
        {
            assert_eq!(written(email).unwrap(), email);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_place() {
        let error = parts("a\r\nBcc: b@x").unwrap_err();
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
            assert!(parts(email).is_err(), "{email:?}");
        }
    }
}
