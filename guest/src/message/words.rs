//! Text of any language in header fields: encoded words, RFC 2047.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::field::{FOLD_AT, Field, escaped};

/// RFC 2047 §2: an encoded word with its delimiters.
const MAX_WORD: usize = 75;
/// `=?UTF-8?Q?` and `?=`.
const FRAME: usize = 12;
/// An ASCII word longer than this is broken up by encoding it, so that no line comes near 998 bytes.
const MAX_PLAIN: usize = 800;

/// Unstructured text, RFC 5322 §3.2.5: only the words that need it are encoded.
pub(super) fn unstructured(field: &mut Field<'_>, text: &str) {
    if text.is_empty() {
        return;
    }
    if blanks_matter(text) {
        return encoded(field, text, "");
    }
    // Nearly every subject: one line that needs nothing.
    if text.len() <= field.room() && text.is_ascii() && !has(text, *b"=?") {
        return field.word(text);
    }
    let mut span = String::new();
    for word in text.split(' ') {
        if !word.is_ascii() || has(word, *b"=?") || word.len() > MAX_PLAIN {
            if !span.is_empty() {
                span.push(' ');
            }
            span.push_str(word);
            continue;
        }
        if !span.is_empty() {
            encoded(field, &core::mem::take(&mut span), "");
        }
        field.word(word);
    }
    if !span.is_empty() {
        encoded(field, &span, "");
    }
}

/// A phrase, RFC 5322 §3.2.5, with what follows it without a blank: a display name, a keyword.
pub(super) fn phrase(field: &mut Field<'_>, text: &str, after: &str) {
    let plain = text.is_ascii() && !has(text, *b"=?") && !blanks_matter(text);
    let is_long = |word: &str| word.len() > MAX_PLAIN / 2;
    if !plain || is_long(text) && text.split(' ').any(is_long) {
        return encoded(field, text, after);
    }
    if text.bytes().all(|byte| byte == b' ' || is_atext(byte)) {
        return each(field, text, after);
    }
    let quoted = format!("\"{}\"", escaped(text));
    let room = if field.is_first() { field.room() } else { FOLD_AT - 1 };
    match quoted.len() + after.len() <= room {
        true => field.joined(&[&quoted, after]),
        false => each(field, &quoted, after),
    }
}

/// Words that stand there as they are, the last one with what follows it.
fn each(field: &mut Field<'_>, text: &str, after: &str) {
    if text.len() + after.len() <= field.room() {
        return field.joined(&[text, after]);
    }
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        match words.peek() {
            Some(_) => field.word(word),
            None => field.joined(&[word, after]),
        }
    }
}

/// All of `text` as encoded words, in whichever of B and Q is shorter; no character is split.
pub(super) fn encoded(field: &mut Field<'_>, text: &str, after: &str) {
    let coding = Coding::shorter(text);
    let whole = FRAME + coding.len(text) + after.len();
    if !field.is_first() && whole <= MAX_WORD && whole > field.room() {
        field.fold();
    }
    let mut rest = text;
    while !rest.is_empty() {
        let mut room = field.room().min(MAX_WORD);
        // Four bytes in Q take twelve.
        if room < FRAME + 12 + after.len() {
            field.fold();
            room = MAX_WORD;
        }
        let fits = coding.fit(rest, room - FRAME - after.len());
        let (now, later) = rest.split_at(fits);
        let end = if later.is_empty() { after } else { "" };
        field.joined(&[&coding.write(now), end]);
        rest = later;
    }
}

/// The encoded words of `text`, each at most `room` bytes, for a place that is no unstructured text.
pub(super) fn encoded_list(text: &str, room: usize) -> Vec<String> {
    let coding = Coding::shorter(text);
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(coding.fit(rest, room.min(MAX_WORD) - FRAME));
        words.push(coding.write(now));
        rest = later;
    }
    words
}

/// Blanks that folding or a reader could change: at the ends, doubled, or tabs (and any other control).
fn blanks_matter(text: &str) -> bool {
    text.starts_with(' ') || text.ends_with(' ') || has(text, *b"  ") || text.bytes().any(|b| b.is_ascii_control())
}

