//! Other ways to look at lines, in which a secret that was folded or sprinkled with blanks stands as one piece again.

use core::ops::Range;
use std::borrow::Cow;

/// Text that was made of lines, with the place that each byte comes from.
pub struct Text<'a> {
    pub bytes: Cow<'a, [u8]>,
    /// Where each byte stood before; none if it still stands there.
    places: Option<Vec<u32>>,
}

impl Text<'_> {
    /// The bytes of the range as they stood before, from the first to the last.
    pub fn origin(&self, range: Range<usize>) -> Range<usize> {
        match &self.places {
            None => range,
            Some(places) => places[range.start] as usize..places[range.end - 1] as usize + 1,
        }
    }
}

/// Lines without what stands at their beginning, joined.
pub struct Lines {
    joined: Vec<u8>,
    /// Of each line: where it begins in `joined`, and how many bytes were left out before it.
    begins: Vec<(usize, usize)>,
}

impl Lines {
    /// One text, whole.
    pub fn whole(text: &[u8]) -> Lines {
        Lines::behind(&[text], |_| 0)
    }

    /// Lines of a reply behind their codes: `535-`.
    pub fn behind_codes(lines: &[&[u8]]) -> Lines {
        Lines::behind(lines, code)
    }

    /// Lines of a reply behind their enhanced codes: `535-5.7.8 `.
    pub fn behind_enhanced_codes(lines: &[&[u8]]) -> Lines {
        Lines::behind(lines, |line| code(line) + enhanced_code(&line[code(line)..]))
    }

    fn behind(lines: &[&[u8]], skip: impl Fn(&[u8]) -> usize) -> Lines {
        let mut joined = Vec::with_capacity(lines.iter().map(|line| line.len()).sum());
        let mut begins = Vec::with_capacity(lines.len());
        for line in lines {
            let skip = skip(line);
            begins.push((joined.len(), skip));
            joined.extend_from_slice(&line[skip..]);
        }
        Lines { joined, begins }
    }

    pub fn len(&self) -> usize {
        self.begins.len()
    }

    pub fn joined(&self) -> Text<'_> {
        Text { bytes: Cow::Borrowed(&self.joined), places: None }
    }

    pub fn squeezed(&self) -> Text<'_> {
        let kept = self.joined.iter().enumerate().filter(|(_, byte)| stays(byte));
        let (places, bytes): (Vec<_>, Vec<_>) = kept.map(|(place, byte)| (place as u32, *byte)).unzip();
        Text { bytes: Cow::Owned(bytes), places: Some(places) }
    }

    /// Adds a range of the joined text to each line that it touches.
    pub fn locate(&self, range: Range<usize>, found: &mut [Vec<Range<usize>>]) {
        let first = self.begins.partition_point(|(begin, _)| *begin <= range.start).saturating_sub(1);
        for (index, (begin, skipped)) in self.begins.iter().enumerate().skip(first) {
            if *begin >= range.end {
                break;
            }
            let end = self.begins.get(index + 1).map_or(self.joined.len(), |(next, _)| *next);
            let part = range.start.max(*begin)..range.end.min(end);
            if !part.is_empty() {
                found[index].push(part.start - begin + skipped..part.end - begin + skipped);
            }
        }
    }
}

/// A form without the bytes that a squeezed text lacks; none where too little of it would be left to know it by.
pub fn squeeze(form: &[u8]) -> Option<Vec<u8>> {
    let squeezed: Vec<_> = form.iter().copied().filter(stays).collect();
    (squeezed.len() * 2 >= form.len()).then_some(squeezed)
}

/// Blanks, control characters, what is not ASCII, and the mark that some put in its place are left out.
fn stays(byte: &u8) -> bool {
    byte.is_ascii_graphic() && *byte != b'?'
}

/// Length of a reply's code with the character behind it.
pub fn code(line: &[u8]) -> usize {
    match line {
        [a, b, c, b' ' | b'-', ..] if [a, b, c].into_iter().all(u8::is_ascii_digit) => 4,
        _ => 0,
    }
}

/// Length of an enhanced code with the blanks behind it: `5.7.8 `.
fn enhanced_code(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    let [b'2' | b'4' | b'5', b'.', ..] = text else { return 0 };
    let subject = digits(2);
    if subject == 0 || text.get(2 + subject) != Some(&b'.') {
        return 0;
    }
    let end = 3 + subject + digits(3 + subject);
    let blanks = text[end..].iter().take_while(|byte| **byte == b' ').count();
    if end == 3 + subject || (blanks == 0 && end < text.len()) { 0 } else { end + blanks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        for (line, length, both) in [
            (&b"535-5.7.8 no"[..], 4, 10),
            (b"535 5.7.8", 4, 9),
            (b"535 5.7.8x", 4, 4),
            (b"535 5.7", 4, 4),
            (b"250", 0, 0),
            (b"250-", 4, 4),
            (b"hello", 0, 0),
        ] {
            assert_eq!(code(line), length);
            assert_eq!(code(line) + enhanced_code(&line[code(line)..]), both);
        }
    }

    #[test]
    fn ranges_go_back_to_their_lines() {
        let lines = Lines::behind_codes(&[b"535-ab ", b"535-", b"535 \0cd"]);
        let text = lines.squeezed();
        assert_eq!(&*text.bytes, b"abcd");
        let mut found = vec![Vec::new(); 3];
        lines.locate(text.origin(1..3), &mut found);
        let found: Vec<_> = found.iter().flatten().map(|range| (range.start, range.end)).collect();
        assert_eq!(found, [(5, 7), (4, 6)]);
    }
}
