//! Mailboxes as people write them: `a@b`, `Name <a@b>`, and several of them in one text.

pub mod character;
pub mod domain;
mod list;

pub use list::parse_list;

use smtp_host::types::Mailbox;

use character::name;

/// Why a text is no mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The byte of the text where the wrong character begins.
    pub at: usize,
    /// What is wrong there.
    pub why: String,
}

/// Reads one mailbox.
///
/// # Errors
/// Where the text is none: the first character that can't stand there.
pub fn parse(text: &str) -> Result<Mailbox, Wrong> {
    if let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_control()) {
        return Err(Wrong { at, why: format!("{} can't stand here", name(c)) });
    }
    if let Some(at) = group(text) {
        let why = "a colon begins a group (`Team: a@b, c@d;`), which can't stand here: give its members, or put a name \
                   with a colon in quotes";
        return Err(Wrong { at, why: why.to_owned() });
    }
    let (name, email, begin) = match (text.rfind('<'), text.trim_end().strip_suffix('>')) {
        (Some(open), Some(whole)) => (display_name(&text[..open]), &whole[open + 1..], open + 1),
        _ => (None, text.trim(), text.len() - text.trim_start().len()),
    };
    match address(email) {
        Ok(()) => Ok(Mailbox { name, email: email.to_owned() }),
        Err((at, why)) => Err(Wrong { at: begin + at, why }),
    }
}

/// Where the members of a group would begin (RFC 5322 §3.4): at a colon before any address.
fn group(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ':' if !quoted => return Some(at),
            '<' | '@' if !quoted => return None,
            _ => {}
        }
    }
    None
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
