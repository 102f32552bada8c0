//! The names of subjects and issuers as RFC 4514 writes them.

use std::fmt::Write as _;

use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// The last component first, `,` between components, `+` between the values of one component.
pub(super) fn rfc4514(name: &X509Name<'_>) -> String {
    let mut components: Vec<String> =
        name.iter_rdn().map(|component| component.iter().map(attribute).collect::<Vec<_>>().join("+")).collect();
    components.reverse();
    components.join(",")
}

fn attribute(attribute: &AttributeTypeAndValue<'_>) -> String {
    let oid = attribute.attr_type().to_id_string();
    match (short_name(&oid), attribute.as_str()) {
        (Some(short), Ok(value)) => format!("{short}={}", escape(value)),
        (None, Ok(value)) => format!("{oid}={}", escape(value)),
        (short, Err(_)) => {
            // A string of a rare kind (BMPString): its bytes, RFC 4514 §2.4.
            let mut text = format!("{}=#", short.unwrap_or(&oid));
            for byte in attribute.as_slice() {
                let _ = write!(text, "{byte:02x}"); // writing into a String does not fail
            }
            text
        }
    }
}

/// RFC 4514 §3, and what certificates use besides.
fn short_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "2.5.4.3" => "CN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        "1.2.840.113549.1.9.1" => "emailAddress",
        _ => return None,
    })
}

/// RFC 4514 §2.4; control characters go as `\xx` too, so that no certificate can forge a line.
fn escape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (index, character) in value.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => text.extend(['\\', character]),
            '#' if index == 0 => text.push_str("\\#"),
            ' ' if index == 0 || index == last => text.push_str("\\ "),
            character if character.is_control() => {
                for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(text, "\\{byte:02x}"); // writing into a String does not fail
                }
            }
            character => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn special_characters() {
        for (value, text) in [
            ("Acme, Inc.", "Acme\\, Inc."),
            (" #a# ", "\\ #a#\\ "),
            ("#1", "\\#1"),
            (" ", "\\ "),
            ("a\r\nb\u{85}", "a\\0d\\0ab\\c2\\85"),
            ("Bücher", "Bücher"),
            ("", ""),
        ] {
            assert_eq!(escape(value), text);
        }
    }
}
