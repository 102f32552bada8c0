//! The grammar of host names, as far as a place can be marked: the component checks the rest.

use super::character::name;

/// The first character that can't stand in a host name or address literal, and what is wrong with it.
pub fn check(domain: &str) -> Result<(), (usize, String)> {
    if domain.is_empty() {
        return Err((0, "nothing stands where a host name should".to_owned()));
    }
    if domain.starts_with('[') {
        return literal(domain);
    }
    let mut label = 0;
    for (at, c) in domain.char_indices() {
        match c {
            '.' if at == label => return Err((at, "a dot can't stand at the beginning or behind a dot".to_owned())),
            '.' => label = at + 1,
            '-' if at == label => return Err((at, "'-' can't begin a part of a host name".to_owned())),
            c if c.is_alphanumeric()
                || c == '-'
                || c == '_'
                || (!c.is_ascii() && !c.is_control() && !c.is_whitespace()) => {}
            c => return Err((at, format!("{} can't stand in a host name", name(c)))),
        }
    }
    Ok(())
}

/// `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
fn literal(domain: &str) -> Result<(), (usize, String)> {
    let inside = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-');
    match domain.char_indices().skip(1).find(|(_, c)| !inside(c)) {
        Some((at, ']')) if at + 1 == domain.len() => Ok(()),
        Some((at, c)) => Err((at, format!("{} can't stand in an address literal", name(c)))),
        None => Err((domain.len(), "the closing bracket is missing".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn places() {
        for (domain, at) in [
            ("mail.example.com", None),
            ("münchen.de", None),
            ("localhost", None),
            ("my_host.local.", None),
            ("[192.0.2.1]", None),
            ("[IPv6:2001:db8::1]", None),
            ("", Some(0)),
            (".a", Some(0)),
            ("a..b", Some(2)),
            ("a.-b", Some(2)),
            ("a b", Some(1)),
            ("a\r\nRSET", Some(1)),
            ("a/b", Some(1)),
            ("[192.0.2.1", Some(10)),
            ("[::1]x", Some(4)),
        ] {
            assert_eq!(check(domain).err().map(|(at, _)| at), at, "{domain}");
        }
    }
}
