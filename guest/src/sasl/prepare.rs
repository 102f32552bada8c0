//! SASLprep, RFC 4013, of what goes into a hash.

/// `text` in the form in which both sides can agree on it, whatever keyboard it came from.
///
/// A text that has no such form (it holds a prohibited or unassigned code point, or mixes directions) stays as it is:
/// a server that took such a password took its bytes, and refusing to try would lock its owner out.
pub fn prepare(text: &str) -> String {
    match stringprep::saslprep(text) {
        Ok(prepared) if !prepared.is_empty() => prepared.into_owned(),
        _ => text.to_owned(),
    }
}
