//! Finds many patterns in one pass, without regard to ASCII case.
//!
//! Every pattern has seeds, windows of four bytes. The text is read once; where its last four bytes are a seed (a small
//! filter says no nearly always) the pattern is compared.

use core::ops::Range;

const WINDOW: usize = 4;

/// Pieces shorter than this are not a secret's.
const SHORTEST_PIECE: usize = 12;

/// Seeds with the same window in one pattern, at most: a pattern of one letter repeated would make every search long.
const MOST_ALIKE: usize = 16;

/// What is sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    bytes: Vec<u8>,
    extent: Extent,
}

/// How much of a pattern must stand in the text, and what else belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    Whole,
    /// With the base64 characters beside it that depend on it in part.
    Base64 {
        before: bool,
        after: bool,
    },
    /// Any piece of 12 bytes or more.
    Pieces,
}

impl Pattern {
    pub fn whole(bytes: &[u8]) -> Pattern {
        Pattern { bytes: bytes.to_ascii_lowercase(), extent: Extent::Whole }
    }

    pub fn base64(core: &[u8], before: bool, after: bool) -> Pattern {
        Pattern { bytes: core.to_ascii_lowercase(), extent: Extent::Base64 { before, after } }
    }

    pub fn pieces(bytes: &[u8]) -> Pattern {
        let extent = if bytes.len() < SHORTEST_PIECE { Extent::Whole } else { Extent::Pieces };
        Pattern { bytes: bytes.to_ascii_lowercase(), extent }
    }

    /// Where the pattern stands in `text`, if its byte `offset` stands at `at`.
    fn compare(&self, offset: usize, text: &[u8], at: usize) -> Option<Range<usize>> {
        let pairs =
            |ours: &[u8], theirs: &[u8]| ours.iter().zip(theirs).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
        let forward = pairs(&self.bytes[offset..], &text[at..]);
        if self.extent != Extent::Pieces {
            return (offset == 0 && forward == self.bytes.len()).then(|| self.widen(at..at + forward, text));
        }
        let back = self.bytes[..offset]
            .iter()
            .rev()
            .zip(text[..at].iter().rev())
            .take_while(|(a, b)| a.eq_ignore_ascii_case(b))
            .count();
        (back + forward >= SHORTEST_PIECE).then(|| at - back..at + forward)
    }

