//! `a@b` and `Name <a@b>`, as they stand on a command line.

use smtp_cli::mailbox::{self, Wrong};
use smtp_host::types::Mailbox;

use crate::exit::Failure;

/// Reads a mailbox; `option` is named where it is wrong, and the place marked.
pub fn parse(option: &str, text: &str) -> Result<Mailbox, Failure> {
    mailbox::parse(text).map_err(|wrong| failure(option, text, &wrong))
}

/// Reads one mailbox or several with commas or semicolons.
pub fn parse_list(option: &str, text: &str) -> Result<Vec<Mailbox>, Failure> {
    match mailbox::parse_list(text) {
        // Nobody at all: as one mailbox that is missing.
        Ok(found) if found.is_empty() => parse(option, text).map(|one| vec![one]),
        Ok(found) => Ok(found),
        Err(wrong) => Err(failure(option, text, &wrong)),
    }
}

/// An address alone; the empty text and `<>` are the sender of notifications.
pub fn reverse_path(option: &str, text: &str) -> Result<String, Failure> {
    if text.is_empty() || text == "<>" {
        return Ok(String::new());
    }
    parse(option, text).map(|mailbox| mailbox.email)
}

fn failure(option: &str, text: &str, wrong: &Wrong) -> Failure {
    Failure::data(format!("{option}: {}", wrong.why)).at(text, wrong.at)
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
