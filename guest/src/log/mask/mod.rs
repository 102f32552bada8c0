//! Learned secrets, and what hides them.
//!
//! Masking works on the bytes as they came, before anything is escaped or decoded, and never on the look of a line:
//! one odd byte must not switch it off. A secret is sought in every form that a peer may give it ([`forms`]), without
//! regard to ASCII case, and in views of the text that leave out what folding adds ([`view`]).

mod encoded;
mod finder;
mod forms;
mod view;
mod words;

use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use core::ops::Range;
use finder::{Finder, Pattern};
use std::borrow::Cow;
use std::collections::VecDeque;
use words::Words;

/// What stands for a secret, whatever its length.
pub const ASTERISKS: &str = "********************************";

/// Secrets shorter than this are sought as words only: they would be found everywhere.
const SHORTEST: usize = 4;

/// SASL responses that are remembered; a kept transporter authenticates again and again.
const MOST_RESPONSES: usize = 12;

/// Everything that must not show.
#[derive(Default)]
pub struct Mask {
    secrets: Vec<String>,
    responses: VecDeque<Response>,
    finder: Finder,
    words: Words,
}

/// A SASL response.
struct Response {
    /// Base64, without padding.
    encoded: String,
    /// So many of its first bytes tell nothing of the secret.
    public: usize,
}

impl Response {
    fn patterns(&self) -> Vec<Pattern> {
        let encoded = self.encoded.as_bytes();
        if self.public == 0 {
            return vec![Pattern::pieces(encoded)];
        }
        // A nonce stands in the server's challenge too, which is to be read as it came.
        let mut patterns = vec![Pattern::base64(encoded, false, false)];
        let bytes = STANDARD_NO_PAD.decode(encoded).unwrap_or_default();
        if let Some(telling) = bytes.get(self.public..).filter(|telling| telling.len() >= SHORTEST) {
            patterns.push(Pattern::pieces(telling));
            let first = (self.public * 8).div_ceil(6);
            patterns.push(Pattern::pieces(encoded.get(first..).unwrap_or_default()));
        }
        patterns
    }
}

impl Mask {
    pub fn learn(&mut self, secret: &Secret) {
        let secret = secret.expose();
        if !secret.is_empty() && !self.secrets.iter().any(|known| known == secret) {
            self.secrets.push(secret.to_owned());
            self.rebuild();
        }
    }

    pub fn learn_response(&mut self, encoded: &str, public: usize) {
        let encoded = encoded.trim_end_matches('=');
        if encoded.len() < SHORTEST || self.responses.iter().any(|known| known.encoded == encoded) {
            return;
        }
        if self.responses.len() == MOST_RESPONSES {
            self.responses.pop_front();
        }
        self.responses.push_back(Response { encoded: encoded.to_owned(), public });
        self.rebuild();
    }

    fn rebuild(&mut self) {
        let (short, long): (Vec<_>, Vec<_>) = self.secrets.iter().partition(|secret| secret.len() < SHORTEST);
        let mut patterns: Vec<_> = long.into_iter().flat_map(|secret| forms::of(secret)).collect();
        patterns.extend(self.responses.iter().flat_map(Response::patterns));
        self.finder = Finder::new(patterns);
        self.words = Words::new(short.into_iter().map(String::as_str));
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty() && self.responses.is_empty()
    }

    /// Length of the longest form: what may be cut in two.
    pub fn longest(&self) -> usize {
        self.finder.longest()
    }

    /// `line` without the secrets that stand in it as one piece. Of the `own` first bytes, which are the protocol's
    /// words and not somebody's text, nothing is hidden unless a secret goes on behind them.
    pub fn hide<'a>(&self, line: &'a [u8], own: usize) -> Cow<'a, [u8]> {
        hide(line, self.find(line, own))
    }

    /// The same, also with blanks, control characters and the like strewn in: for what others say.
    pub fn hide_all<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut ranges = self.find(text, 0);
        let lines = view::Lines::whole(text);
        ranges.extend(self.find_in(&lines).into_iter().flatten());
        hide(text, ranges)
    }

    /// Where secrets stand in a line as one piece.
    pub fn find(&self, line: &[u8], own: usize) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        self.finder.find(line, |range| ranges.push(range));
        self.words.find(line, |range| ranges.push(range));
        ranges.retain(|range| range.end > own);
        ranges
    }

    /// Where secrets stand in the lines of a reply, for each line: within one, and cut over several.
    pub fn find_in_reply(&self, lines: &[&[u8]]) -> Vec<Vec<Range<usize>>> {
        if self.is_empty() {
            return vec![Vec::new(); lines.len()];
        }
        let mut found: Vec<_> = lines.iter().map(|line| self.find(line, view::code(line))).collect();
        for view in [view::Lines::behind_codes(lines), view::Lines::behind_enhanced_codes(lines)] {
            for (known, new) in found.iter_mut().zip(self.find_in(&view)) {
                known.extend(new);
            }
        }
        found
    }

    fn find_in(&self, lines: &view::Lines) -> Vec<Vec<Range<usize>>> {
        let mut found = vec![Vec::new(); lines.len()];
        for text in [lines.joined(), lines.squeezed()] {
            self.finder.find(&text.bytes, |range| lines.locate(text.origin(range), &mut found));
            let find = |bytes: &[u8], found: &mut dyn FnMut(Range<usize>)| self.finder.find(bytes, found);
            encoded::search(&text.bytes, find, &mut |range| lines.locate(text.origin(range), &mut found));
        }
        found
    }
}

/// Puts 32 asterisks in the place of each range; ranges that touch are one.
pub fn hide(bytes: &[u8], mut ranges: Vec<Range<usize>>) -> Cow<'_, [u8]> {
    if ranges.is_empty() {
        return Cow::Borrowed(bytes);
    }
    ranges.sort_unstable_by_key(|range| range.start);
    let mut hidden = Vec::with_capacity(bytes.len() + ASTERISKS.len());
    let mut shown = 0;
    let mut ranges = ranges.into_iter().peekable();
    while let Some(mut range) = ranges.next() {
        while let Some(next) = ranges.next_if(|next| next.start <= range.end) {
            range.end = range.end.max(next.end);
        }
        hidden.extend_from_slice(&bytes[shown..range.start]);
        hidden.extend_from_slice(ASTERISKS.as_bytes());
        shown = range.end;
    }
    hidden.extend_from_slice(&bytes[shown..]);
    Cow::Owned(hidden)
}

#[cfg(test)]
mod tests;
