//! Learned secrets, and what hides them.

use crate::secret::Secret;
use core::ops::Range;
use std::borrow::Cow;

/// What stands for a secret, whatever its length.
pub const ASTERISKS: &str = "********************************";

/// Everything that must not show.
#[derive(Default)]
pub struct Mask {
    secrets: Vec<Vec<u8>>,
}

impl Mask {
    pub fn learn(&mut self, secret: &Secret) {
        self.secrets.push(secret.expose().as_bytes().to_vec());
    }

    pub fn learn_response(&mut self, encoded: &str) {
        self.secrets.push(encoded.as_bytes().to_vec());
    }

    /// `bytes` without secrets. The first `own` bytes are the protocol's own words.
    pub fn hide<'a>(&self, bytes: &'a [u8], own: usize) -> Cow<'a, [u8]> {
        hide(bytes, &self.find(bytes, own))
    }

    pub fn find(&self, bytes: &[u8], own: usize) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        for secret in self.secrets.iter().filter(|secret| !secret.is_empty()) {
            ranges.extend(memchr::memmem::find_iter(bytes, secret).map(|at| at..at + secret.len()));
        }
        ranges.retain(|range| range.end > own);
        ranges
    }
}

/// Puts 32 asterisks in the place of each range; ranges that touch are one.
pub fn hide<'a>(bytes: &'a [u8], ranges: &[Range<usize>]) -> Cow<'a, [u8]> {
    if ranges.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let mut ranges = ranges.to_vec();
    ranges.sort_by_key(|range| range.start);
    let mut hidden = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for range in ranges {
        if range.start > at || at == 0 {
            hidden.extend_from_slice(&bytes[at..range.start]);
            hidden.extend_from_slice(ASTERISKS.as_bytes());
        }
        at = at.max(range.end);
    }
    hidden.extend_from_slice(&bytes[at..]);
    Cow::Owned(hidden)
}
