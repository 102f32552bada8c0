//! Message-IDs and Content-IDs, RFC 5322 §3.6.4.

use super::address::marked;

/// Leaves room on a line of 998 for any field name.
const MAX_ID: usize = 900;

/// The ID without its brackets: printable ASCII that no reader can take for two.
pub(super) fn bare(id: &str) -> Result<&str, String> {
    let inner = id.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(id);
    if inner.is_empty() {
        return Err("the ID is empty".to_owned());
    }
    if inner.len() > MAX_ID {
        return Err(format!("the ID has {} bytes, more than {MAX_ID}", inner.len()));
    }
    match inner.char_indices().find(|&(_, c)| !c.is_ascii_graphic() || c == '<' || c == '>') {
        Some((at, _)) => Err(marked(inner, at, "can't stand in an ID")),
        None => Ok(inner),
    }
}

/// As [`bare`], with something on both sides of one `@`: an ID that we give has a domain.
pub(super) fn with_domain(id: &str) -> Result<&str, String> {
    let inner = bare(id)?;
    match inner.split_once('@') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() && !right.contains('@') => Ok(inner),
        _ => Err(format!("{inner:?} is no `left@domain`")),
    }
}

/// `bytes` in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
