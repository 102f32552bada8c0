//! No log and no outcome shows a secret, whatever the script is about.

use super::replay::Trace;
use super::script::Script;

/// Looks for the password and the token in every form in which they went over the wire.
pub fn search(script: &Script, trace: &Trace) -> Result<(), String> {
    for secret in ["password", "token"].into_iter().filter_map(|key| script.value(key)) {
        let mut forms = vec![secret.to_owned()];
        forms.extend((0..3).map(|offset| encoded(secret, offset)));
        for form in forms {
            for text in [&trace.log, &trace.outcome] {
                if text.contains(&form) {
                    return Err(format!("a secret shows, as {form:?}"));
                }
            }
        }
    }
    Ok(())
}

/// The part of the base64 form that does not depend on what stands around it, at one of the three offsets.
fn encoded(secret: &str, offset: usize) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<bool> = secret
        .bytes()
        .skip((3 - offset) % 3)
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
        .collect();
    let digit = |six: &[bool]| DIGITS[six.iter().fold(0, |value, &bit| value * 2 + usize::from(bit))] as char;
    bits.chunks_exact(6).map(digit).collect()
}

#[test]
fn the_three_offsets() {
    assert_eq!(encoded("secret", 0), "c2VjcmV0");
    // "xsecret" is eHNlY3JldA==, "xxsecret" is eHhzZWNyZXQ=.
    assert!("eHNlY3JldA==".contains(&encoded("secret", 1)), "{}", encoded("secret", 1));
    assert!("eHhzZWNyZXQ=".contains(&encoded("secret", 2)), "{}", encoded("secret", 2));
}
