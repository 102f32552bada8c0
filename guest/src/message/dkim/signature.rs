//! The header field itself, RFC 6376 §3.5, and what it signs.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::canonical::field;
use super::{Algorithm, Hash, Identity, Signer};

/// What a signature covers, where the message has it: RFC 6376 §5.4.1, and what makes a reader see something else.
const SIGNED: [&str; 19] = [
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "content-id",
    "resent-from",
    "resent-to",
    "list-unsubscribe",
    "list-unsubscribe-post",
];
/// Named once more than they are there, so that nobody can add a second one: RFC 6376 §8.15. One that is not there may be
/// added by a server on the way, as Date is; only From is always there.
const SEALED: [&str; 5] = ["from", "to", "cc", "subject", "date"];
const NAME: &str = "DKIM-Signature";
const FOLD_AT: usize = 76;

/// The whole field with its line end. `header` is the message's, up to its empty line or beyond.
pub(in crate::message) fn signature(
    signer: &dyn Signer,
    identity: &Identity,
    header: &[u8],
    body: Hash,
    unix_seconds: i64,
) -> Result<Vec<u8>, String> {
    let (names, mut text) = signed(header);
    let algorithm = match identity.algorithm {
        Algorithm::RsaSha256 => "rsa-sha256",
        Algorithm::Ed25519Sha256 => "ed25519-sha256",
    };
    let mut tags: Vec<String> = [
        "v=1".to_owned(),
        format!("a={algorithm}"),
        "c=relaxed/relaxed".to_owned(),
        format!("d={}", identity.domain),
        format!("s={}", identity.selector),
        format!("t={unix_seconds}"),
    ]
    .map(|tag| tag + ";")
    .into();
    let last = names.len() - 1;
    let listed = names.iter().enumerate().map(|(index, name)| {
        let start = if index == 0 { "h=" } else { "" };
        format!("{start}{name}{}", if index == last { ";" } else { ":" })
    });
    tags.extend(listed);
    tags.push(format!("bh={};", STANDARD.encode(body)));
    tags.push("b=".to_owned());

    let mut out = format!("{NAME}:");
    let mut column = out.len();
    for tag in tags {
        if column + 1 + tag.len() > FOLD_AT {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(&tag);
        column += 1 + tag.len();
    }
    field(NAME, &out.as_bytes()[NAME.len() + 1..], &mut text);
    let signature = STANDARD.encode(signer.sign(identity, &text)?);
    let mut room = FOLD_AT - column;
    let mut rest = signature.as_str();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(room));
        out.push_str(now);
        if !later.is_empty() {
            out.push_str("\r\n ");
        }
        rest = later;
        room = FOLD_AT - 1;
    }
    out.push_str("\r\n");
    Ok(out.into_bytes())
}

/// The domain of the first address of From, as it stands there.
pub(in crate::message) fn domain_of(header: &[u8]) -> Option<String> {
    let (_, value) = fields(header).find(|(name, _)| is(name, "from"))?;
    let mut text = Vec::new();
    field("", value, &mut text);
    let text = String::from_utf8(text).ok()?;
    // Outside of quotes and comments, what follows the "@" and can stand in a domain.
    let (mut quoted, mut depth, mut escaped) = (false, 0u32, false);
    let at = text.char_indices().find_map(|(at, c)| {
        match c {
            _ if core::mem::take(&mut escaped) => {}
            '\\' => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            '@' if !quoted && depth == 0 => return Some(at),
            _ => {}
        }
        None
    })?;
    let domain: String = text[at + 1..].chars().take_while(|&c| c.is_alphanumeric() || "-._".contains(c)).collect();
    let domain = if domain.is_ascii() { Some(domain) } else { idna::domain_to_ascii_strict(&domain).ok() };
    domain.map(|domain| domain.to_ascii_lowercase()).filter(|domain| !domain.is_empty())
}

/// Name and value of each field, up to the empty line.
fn fields(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = header;
    core::iter::from_fn(move || {
        loop {
            let (field, behind) = rest.split_at(length(rest));
            if matches!(field, b"" | b"\n" | b"\r\n") {
                return None;
            }
            rest = behind;
            let first_line = memchr::memchr(b'\n', field).unwrap_or(field.len());
            if let Some(colon) = memchr::memchr(b':', &field[..first_line]) {
                return Some((field[..colon].trim_ascii_end(), &field[colon + 1..]));
            }
        }
    })
}

fn is(name: &[u8], lower_case: &str) -> bool {
    name.eq_ignore_ascii_case(lower_case.as_bytes())
}

/// Bytes up to a line end behind which the field does not go on. The empty line is a field of its own.
fn length(header: &[u8]) -> usize {
    let ends = memchr::memchr_iter(b'\n', header).map(|end| end + 1);
    let is_empty_line = |end: usize| matches!(&header[..end], b"\n" | b"\r\n");
    let goes_on = |end: usize| matches!(header.get(end), Some(b' ' | b'\t'));
    ends.into_iter().find(|&end| is_empty_line(end) || !goes_on(end)).unwrap_or(header.len())
}

/// The names for the tag h=, and the canonical fields in this order: of several the last one first, §5.4.2.
fn signed(header: &[u8]) -> (Vec<&'static str>, Vec<u8>) {
    let fields: Vec<(&[u8], &[u8])> = fields(header).collect();
    let (mut names, mut text) = (Vec::new(), Vec::new());
    for name in SIGNED {
        let before = names.len();
        for (_, value) in fields.iter().rev().filter(|(other, _)| is(other, name)) {
            names.push(name);
            field(name, value, &mut text);
            text.extend_from_slice(b"\r\n");
        }
        if SEALED.contains(&name) && names.len() > before {
            names.push(name);
        }
    }
    (names, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_stands_behind_the_sign() {
        for (from, domain) in [
            ("ann@X.example", Some("x.example")),
            ("\"a@b\" (c@d) <ann@x.example>", Some("x.example")),
            ("Ann\r\n <ann@bücher.example>, bob@y.example", Some("xn--bcher-kva.example")),
            ("nobody", None),
        ] {
            assert_eq!(domain_of(format!("To: a@b\r\nFrom: {from}\r\n\r\n").as_bytes()).as_deref(), domain);
        }
    }

    #[test]
    fn fields_are_taken_from_the_last_one_on() {
        let header = b"To: a@b\r\nFrom: x@y\r\nX: 1\r\nTo : c@d\r\n e@f\r\n\r\nFrom: body\r\n";
        let (names, text) = signed(header);
        assert_eq!(names, ["from", "from", "to", "to", "to"]);
        assert_eq!(text, b"from:x@y\r\nto:c@d e@f\r\nto:a@b\r\n");
    }
}
