//! Paths, domains and the other small grammars of RFC 5321, 6531 and 3461.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Which path is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// May be `<>`.
    Sender,
    /// May be `<postmaster>`.
    Recipient,
}

/// Reads `<path>`: the address without a source route, and what follows the path.
pub(super) fn path(text: &str, side: Side) -> Option<(String, &str)> {
    let text = text.strip_prefix('<')?;
    let end = closing_bracket(text)?;
    let (inside, rest) = (&text[..end], &text[end + 1..]);
    let address = match inside.strip_prefix('@') {
        // RFC 5321 §4.1.1.3: a source route is accepted and ignored.
        Some(_) => {
            let (route, address) = inside.split_once(':')?;
            route.split(',').all(|hop| hop.strip_prefix('@').is_some_and(is_domain)).then_some(address)?
        }
        None => inside,
    };
    let special = match side {
        Side::Sender => address.is_empty(),
        Side::Recipient => address.eq_ignore_ascii_case("postmaster"),
    };
    (special || is_mailbox(address)).then(|| (address.to_owned(), rest))
}

/// The `>` that is not within a quoted local part.
fn closing_bracket(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    text.char_indices().find_map(|(at, c)| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(at),
            _ => {}
        }
        None
    })
}

fn is_mailbox(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    address.len() <= 254 && local.len() <= 64 && is_local(local) && (is_domain(domain) || is_literal(domain))
}

fn is_local(local: &str) -> bool {
    match local.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"').is_some_and(is_quoted_content),
        None => local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext)),
    }
}

fn is_quoted_content(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let fine = match c {
            '\\' => chars.next().is_some_and(|next| next.is_ascii_graphic() || next == ' '),
            '"' => false,
            c => c == ' ' || c.is_ascii_graphic() || !c.is_ascii(),
        };
        if !fine {
            return false;
        }
    }
    true
}

fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !c.is_ascii()
}

/// `mail.example`, or an international name.
pub(super) fn is_domain(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii())
    };
    name.len() <= 255 && name.split('.').all(label)
}

/// `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
pub(super) fn is_literal(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else { return false };
    match inside.split_at_checked(5) {
        Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6:") => address.parse::<Ipv6Addr>().is_ok(),
        _ => inside.parse::<Ipv4Addr>().is_ok(),
    }
}

/// RFC 3461 §4.
pub(super) fn is_xtext(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let hex = |byte: Option<u8>| byte.is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
        let fine = match byte {
            b'+' => hex(bytes.next()) && hex(bytes.next()),
            b'=' => false,
            byte => byte.is_ascii_graphic(),
        };
        if !fine {
            return false;
        }
    }
    true
}
