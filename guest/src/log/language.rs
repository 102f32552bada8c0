//! The languages of the log's events, and how a text of the catalogue is filled.

use core::fmt::Write;
use memchr::memchr;

/// The language of the events; what client and server say stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// The default.
    #[default]
    English,
    /// The wording of the format's origin.
    Spanish,
}

/// One text in every language. `{name}` stands for a value.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub en: &'static str,
    pub es: &'static str,
}

impl Text {
    pub fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Spanish => self.es,
        }
    }

    /// Appends the text with the values put in. One pass: a value that looks like a place stays what it is.
    pub fn fill(&self, language: Language, values: &[(&str, Value)], into: &mut String) {
        let mut rest = self.in_language(language);
        while let Some(open) = memchr(b'{', rest.as_bytes()) {
            into.push_str(&rest[..open]);
            let Some(length) = memchr(b'}', &rest.as_bytes()[open..]) else { break };
            let (name, behind) = (&rest[open + 1..open + length], &rest[open + length + 1..]);
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, Value::Text(text))) => into.push_str(text),
                // Writing into a `String` can't fail.
                Some((_, Value::Number(number))) => drop(write!(into, "{number}")),
                None => {}
            }
            rest = behind;
        }
        into.push_str(rest);
    }
}

/// What stands for a place in a text.
pub enum Value {
    Text(String),
    Number(u64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_read_as_places() {
        let text = Text { en: "{a} and {b}.", es: "{b} y {a}." };
        let values = [("a", Value::Text("{b}".to_owned())), ("b", Value::Number(2))];
        for (language, filled) in [(Language::English, "### {b} and 2."), (Language::Spanish, "### 2 y {b}.")] {
            let mut into = "### ".to_owned();
            text.fill(language, &values, &mut into);
            assert_eq!(into, filled);
        }
    }
}
