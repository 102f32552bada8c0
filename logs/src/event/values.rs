//! The values of a sentence, by the names that they have in it.

use super::Broken;
use super::rows;
use crate::conversation::{LONGEST_TEXT, Phase};

/// More places than any sentence has.
const MOST: usize = 8;

#[derive(Default)]
pub(super) struct Values<'t> {
    pairs: [(&'static str, &'t str); MOST],
    count: usize,
}

impl<'t> Values<'t> {
    pub fn push(&mut self, name: &'static str, value: &'t str) {
        if let Some(pair) = self.pairs.get_mut(self.count) {
            *pair = (name, value);
            self.count += 1;
        }
    }

    /// The value; empty where the sentence has none of this name.
    pub fn text(&self, name: &str) -> &'t str {
        self.pairs[..self.count].iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    pub fn owned(&self, name: &str) -> String {
        kept(self.text(name))
    }

    /// Without the quotes that a part of a sentence has around it.
    pub fn unquoted(&self, name: &str) -> String {
        let text = self.text(name);
        kept(text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text))
    }

    pub fn number(&self, name: &str) -> Option<u64> {
        let text = self.text(name);
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
    }

    pub fn small(&self, name: &str) -> Option<u16> {
        self.number(name)?.try_into().ok()
    }

    /// `1.5 s` in milliseconds.
    pub fn ms(&self, name: &str) -> Option<u64> {
        milliseconds(self.text(name))
    }

    pub fn awaiting(&self) -> Option<Phase> {
        rows::phase(self.text("awaiting"))
    }

    pub fn failure(&self) -> Broken {
        rows::broken(self.text("failure"))
    }
}

pub(super) fn milliseconds(text: &str) -> Option<u64> {
    let (whole, part) = text.strip_suffix(" s").map(|number| number.split_once('.').unwrap_or((number, "0")))?;
    if part.len() > 3 || !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u64 = format!("{part:0<3}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(part)
}

/// A copy of the text, cut where it is too long.
pub(crate) fn kept(text: &str) -> String {
    if text.len() <= LONGEST_TEXT {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(LONGEST_TEXT)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds() {
        for (text, ms) in [("30 s", 30_000), ("1.5 s", 1500), ("0.012 s", 12), ("0 s", 0)] {
            assert_eq!(milliseconds(text), Some(ms), "{text}");
        }
        for text in ["", "30", " s", "1.2345 s", "-1 s", "99999999999999999999 s", "1.5.5 s"] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
