//! Base64 within a text, decoded: a server may encode a secret together with what it made of it, such as the JSON of an
//! OAuth error, where quotes and backslashes are escaped before all is encoded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::ops::Range;

/// Shorter words hold no secret worth the name.
const SHORTEST: usize = 12;

/// Decodes every word that may be base64, in either alphabet, beginning at each of its first four characters: what stands
/// before it may run into it. Calls `found` for each place in `text` of what `find` finds in the bytes.
pub fn search(text: &[u8], find: impl Fn(&[u8], &mut dyn FnMut(Range<usize>)), found: &mut dyn FnMut(Range<usize>)) {
    let mut at = 0;
    while at < text.len() {
        let length = text[at..].iter().take_while(|byte| standard(**byte).is_some()).count();
        let word = &text[at..at + length];
        if length >= SHORTEST {
            for skip in 0..4 {
                let from = at + skip;
                find(&decode(&word[skip..]), &mut |bytes| {
                    let end = (from + (bytes.end * 4).div_ceil(3)).min(at + length);
                    found(from + bytes.start * 4 / 3..end);
                });
            }
        }
        at += length.max(1);
    }
}

/// What is no whole group at the end is filled up: the bytes that belong to it are there.
fn decode(word: &[u8]) -> Vec<u8> {
    let mut encoded: Vec<u8> = word.iter().filter_map(|byte| standard(*byte)).collect();
    encoded.resize(encoded.len().next_multiple_of(4), b'A');
    STANDARD.decode(encoded).unwrap_or_default()
}

/// The character in the standard alphabet; none where it is in neither.
fn standard(byte: u8) -> Option<u8> {
    match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'+' | b'/' => Some(byte),
        byte => byte.is_ascii_alphanumeric().then_some(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str, secret: &str) -> Vec<String> {
        let mut places = Vec::new();
        let find = |bytes: &[u8], found: &mut dyn FnMut(Range<usize>)| {
            for at in 0..bytes.len().saturating_sub(secret.len() - 1) {
                if &bytes[at..at + secret.len()] == secret.as_bytes() {
                    found(at..at + secret.len());
                }
            }
        };
        search(text.as_bytes(), find, &mut |range| places.push(text[range].to_owned()));
        places
    }

    #[test]
    fn words_are_decoded_wherever_they_begin() {
        let encoded = STANDARD.encode("{\"said\":\"tira\\\\misu\"}");
        for before in ["", "334 ", "x", "xy", "xyz", "334-abcd"] {
            let text = format!("{before}{encoded} and more");
            assert_eq!(places(&text, "tira\\\\misu").len(), 1, "{text}");
        }
        // At the very end of a word that is no whole number of groups.
        assert_eq!(places(&STANDARD.encode("say tiramisu").replace('=', ""), "tiramisu").len(), 1);
        assert_eq!(places(&STANDARD.encode("tiramisu!!!!"), "tiramisu"), ["dGlyYW1pc3U"]);
        assert_eq!(places("no base64 here, but_long_words_that_may_be", "tiramisu"), [""; 0]);
    }
}