/// Whether the two bytes stand in `text`, one behind the other. Searching for a text of any length takes longer to begin.
fn has(text: &str, pair: [u8; 2]) -> bool {
    text.as_bytes().array_windows().any(|bytes| *bytes == pair)
}

/// RFC 5322 §3.2.3.
pub(super) fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~')
}

#[derive(Clone, Copy)]
enum Coding {
    B,
    Q,
}

impl Coding {
    fn shorter(text: &str) -> Coding {
        if Coding::Q.len(text) <= Coding::B.len(text) { Coding::Q } else { Coding::B }
    }

    fn len(self, text: &str) -> usize {
        match self {
            Coding::B => text.len().div_ceil(3) * 4,
            Coding::Q => text.bytes().map(|byte| if is_bare(byte) { 1 } else { 3 }).sum(),
        }
    }

    /// How many bytes of `text` fit into `room`: whole characters, at least one.
    fn fit(self, text: &str, room: usize) -> usize {
        let mut end = 0;
        let mut quoted = 0;
        for c in text.chars() {
            let next = end + c.len_utf8();
            quoted += Coding::Q.len(&text[end..next]);
            let len = match self {
                Coding::B => next.div_ceil(3) * 4,
                Coding::Q => quoted,
            };
            if end > 0 && len > room {
                break;
            }
            end = next;
        }
        end
    }

    fn write(self, text: &str) -> String {
        match self {
            Coding::B => format!("=?UTF-8?B?{}?=", STANDARD.encode(text)),
            Coding::Q => {
                let mut word = String::from("=?UTF-8?Q?");
                for byte in text.bytes() {
                    match byte {
                        b' ' => word.push('_'),
                        _ if is_bare(byte) => word.push(char::from(byte)),
                        _ => word.push_str(&format!("={byte:02X}")),
                    }
                }
                word.push_str("?=");
                word
            }
        }
    }
}

/// RFC 2047 §5 (3): what may stand for itself in every place; the blank becomes `_`.
fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!*+-/ ".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(text: &str) -> String {
        let mut out = Vec::new();
        let mut field = Field::new(&mut out, "Subject");
        unstructured(&mut field, text);
        field.end();
        String::from_utf8(out).unwrap()
    }

    fn name(text: &str) -> String {
        let mut out = Vec::new();
        let mut field = Field::new(&mut out, "From");
        phrase(&mut field, text, ",");
        field.end();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_needs_it_is_encoded() {
        assert_eq!(subject("Hello there"), "Subject: Hello there\r\n");
        assert_eq!(subject("fröhlicher"), "Subject: =?UTF-8?Q?fr=C3=B6hlicher?=\r\n");
        assert_eq!(subject("Grüße an alle"), "Subject: =?UTF-8?B?R3LDvMOfZQ==?= an alle\r\n");
        assert_eq!(subject("über uns und"), "Subject: =?UTF-8?B?w7xiZXI=?= uns und\r\n");
        assert_eq!(subject("an =?x?= b"), "Subject: an =?UTF-8?B?PT94Pz0=?= b\r\n");
        assert_eq!(subject(" lead"), "Subject: =?UTF-8?Q?_lead?=\r\n");
        assert_eq!(subject("日本語"), "Subject: =?UTF-8?B?5pel5pys6Kqe?=\r\n");
    }

    #[test]
    fn phrases_are_quoted_where_needed() {
        assert_eq!(name("Ann Lee"), "From: Ann Lee,\r\n");
        assert_eq!(name("Lee, Ann (\"A\")"), "From: \"Lee, Ann (\\\"A\\\")\",\r\n");
        assert_eq!(name("Zoë"), "From: =?UTF-8?Q?Zo=C3=AB?=,\r\n");
    }

    #[test]
    fn no_character_is_split_and_no_line_is_long() {
        let text = subject(&"👩‍👩‍👧é日".repeat(30));
        for line in text.trim_end().split("\r\n ") {
            let word = line.trim_start_matches("Subject: ");
            assert!(line.len() < 76 && word.len() <= 75, "{line}");
            let inner = word.trim_start_matches("=?UTF-8?B?").trim_end_matches("?=");
            assert!(String::from_utf8(STANDARD.decode(inner).unwrap()).is_ok(), "{line}");
        }
    }
}
