//! A sentence with places for values: `SMTP Connected to '{host}' on port {port}. (secured)`.

use super::values::Values;

/// A sentence, cut at its places.
pub(super) struct Template {
    /// What stands before the first place, and behind each.
    words: Vec<&'static str>,
    names: Vec<&'static str>,
}

impl Template {
    pub fn new(text: &'static str) -> Template {
        let mut parts = text.split(['{', '}']);
        let mut template = Template { words: vec![parts.next().unwrap_or_default()], names: Vec::new() };
        while let (Some(name), Some(words)) = (parts.next(), parts.next()) {
            template.names.push(name);
            template.words.push(words);
        }
        template
    }

    /// The values, where `text` is this sentence. A value ends where the words behind its place first stand.
    pub fn read<'t>(&self, text: &'t str) -> Option<Values<'t>> {
        let mut rest = text.strip_prefix(self.words[0])?;
        let Some((last, between)) = self.words[1..].split_last() else {
            return rest.is_empty().then(Values::default);
        };
        let mut values = Values::default();
        let mut names = self.names.iter();
        for words in between {
            let at = rest.find(words)?;
            values.push(names.next()?, &rest[..at]);
            rest = &rest[at + words.len()..];
        }
        values.push(names.next()?, rest.strip_suffix(last)?);
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_sentence() {
        let template = Template::new("A '{a}' on {b}. ({c})");
        let values = template.read("A 'x y' on 2. (said '. (z)')").expect("it fits");
        assert_eq!((values.text("a"), values.text("b"), values.text("c")), ("x y", "2", "said '. (z)'"));
        assert!(template.read("A 'x' on 2.").is_none());
        assert!(Template::new("Closed").read("Closed").is_some());
        assert!(Template::new("Closed").read("Closed.").is_none());
    }
}
