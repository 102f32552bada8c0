//! Secrets of one to three bytes: hidden only where they stand as a word of their own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::ops::Range;

/// Short secrets, their base64 and their hexadecimal form.
#[derive(Default)]
pub struct Words(Vec<Vec<u8>>);

impl Words {
    pub fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Words {
        let forms = |secret: &str| {
            let base64 = STANDARD.encode(secret);
            let bare = base64.trim_end_matches('=').to_owned();
            [secret.to_owned(), base64, bare, super::forms::hex(secret.as_bytes())].map(String::into_bytes)
        };
        Words(secrets.flat_map(forms).collect())
    }

    pub fn find(&self, text: &[u8], mut found: impl FnMut(Range<usize>)) {
        for word in &self.0 {
            for (at, window) in text.windows(word.len()).enumerate() {
                let end = at + word.len();
                let alone = !text[..at].last().is_some_and(in_word) && !text.get(end).is_some_and(in_word);
                if alone && window.eq_ignore_ascii_case(word) {
                    found(at..end);
                }
            }
        }
    }
}

/// Letters and digits; beyond ASCII every byte counts as one.
fn in_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}
