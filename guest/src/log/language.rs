//! The languages of the log's events, and how a text of the catalogue is filled.

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

    /// Puts the values in. One pass: a value that looks like a place stays what it is.
    pub fn fill(&self, language: Language, values: &[(&str, &str)]) -> String {
        let mut rest = self.in_language(language);
        let mut filled = String::with_capacity(rest.len() + 64);
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            let Some(length) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + length];
            if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
                filled.push_str(value);
            }
            rest = &rest[open + length + 1..];
        }
        filled.push_str(rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_read_as_places() {
        let text = Text { en: "{a} and {b}.", es: "{b} y {a}." };
        let values = [("a", "{b}"), ("b", "2")];
        assert_eq!(text.fill(Language::English, &values), "{b} and 2.");
        assert_eq!(text.fill(Language::Spanish, &values), "2 y {b}.");
    }
}
