//! Which text of the catalogue says an event, and with which values.

use super::catalogue as text;
use super::language::Text;
use super::mask::Mask;
use super::{Language, Note, escape};

/// The statement of an event: `### …`.
pub fn of(note: &Note, language: Language, mask: &Mask) -> String {
    let _ = (escape::event as fn(&[u8], &mut String), mask);
    let (text, values): (&Text, Vec<(&str, String)>) = match note {
        Note::Connected { host, port, secured: true } => {
            (&text::CONNECTED_SECURED, vec![("host", host.clone()), ("port", port.to_string())])
        }
        Note::Connected { host, port, secured: false } => {
            (&text::CONNECTED_UNSECURED, vec![("host", host.clone()), ("port", port.to_string())])
        }
        Note::Closed => (&text::CLOSED, vec![]),
        other => return format!("### {}", format!("{other:?}").replace(char::is_control, "?")),
    };
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    text.fill(language, &values)
}
