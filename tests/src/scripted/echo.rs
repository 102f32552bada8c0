//! What a server says that repeats everything, and the challenges of mechanisms that nobody checks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::plan::Echo;

/// Bytes of one line of a reply.
const WIDTH: usize = 400;

/// All that was said, as it came and decoded: lines for a reply.
pub fn lines(told: &[Vec<u8>], echo: Echo) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    for said in told.iter().rev().take(6) {
        let last_word = said.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
        let decoded = STANDARD.decode(last_word).unwrap_or_default();
        for text in [said.as_slice(), &decoded] {
            let width = match echo {
                Echo::Whole => WIDTH,
                // Another cut in every line that is repeated.
                Echo::Split => 7 + (text.len() + lines.len()) % 11,
            };
            // A line end within what was said ends a line of the reply.
            for line in text.split(|byte| b"\r\n".contains(byte)) {
                lines.extend(line.chunks(width).map(<[u8]>::to_vec));
            }
        }
    }
    lines
}

/// The challenge after `answered` responses, the last of them `last`; none where the exchange is over.
pub fn challenge(mechanism: &str, answered: usize, last: &str, lets_in: bool) -> Option<String> {
    let encoded = match (mechanism, answered) {
        ("LOGIN", 0) => "Username:".to_owned(),
        ("LOGIN", 1) => "Password:".to_owned(),
        ("CRAM-MD5", 0) => "<17.4@scripted.test>".to_owned(),
        (mechanism, 1) if mechanism.starts_with("SCRAM-") => server_first(last),
        ("XOAUTH2" | "OAUTHBEARER", 1) if !lets_in => {
            let decoded = String::from_utf8_lossy(&STANDARD.decode(last).unwrap_or_default()).into_owned();
            serde_json::json!({"status": "401", "said": last, "meant": decoded}).to_string()
        }
        ("PLAIN" | "EXTERNAL" | "XOAUTH2" | "OAUTHBEARER", 0) => String::new(),
        (mechanism, 0) if mechanism.starts_with("SCRAM-") => String::new(),
        _ => return None,
    };
    Some(STANDARD.encode(encoded))
}

fn server_first(client_first: &str) -> String {
    let client_first = String::from_utf8_lossy(&STANDARD.decode(client_first).unwrap_or_default()).into_owned();
    let nonce = client_first.split(',').find_map(|attribute| attribute.strip_prefix("r=")).unwrap_or_default();
    format!("r={nonce}scripted,s=c2FsdCBhbmQgcGVwcGVy,i=4096")
}
