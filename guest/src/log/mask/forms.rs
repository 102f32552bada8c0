//! The forms in which a peer may say a secret that it was told.

use super::finder::Pattern;
use super::view;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use core::fmt::Write;

/// Longer secrets are tokens: any piece of one is as good as a password.
const PIECES_FROM: usize = 24;

/// Beyond this the rarer forms are not sought, to save memory.
const RARE_UP_TO: usize = 2048;

/// Everything to look for, for one secret of four bytes or more.
pub fn of(secret: &str) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    // What SASL sends is the prepared text (RFC 4013), where it is another one.
    let prepared = stringprep::saslprep(secret).ok().filter(|prepared| *prepared != secret);
    for text in [Some(secret), prepared.as_deref()].into_iter().flatten() {
        add(text, &mut patterns);
    }
    patterns
}

fn add(secret: &str, patterns: &mut Vec<Pattern>) {
    let bytes = secret.as_bytes();
    let text = |form: &[u8]| if bytes.len() < PIECES_FROM { Pattern::whole(form) } else { Pattern::pieces(form) };
    patterns.push(text(bytes));
    patterns.push(text(&view::squeeze(bytes).unwrap_or_default()));
    for offset in 0..3 {
        patterns.extend(base64(bytes, offset));
    }
    patterns.push(Pattern::whole(hex(bytes).as_bytes()));
    if bytes.len() <= RARE_UP_TO {
        for form in rare(secret) {
            patterns.push(Pattern::whole(&view::squeeze(&form).unwrap_or_default()));
            patterns.push(Pattern::whole(&form));
        }
    }
}

/// The characters of the base64 text that the secret alone decides, if `offset` bytes (modulo 3) stand before it; in
/// the standard and in the URL-safe alphabet.
fn base64(bytes: &[u8], offset: usize) -> Vec<Pattern> {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(bytes);
    let encoded = STANDARD_NO_PAD.encode(&padded);
    let (first, last) = ((offset * 8).div_ceil(6), padded.len() * 8 / 6);
    let core = &encoded[first..last];
    let (before, after) = (offset > 0, !padded.len().is_multiple_of(3));
    let url_safe = core.replace('+', "-").replace('/', "_");
    [core, &url_safe]
        .map(|core| {
            if bytes.len() < PIECES_FROM {
                Pattern::base64(core.as_bytes(), before, after)
            } else {
                Pattern::pieces(core.as_bytes())
            }
        })
        .into()
}

/// `6869`
pub fn hex(bytes: &[u8]) -> String {
    prefixed(bytes, "", |_| false).into_iter().map(char::from).collect()
}

/// Escapes of mail, web, programs and our own log; another character set; characters replaced.
fn rare(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let graphic = |byte: u8| byte.is_ascii_graphic();
    let mut forms = vec![
        prefixed(bytes, "%", |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)),
        prefixed(bytes, "%", |byte| graphic(byte) && byte != b'%'),
        prefixed(bytes, "=", |byte| (graphic(byte) || byte == b' ') && byte != b'='),
        prefixed(bytes, "=", |byte| byte.is_ascii_alphanumeric()),
        prefixed(bytes, "+", |byte| graphic(byte) && byte != b'+' && byte != b'='),
        prefixed(bytes, "\\x", |byte| graphic(byte) || byte == b' ' || !byte.is_ascii()),
        prefixed(bytes, "\\x", |byte| graphic(byte) || byte == b' '),
        prefixed(bytes, ":", |_| false).split_off(1),
        escaped(secret, |c| matches!(c, '"' | '\\').then(|| format!("\\{c}"))),
        escaped(secret, |c| (c == '"').then(|| "\\\"".to_owned())),
        escaped(secret, json),
        escaped(secret, |c| if c.is_ascii() { json(c) } else { None }),
        escaped(secret, html),
        escaped(secret, |c| (!c.is_ascii()).then(|| "?".to_owned())),
    ];
    // A line end in it ends a line of the reply; lines are sought joined.
    forms.push(secret.replace(['\r', '\n'], "").into_bytes());
    forms.extend(secret.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<_>>>());
    forms
}

/// Each byte that is not kept as `prefix` and two hexadecimal digits.
fn prefixed(bytes: &[u8], prefix: &str, keep: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut form = Vec::with_capacity(bytes.len() * 3);
    for &byte in bytes {
        if keep(byte) {
            form.push(byte);
        } else {
            form.extend_from_slice(prefix.as_bytes());
            form.extend([byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[usize::from(digit)]));
        }
    }
    form
}

fn escaped(secret: &str, escape: impl Fn(char) -> Option<String>) -> Vec<u8> {
    let mut form = String::with_capacity(secret.len() * 2);
    for c in secret.chars() {
        match escape(c) {
            Some(escaped) => form.push_str(&escaped),
            None => form.push(c),
        }
    }
    form.into_bytes()
}

fn json(c: char) -> Option<String> {
    Some(match c {
        '"' => "\\\"".into(),
        '\\' => "\\\\".into(),
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        c if c.is_control() || !c.is_ascii() => {
            let mut form = String::new();
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing into a `String` can't fail.
                let _ = write!(form, "\\u{unit:04x}");
            }
            form
        }
        _ => return None,
    })
}

fn html(c: char) -> Option<String> {
    Some(
        match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            _ => return None,
        }
        .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_base64_depends_on() {
        // "pencil" is 6 bytes: 8 characters at offset 0, 7 and two halves at 1, 7 and two halves at 2.
        assert_eq!(base64(b"pencil", 0)[0], Pattern::base64(b"cGVuY2ls", false, false));
        assert_eq!(base64(b"pencil", 1)[0], Pattern::base64(b"BlbmNpb", true, true));
        assert_eq!(base64(b"pencil", 2)[0], Pattern::base64(b"wZW5jaW", true, true));
        assert_eq!(base64(b"\xff\xff\xff\xfe\xff\xff", 0)[1], Pattern::base64(b"_____v__", false, false));
    }

    #[test]
    fn escapes() {
        let forms: Vec<_> = rare("a\"é").into_iter().map(|form| String::from_utf8_lossy(&form).into_owned()).collect();
        for form in
            ["a%22%c3%a9", "a\"=c3=a9", "a\\\"é", "a\\\"\\u00e9", "a&quot;é", "a\"?", "61:22:c3:a9", "a\"\u{fffd}"]
        {
            assert!(forms.iter().any(|known| known == form), "{form} in {forms:?}");
        }
    }
}
