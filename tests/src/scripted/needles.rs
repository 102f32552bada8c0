//! The forms in which a secret can be found again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Shorter pieces stand anywhere by chance.
const SHORTEST: usize = 8;

/// One secret in all its forms.
pub struct Needle {
    what: String,
    forms: Vec<Vec<u8>>,
}

impl Needle {
    pub fn new(what: impl Into<String>, secret: &str) -> Needle {
        let bytes = secret.as_bytes();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut forms = vec![
            bytes.to_vec(),
            hex.clone().into_bytes(),
            hex.to_ascii_uppercase().into_bytes(),
            logged(secret).into_bytes(),
            unquoted(&format!("{secret:?}")),
            unquoted(&serde_json::Value::from(secret).to_string()),
        ];
        forms.extend((0..3).map(|offset| base64_inside(bytes, offset).into_bytes()));
        forms.retain(|form| form.len() >= SHORTEST);
        forms.dedup();
        Needle { what: what.into(), forms }
    }

    /// Where a form of it stands in the haystack.
    pub fn found_in(&self, name: &str, haystack: &[u8]) -> Option<String> {
        let form = self.forms.iter().find(|form| haystack.windows(form.len()).any(|window| window == &form[..]))?;
        let at = haystack.windows(form.len()).position(|window| window == &form[..])?;
        let around = &haystack[at.saturating_sub(80)..haystack.len().min(at + form.len() + 40)];
        Some(format!(
            "{} stands in {name} as {:?}: …{:?}…",
            self.what,
            String::from_utf8_lossy(form),
            String::from_utf8_lossy(around)
        ))
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

fn unquoted(text: &str) -> Vec<u8> {
    text[1..text.len() - 1].as_bytes().to_vec()
}

/// What the server said in a log, its lines joined: so a secret that was cut over the lines of a reply is whole again.
pub fn joined(log: &str) -> Vec<u8> {
    let said = log.lines().filter_map(|line| line.split_once(" S < \"").map(|(_, text)| text));
    said.map(|text| text.strip_suffix('"').unwrap_or(text)).flat_map(|text| text.bytes().skip(4)).collect()
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
        assert!(needle.found_in("text", text.as_bytes()).is_some(), "{text}");
    }
    assert_eq!(needle.found_in("text", b"nothing of it"), None);
    let cut = "1 d 1 1 S < \"250-p\\x01 \"é\"\n2 d 1 1 C > \"x\"\n3 d 1 1 S < \"250 \\ssw0rd\\x7f\"\n";
    assert!(needle.found_in("log", &joined(cut)).is_some());
}
