//! How an error shows input that breaks its grammar, and where.

use crate::error::Error;

/// How much of the input an error shows.
const SHOWN: usize = 80;

/// Something that is read: `whole` is what the caller gave, `from` the byte at which the part begins that is at stake.
pub(super) struct Place<'a> {
    pub whole: &'a str,
    pub from: usize,
    /// `an address`.
    pub what: &'static str,
}

impl Place<'_> {
    /// The character `c` at byte `at` of the part may not stand there.
    pub fn forbidden(&self, at: usize, c: char) -> Error {
        let number = self.whole.get(..self.from + at).map_or(0, |before| before.chars().count()) + 1;
        Error::input(format!("{}: character {number} ({}) is not allowed in {}", quote(self.whole), name(c), self.what))
    }

    /// `the domain` for `a domain`.
    pub fn subject(&self) -> String {
        let noun = self.what.split_once(' ').map_or(self.what, |(_, noun)| noun);
        format!("the {noun}")
    }
}

/// In backquotes, with what can't be seen made visible, cut where it is long.
pub(super) fn quote(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

fn name(c: char) -> String {
    match c {
        '\r' => "CR".to_owned(),
        '\n' => "LF".to_owned(),
        '\0' => "NUL".to_owned(),
        '\t' => "tab".to_owned(),
        ' ' => "blank".to_owned(),
        c if c.is_control() || c.is_whitespace() => format!("U+{:04X}", u32::from(c)),
        c => format!("`{c}`"),
    }
}