    fn widen(&self, mut range: Range<usize>, text: &[u8]) -> Range<usize> {
        let Extent::Base64 { before, after } = self.extent else { return range };
        if before && range.start > 0 && is_base64(text[range.start - 1]) {
            range.start -= 1;
        }
        if after && text.get(range.end).is_some_and(|byte| is_base64(*byte)) {
            range.end += 1;
        }
        range.end += text[range.end..].iter().take(2).take_while(|byte| **byte == b'=').count();
        range
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

struct Seed {
    window: u32,
    pattern: usize,
    offset: usize,
}

/// Patterns, made ready for the search.
pub struct Finder {
    patterns: Vec<Pattern>,
    /// By window.
    seeds: Vec<Seed>,
    filter: [u64; 64],
}

impl Default for Finder {
    fn default() -> Finder {
        Finder { patterns: Vec::new(), seeds: Vec::new(), filter: [0; 64] }
    }
}

impl Finder {
    /// Patterns shorter than four bytes are left out.
    pub fn new(patterns: Vec<Pattern>) -> Finder {
        let mut finder = Finder::default();
        for pattern in patterns {
            if pattern.bytes.len() >= WINDOW && !finder.patterns.contains(&pattern) {
                finder.patterns.push(pattern);
            }
        }
        for (index, pattern) in finder.patterns.iter().enumerate() {
            finder.seeds.extend(seeds(index, pattern));
        }
        finder.seeds.sort_by_key(|seed| (seed.window, seed.pattern, seed.offset));
        thin_out(&mut finder.seeds);
        for seed in &finder.seeds {
            let (word, bit) = place(seed.window);
            finder.filter[word] |= bit;
        }
        finder
    }

    /// Length of the longest pattern.
    pub fn longest(&self) -> usize {
        self.patterns.iter().map(|pattern| pattern.bytes.len()).max().unwrap_or(0)
    }

    /// Calls `found` for each place, in no order; places may overlap.
    pub fn find(&self, text: &[u8], mut found: impl FnMut(Range<usize>)) {
        if self.seeds.is_empty() {
            return;
        }
        let mut window = 0u32;
        // The end of the last piece found: windows within it lead to the same piece again.
        let mut covered = 0;
        for (last, byte) in text.iter().enumerate() {
            window = window << 8 | u32::from(byte.to_ascii_lowercase());
            let (word, bit) = place(window);
            if self.filter[word] & bit == 0 || last + 1 < WINDOW {
                continue;
            }
            let first = self.seeds.partition_point(|seed| seed.window < window);
            for seed in self.seeds[first..].iter().take_while(|seed| seed.window == window) {
                let pattern = &self.patterns[seed.pattern];
                if pattern.extent == Extent::Pieces && last < covered {
                    continue;
                }
                if let Some(range) = pattern.compare(seed.offset, text, last + 1 - WINDOW) {
                    if pattern.extent == Extent::Pieces {
                        covered = covered.max(range.end);
                    }
                    found(range);
                }
            }
        }
    }
}

fn seeds(index: usize, pattern: &Pattern) -> Vec<Seed> {
    let offsets = match pattern.extent {
        // Twelve bytes of the pattern, wherever they start, hold a whole window that starts at a multiple of four.
        Extent::Pieces => pattern.bytes.len() / WINDOW,
        _ => 1,
    };
    let seed = |number: usize| {
        let offset = number * WINDOW;
        let window = pattern.bytes[offset..offset + WINDOW].iter().fold(0, |all, byte| all << 8 | u32::from(*byte));
        Seed { window, pattern: index, offset }
    };
    (0..offsets).map(seed).collect()
}

fn thin_out(seeds: &mut Vec<Seed>) {
    let (mut last, mut alike) = (None, 0);
    seeds.retain(|seed| {
        let this = Some((seed.window, seed.pattern));
        alike = if this == last { alike + 1 } else { 0 };
        last = this;
        alike < MOST_ALIKE
    });
}

/// Where the filter has a window.
fn place(window: u32) -> (usize, u64) {
    let hash = window.wrapping_mul(0x9e37_79b1) >> 20;
    ((hash >> 6) as usize, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(patterns: Vec<Pattern>, text: &[u8]) -> Vec<(usize, usize)> {
        let mut ranges = Vec::new();
        Finder::new(patterns).find(text, |range| ranges.push((range.start, range.end)));
        ranges.sort_unstable();
        ranges
    }

    #[test]
    fn whole_patterns_in_any_case() {
        let patterns = vec![Pattern::whole(b"Pencil"), Pattern::whole(b"pen"), Pattern::whole(b"cils")];
        assert_eq!(find(patterns, b"pencil PENCILS penci"), [(0, 6), (7, 13), (10, 14)]);
    }

    #[test]
    fn overlapping_places_are_all_found() {
        assert_eq!(find(vec![Pattern::whole(b"abab")], b"ababab"), [(0, 4), (2, 6)]);
    }

    #[test]
    fn pieces_of_twelve() {
        let pattern = || vec![Pattern::pieces(b"abcdefghijklmnopqrstuvwxyz0123456789")];
        assert_eq!(find(pattern(), b"..bcdefghijklm.."), [(2, 14)]);
        assert_eq!(find(pattern(), b"..bcdefghijkl.."), []);
        assert_eq!(find(pattern(), b"opqrstuvwxyz0123456789!abcdefghijkl"), [(0, 22), (23, 35)]);
        let one_letter = vec![Pattern::pieces(&[b'a'; 4000])];
        assert_eq!(find(one_letter, &[b'a'; 9000]).first(), Some(&(0, 4000)));
    }

    #[test]
    fn base64_takes_its_neighbours() {
        let pattern = || vec![Pattern::base64(b"Core", true, true)];
        assert_eq!(find(pattern(), b"xxCorexx"), [(1, 7)]);
        assert_eq!(find(pattern(), b"Core=="), [(0, 6)]);
        assert_eq!(find(pattern(), b" Core "), [(1, 5)]);
    }
}
