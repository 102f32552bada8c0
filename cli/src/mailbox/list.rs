//! Several mailboxes in one text, with commas or semicolons between them.

use smtp_host::types::Mailbox;

use super::{Wrong, parse};

/// Reads the mailboxes of a text. Separators within quotes, angle brackets and comments are none; empty items and a
/// separator at the end do no harm.
///
/// # Errors
/// As [`parse`]; the place is that in the whole text.
pub fn parse_list(text: &str) -> Result<Vec<Mailbox>, Wrong> {
    let mut found = Vec::new();
    for (begin, item) in items(text) {
        // A text of blanks and separators names nobody, which is the caller's to judge.
        if !item.trim().is_empty() {
            found.push(parse(item).map_err(|wrong| Wrong { at: begin + wrong.at, ..wrong })?);
        }
    }
    Ok(found)
}

/// Each item with the byte where it begins.
fn items(text: &str) -> Vec<(usize, &str)> {
    let mut items = Vec::new();
    let (mut begin, mut quoted, mut escaped, mut angle) = (0, false, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => angle = true,
            '>' if !quoted => angle = false,
            ',' | ';' if !quoted && !angle => {
                items.push((begin, &text[begin..at]));
                begin = at + 1;
            }
            _ => {}
        }
    }
    items.push((begin, &text[begin..]));
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<(Option<String>, String)> {
        let found = parse_list(text).unwrap();
        found.into_iter().map(|Mailbox { name, email }| (name, email)).collect()
    }

    fn named(name: &str, email: &str) -> (Option<String>, String) {
        (Some(name.to_owned()), email.to_owned())
    }

    #[test]
    fn separators() {
        let two = vec![(None, "a@b".to_owned()), (None, "c@d".to_owned())];
        for text in ["a@b,c@d", " a@b ; c@d ", ",a@b,,c@d;", "a@b;;c@d, ,"] {
            assert_eq!(list(text), two, "{text}");
        }
        for text in ["", " ", ",;,"] {
            assert_eq!(list(text), [], "{text}");
        }
    }

    #[test]
    fn names_with_separators() {
        assert_eq!(
            list(r#""Doe, John; \"J\"" <j@d>, Ana <ana@e>;"x,y"@z"#),
            [named("Doe, John; \"J\"", "j@d"), named("Ana", "ana@e"), (None, "\"x,y\"@z".into())]
        );
    }

    #[test]
    fn groups_are_named() {
        for (text, at) in
            [("Team: a@b, c@d;", 4), ("x@y; Team: Ann <a@b>;", 9), ("undisclosed-recipients:;", 22), ("\"T\": a@b;", 3)]
        {
            let wrong = parse_list(text).unwrap_err();
            assert!(wrong.at == at && wrong.why.contains("group"), "{text}: {wrong:?}");
        }
        assert_eq!(list("\"Team: A\" <a@b>, c@[IPv6:::1]"), [named("Team: A", "a@b"), (None, "c@[IPv6:::1]".into())]);
    }

    #[test]
    fn places_are_those_of_the_whole_text() {
        assert_eq!(parse_list("a@b, c d@e").unwrap_err().at, 6);
        let unquoted = parse_list("Doe, John <j@d>").unwrap_err();
        assert_eq!((unquoted.at, unquoted.why.as_str()), (3, "the address has no '@': it is name@domain"));
        assert_eq!(parse_list("\"open <a@b>, c@d").unwrap_err().at, 0);
    }
}
