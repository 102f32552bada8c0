//! No `Debug` and no error text shows a secret, in whatever form.

use super::*;

const PASSWORD: &str = "Tr0ub4dor&3-Geheim";
const TOKEN: &str = "ya29.Top-Secret-Token";

fn assert_hidden(text: &str) {
    for secret in [PASSWORD, TOKEN] {
        let shown = |form: &str| text.contains(form);
        assert!(!shown(secret), "{text}");
        for offset in 0..3 {
            let encoded = wire::encode([&b"xx"[..offset], secret.as_bytes()].concat());
            assert!(!shown(&encoded[4..encoded.len() - 4]), "{text}");
        }
        // The bytes, as a derived `Debug` would list them.
        let bytes = format!("{:?}", secret.as_bytes());
        assert!(!shown(bytes.trim_matches(['[', ']'])), "{text}");
    }
}

#[test]
fn debug_shows_none() {
    let who = who("user", PASSWORD, TOKEN);
    assert_hidden(&format!("{who:?} {who:#?}"));
    for mechanism in Mechanism::ALL.into_iter().filter(|&mechanism| mechanism != Mechanism::ScramSha256Plus) {
        let mut exchange = begin(mechanism, &who).unwrap();
        assert_hidden(&format!("{exchange:?} {exchange:#?}"));
        for challenge in ["", "VXNlcm5hbWU6", "UGFzc3dvcmQ6", "!"] {
            let step = exchange.respond(challenge);
            assert_hidden(&format!("{step:?} {exchange:?} {:?}", exchange.succeeded()));
            if let Err(error) = step {
                assert_hidden(&error.to_string());
            }
        }
    }
}

#[test]
fn errors_show_none() {
    let who = who("user", &format!("{PASSWORD}\0"), &format!("{TOKEN}\0"));
    for mechanism in Mechanism::ALL {
        if let Err(error) = begin(mechanism, &who) {
            assert_hidden(&format!("{error} {error:?}"));
        }
    }
}
