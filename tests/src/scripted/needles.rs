//! The forms in which a secret can be found again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Shorter pieces stand anywhere by chance.
const SHORTEST: usize = 8;

/// One secret in all its forms.
pub struct Needle {
    what: String,
    forms: Vec<String>,
}

impl Needle {
    pub fn new(what: impl Into<String>, secret: &str) -> Needle {
        let bytes = secret.as_bytes();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut forms = vec![
            secret.to_owned(),
            hex.clone(),
            hex.to_ascii_uppercase(),
            logged(secret),
            unquoted(&format!("{secret:?}")),
            unquoted(&serde_json::Value::from(secret).to_string()),
            // Cut at its line ends, over the lines of a reply.
            secret.replace(['\r', '\n', '\0'], ""),
            logged(&secret.replace(['\r', '\n'], "")),
        ];
        forms.extend((0..3).map(|offset| base64_inside(bytes, offset)));
        forms.retain(|form| form.len() >= SHORTEST);
        forms.dedup();
        Needle { what: what.into(), forms }
    }

    /// Where a form of it stands in the haystack.
    pub fn found_in(&self, name: &str, haystack: &str) -> Option<String> {
        let (form, at) = self.forms.iter().find_map(|form| Some((form, haystack.find(form)?)))?;
        let before: String = haystack[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        Some(format!("{} stands in {name} as {form:?}, after {before:?}", self.what))
    }
}

/// What of the base64 of a text depends on this part of it alone, if the part begins `offset` bytes behind a group of
/// three.
fn base64_inside(bytes: &[u8], offset: usize) -> String {
    let padded = [&[0; 2][..offset], bytes].concat();
    let whole_groups = padded.len() / 3 * 4;
    let encoded = STANDARD.encode(&padded);
    encoded[if offset == 0 { 0 } else { 4 }..whole_groups].to_owned()
}

/// As a log line has it.
fn logged(secret: &str) -> String {
    let control = |c: char| c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    secret.chars().map(|c| if c.is_control() { control(c) } else { c.to_string() }).collect()
}

fn unquoted(text: &str) -> String {
    text[1..text.len() - 1].to_owned()
}

/// What the server said in a log, its lines joined: so a secret that was cut over the lines of a reply is whole again.
pub fn joined(log: &str) -> String {
    let said = log.lines().filter_map(|line| line.split_once(" S < \"").map(|(_, text)| text));
    said.map(|text| text.strip_suffix('"').unwrap_or(text)).flat_map(|text| text.chars().skip(4)).collect()
}

#[test]
fn what_is_looked_for_is_found() {
    let secret = "p\u{1} \"é\\ssw0rd\u{7f}";
    let needle = Needle::new("it", secret);
    for text in [
        format!("xx{secret}"),
        STANDARD.encode(format!("\0user\0{secret}")),
        STANDARD.encode(format!("\0use\0{secret}!")),
        STANDARD.encode(format!("\0us\0{secret}!!")),
        serde_json::json!({ "a": secret }).to_string(),
        format!("{:?}", Some(secret)),
        "S < \"p\\x01 \"é\\ssw0rd\\x7f\"".to_owned(),
    ] {
        assert!(needle.found_in("text", &text).is_some(), "{text}");
    }
    assert_eq!(needle.found_in("text", "nothing of it"), None);
    let cut = "1 d 1 1 S < \"250-p\\x01 \"é\"\n2 d 1 1 C > \"x\"\n3 d 1 1 S < \"250 \\ssw0rd\\x7f\"\n";
    assert!(needle.found_in("log", &joined(cut)).is_some());
}
