//! `a@b` and `Name <a@b>`, as they stand on a command line.

use smtp_host::types::Mailbox;

use super::domain;
use super::text::{name, one_line};
use crate::exit::Failure;

/// Reads a mailbox; `option` is named where it is wrong, and the place marked.
pub fn parse(option: &str, text: &str) -> Result<Mailbox, Failure> {
    one_line(option, text)?;
    let (name, email, begin) = match (text.rfind('<'), text.trim_end().strip_suffix('>')) {
        (Some(open), Some(whole)) => (display_name(&text[..open]), &whole[open + 1..], open + 1),
        _ => (None, text.trim(), text.len() - text.trim_start().len()),
    };
    match address(email) {
        Ok(()) => Ok(Mailbox { name, email: email.to_owned() }),
        Err((at, why)) => Err(Failure::data(format!("{option}: {why}")).at(text, begin + at)),
    }
}

/// An address alone; the empty text and `<>` are the sender of notifications.
pub fn reverse_path(option: &str, text: &str) -> Result<String, Failure> {
    if text.is_empty() || text == "<>" {
        return Ok(String::new());
    }
    parse(option, text).map(|mailbox| mailbox.email)
}

/// Without the quotes that a header would need: the component writes the header.
fn display_name(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let unescaped = bare.replace("\\\"", "\"").replace("\\\\", "\\");
    (!unescaped.is_empty()).then_some(unescaped)
}

/// RFC 5321 §4.1.2 and RFC 6531 §3.3, as far as a place can be marked.
fn address(email: &str) -> Result<(), (usize, String)> {
    let at = email.rfind('@').ok_or_else(|| match email.char_indices().find(|(_, c)| !is_local(*c)) {
        Some((at, c)) => (at, format!("{} can't stand in an address", name(c))),
        None => (email.len(), "the address has no '@': it is name@domain".to_owned()),
    })?;
    let local = &email[..at];
    if local.is_empty() {
        return Err((0, "nothing stands before the '@'".to_owned()));
    }
    if !(local.len() > 1 && local.starts_with('"') && local.ends_with('"')) {
        let mut after_dot = true;
        for (place, c) in local.char_indices() {
            if !is_local(c) {
                return Err((place, format!("{} can't stand before the '@' without quotes", name(c))));
            }
            if c == '.' && after_dot {
                return Err((place, "a dot can't stand at the beginning or behind a dot".to_owned()));
            }
            after_dot = c == '.';
        }
        if after_dot {
            return Err((local.len() - 1, "a dot can't stand before the '@'".to_owned()));
        }
    }
    domain::check(&email[at + 1..]).map_err(|(place, why)| (at + 1 + place, why))
}

/// RFC 5322 atext, and the dot.
fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c) || (!c.is_ascii() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(text: &str) -> (Option<String>, String) {
        let Mailbox { name, email } = parse("--to", text).unwrap();
        (name, email)
    }

    #[test]
    fn names_and_addresses() {
        assert_eq!(mailbox("a@b"), (None, "a@b".into()));
        assert_eq!(mailbox(" <a@b.c> "), (None, "a@b.c".into()));
        assert_eq!(mailbox("Doña Ana <ana@example.es>"), (Some("Doña Ana".into()), "ana@example.es".into()));
        assert_eq!(mailbox("\"Doe, \\\"J\\\"\" <j@d>"), (Some("Doe, \"J\"".into()), "j@d".into()));
        assert_eq!(mailbox("\"a b\"@c"), (None, "\"a b\"@c".into()));
        assert_eq!(mailbox("用户@例え.jp"), (None, "用户@例え.jp".into()));
        assert_eq!(reverse_path("--envelope-from", "<>").unwrap(), "");
    }

    #[test]
    fn wrong_ones_are_marked() {
        for (text, place) in [
            ("a b@c", "a b@c\n ^"),
            ("a", "a\n ^"),
            ("@b", "@b\n^"),
            ("a@", "a@\n  ^"),
            ("a..b@c", "a..b@c\n  ^"),
            ("a.@c", "a.@c\n ^"),
            ("A <a b@c>", "A <a b@c>\n    ^"),
            ("a@b\r\nRCPT TO:<x@y>", "a@b\\x0d\\x0aRCPT TO:<x@y>\n   ^"),
            ("a@b, c@d", "a@b, c@d\n ^"),
            ("ñ a@b", "ñ a@b\n ^"),
        ] {
            let failure = parse("--to", text).unwrap_err();
            assert_eq!(failure.place.as_deref(), Some(place), "{}", failure.message);
            assert_eq!(failure.exit, crate::exit::Exit::Data);
        }
    }
}
