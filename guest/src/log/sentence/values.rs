//! The values of a sentence, masked and escaped on their way in.

use super::parts::awaiting;
use crate::error::Phase;
use crate::log::language::{Language, Text, Value};
use crate::log::mask::Mask;
use crate::log::{escape, statement};

/// Of a value longer than this, the beginning is said.
const LONGEST: usize = 1024;

/// Values by the names that they have in the texts.
pub struct Values<'a> {
    language: Language,
    mask: &'a Mask,
    values: Vec<(&'static str, Value)>,
}

impl<'a> Values<'a> {
    pub fn new(language: Language, mask: &'a Mask) -> Values<'a> {
        Values { language, mask, values: Vec::new() }
    }

    /// No values, the same language and mask: for a part of the sentence.
    pub fn fresh(&self) -> Values<'a> {
        Values::new(self.language, self.mask)
    }

    /// Somebody else's text.
    pub fn text(self, name: &'static str, text: &str) -> Self {
        self.bytes(name, text.as_bytes())
    }

    /// Somebody else's bytes. They are masked before they are cut: half a secret would not be recognised.
    pub fn bytes(self, name: &'static str, bytes: &[u8]) -> Self {
        let hidden = self.mask.hide_all(bytes);
        let end = statement::boundary(&hidden, LONGEST.min(hidden.len()));
        let mut safe = String::new();
        escape::event(&hidden[..end], &mut safe);
        if end < hidden.len() {
            safe.push('…');
        }
        self.ready(name, safe)
    }

    pub fn number(self, name: &'static str, number: impl Into<u64>) -> Self {
        self.value(name, Value::Number(number.into()))
    }

    /// `30 s`, `1.5 s`, `0.012 s`.
    pub fn seconds(self, name: &'static str, ms: u32) -> Self {
        let exact = format!("{}.{:03}", ms / 1000, ms % 1000);
        let short = exact.trim_end_matches('0').trim_end_matches('.');
        self.ready(name, format!("{short} s"))
    }

    /// What was being waited for.
    pub fn awaiting(self, phase: Phase) -> Self {
        self.part("awaiting", |with| with.phrase(awaiting(phase)))
    }

    /// A part of the sentence that has values of its own.
    pub fn part(self, name: &'static str, part: impl FnOnce(Values<'a>) -> String) -> Self {
        let part = part(self.fresh());
        self.ready(name, part)
    }

    /// Text that is safe as it is.
    pub fn ready(self, name: &'static str, text: String) -> Self {
        self.value(name, Value::Text(text))
    }

    fn value(mut self, name: &'static str, value: Value) -> Self {
        self.values.push((name, value));
        self
    }

    /// The text with the values.
    pub fn phrase(self, text: &Text) -> String {
        self.behind("", text)
    }

    /// The statement.
    pub fn event(self, text: &Text) -> String {
        self.behind("### ", text)
    }

    fn behind(self, start: &str, text: &Text) -> String {
        let mut filled = String::with_capacity(128);
        filled.push_str(start);
        text.fill(self.language, &self.values, &mut filled);
        filled
    }
}
