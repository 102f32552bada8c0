//! Lines that are not as they were written: broken in two, torn, or with another one behind them.

use super::item::{Entry, Item};
use crate::line::{Parsed, Statement, parse, said};
use crate::stamp::{LENGTH, SHAPE};

/// Sentences behind which nothing can follow; what does is another line that was glued to this one.
const LAST_WORDS: [&str; 2] = ["SMTP Connection closed", "Conexión SMTP cerrada"];

/// A line of text with its place.
pub(super) struct Held<T> {
    pub text: T,
    pub missing: u64,
    pub number: u64,
    pub start: u64,
    pub end: u64,
}

impl Held<&[u8]> {
    fn item<'a>(&'a self, entry: Entry<'a>) -> Item<'a> {
        Item { number: self.number, bytes: self.start..self.end, text: self.text, missing: self.missing, entry }
    }
}

pub(super) struct Mender {
    /// The beginning of a line: the next line of text may be the rest of it.
    pub held: Option<Held<Vec<u8>>>,
    /// The last stamp: most lines have the same.
    stamp: [u8; LENGTH],
}

impl Default for Mender {
    fn default() -> Mender {
        Mender { held: None, stamp: *SHAPE }
    }
}

impl Mender {
    #[inline(always)]
    pub fn line(&mut self, line: Held<&[u8]>, each: &mut impl FnMut(&Item<'_>)) {
        if self.held.is_none()
            && let Some(said) = said(line.text, &mut self.stamp)
        {
            return each(&line.item(Entry::Line(said)));
        }
        self.odd(line, each);
    }

    /// What is not a plain line.
    #[inline(never)]
    fn odd(&mut self, line: Held<&[u8]>, each: &mut impl FnMut(&Item<'_>)) {
        let parsed = parse(line.text);
        if let Some(held) = self.held.take() {
            if matches!(parsed, Parsed::Foreign) && mended(&held, &line, each) {
                return;
            }
            torn(&held, each);
        }
        match parsed {
            Parsed::Whole(whole) => match whole.statement {
                Statement::Event(sentence) if ends_early(sentence) => glued(&line, sentence, each),
                _ => each(&line.item(Entry::Line(whole))),
            },
            // Its end is there, but was not kept.
            Parsed::Cut(Some(cut)) if line.missing > 0 => each(&line.item(Entry::Line(cut))),
            Parsed::Cut(_) => {
                let Held { text, missing, number, start, end } = line;
                self.held = Some(Held { text: text.to_vec(), missing, number, start, end });
            }
            Parsed::Leftover => each(&line.item(Entry::Leftover)),
            Parsed::Foreign => each(&line.item(Entry::Foreign)),
        }
    }

    pub fn end(&mut self, each: &mut impl FnMut(&Item<'_>)) {
        if let Some(held) = self.held.take() {
            torn(&held, each);
        }
    }
}

fn torn(held: &Held<Vec<u8>>, each: &mut impl FnMut(&Item<'_>)) {
    let line = match parse(&held.text) {
        Parsed::Cut(line) => line,
        _ => None,
    };
    each(&Item {
        number: held.number,
        bytes: held.start..held.end,
        text: &held.text,
        missing: 0,
        entry: Entry::Torn(line),
    });
}

/// Puts the two parts together, if they are one line then: as they are, or with the blank that stood where it broke.
fn mended(held: &Held<Vec<u8>>, rest: &Held<&[u8]>, each: &mut impl FnMut(&Item<'_>)) -> bool {
    if rest.missing > 0 || held.text.len() + rest.text.len() > super::LONGEST_LINE {
        return false;
    }
    for between in [&b""[..], b" "] {
        let whole = [&held.text, between, rest.text].concat();
        if let Parsed::Whole(line) = parse(&whole) {
            each(&Item {
                number: held.number,
                bytes: held.start..rest.end,
                text: &whole,
                missing: 0,
                entry: Entry::Mended(line),
            });
            return true;
        }
    }
    false
}

fn ends_early(sentence: &[u8]) -> bool {
    last_words(sentence).is_some_and(|length| length < sentence.len())
}

fn last_words(sentence: &[u8]) -> Option<usize> {
    LAST_WORDS.iter().find(|words| sentence.starts_with(words.as_bytes())).map(|words| words.len())
}

/// Gives out a line and, where it is one of its own, what stands behind it.
fn glued(line: &Held<&[u8]>, sentence: &[u8], each: &mut impl FnMut(&Item<'_>)) {
    let behind = last_words(sentence).map_or(0, |length| sentence.len() - length);
    let (first, second) = line.text.split_at(line.text.len() - behind);
    let entry = match parse(second) {
        Parsed::Whole(whole) => Entry::Line(whole),
        Parsed::Leftover => Entry::Leftover,
        Parsed::Cut(cut) if line.missing == 0 => Entry::Torn(cut),
        _ => {
            if let Parsed::Whole(whole) = parse(line.text) {
                each(&line.item(Entry::Line(whole)));
            }
            return;
        }
    };
    let middle = line.start + first.len() as u64;
    if let Parsed::Whole(whole) = parse(first) {
        let first = Held { text: first, missing: 0, end: middle, ..*line };
        each(&first.item(Entry::Line(whole)));
    }
    let second = Held { text: second, start: middle, ..*line };
    each(&second.item(entry));
}
