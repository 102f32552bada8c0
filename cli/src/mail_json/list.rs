//! Lists that may also be one text.

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use std::fmt;

/// A text with blanks between the items, or a list.
#[derive(Default)]
pub struct Words(pub Vec<String>);

/// A text with commas between the items, or a list.
#[derive(Default)]
pub struct Commas(pub Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        deserializer.deserialize_any(TextOrList(char::is_whitespace)).map(Words)
    }
}

impl<'de> Deserialize<'de> for Commas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Commas, D::Error> {
        deserializer.deserialize_any(TextOrList(|c| c == ',')).map(Commas)
    }
}

struct TextOrList(fn(char) -> bool);

impl<'de> Visitor<'de> for TextOrList {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<String>, E> {
        let items = text.split(self.0).map(str::trim).filter(|item| !item.is_empty());
        Ok(items.map(ToOwned::to_owned).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = list.next_element()? {
            all.push(item);
        }
        Ok(all)
    }
}
