//! Whatever the secret and whoever says it: it stands in no statement, and no statement moves a terminal.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use proptest::collection::vec;
use proptest::prelude::*;

/// Four bytes and more, with blanks, quotes, letters of other scripts and control characters. Asterisks are left out,
/// since they stand in the log anyway, and backslashes, since escaping brings its own.
fn secret() -> impl Strategy<Value = String> {
    let odd =
        prop::sample::select(vec![' ', '"', '\'', 'ñ', '日', '😀', '\u{1}', '\t', '\u{85}', '=', '%', '?', '+', '-']);
    let character = prop_oneof![3 => proptest::char::range('!', '~'), 1 => odd, 1 => any::<char>()];
    vec(character, 2..40)
        .prop_map(|characters| characters.into_iter().filter(|c| !"*\\".contains(*c)).collect::<String>())
        .prop_filter("too short or only blanks", |secret| secret.len() >= 4 && secret.trim().len() >= 4)
}

/// The ways in which it is said.
fn forms(secret: &str, before: &[u8], after: &[u8]) -> Vec<Vec<u8>> {
    let around = [before, secret.as_bytes(), after].concat();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
    vec![
        secret.as_bytes().to_vec(),
        secret.to_ascii_uppercase().into_bytes(),
        STANDARD.encode(&around).into_bytes(),
        URL_SAFE.encode(&around).into_bytes(),
        hex.to_lowercase().into_bytes(),
        hex.into_bytes(),
    ]
}

/// Everything that must not stand in a statement: the secret as it is and as it would be escaped, the characters of
/// its base64 that it alone decides, and its hexadecimal form; all in lower case.
fn forbidden(secret: &str) -> Vec<String> {
    let mut escaped = String::new();
    crate::log::escape::line(secret.as_bytes(), &mut escaped);
    let mut all = vec![secret.to_owned(), escaped, secret.bytes().map(|byte| format!("{byte:02x}")).collect()];
    for offset in 0..3 {
        let padded = [&[0; 3][..offset], secret.as_bytes()].concat();
        for encoded in [STANDARD.encode(&padded), URL_SAFE.encode(&padded)] {
            all.push(encoded[(offset * 8).div_ceil(6)..padded.len() * 8 / 6].to_owned());
        }
    }
    all.iter_mut().for_each(|text| text.make_ascii_lowercase());
    all
}

fn assert_clean(statements: &[String], forbidden: &[String]) {
    // A secret cut over lines must not be put together again either.
    let text = |statement: &String| statement.split_once('"').map(|(_, text)| text[..text.len() - 1].to_lowercase());
    let behind = |text: String| text.get(4..).unwrap_or_default().to_owned();
    let joined: String = statements.iter().filter_map(text).map(behind).collect();
    for statement in statements {
        assert!(!statement.contains(char::is_control), "{statement:?}");
    }
    for text in statements.iter().map(|statement| statement.to_ascii_lowercase()).chain([joined]) {
        for secret in forbidden {
            assert!(!text.contains(secret.as_str()), "{secret:?} in {text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_secret_in_any_statement(
        secret in secret(),
        before in vec(any::<u8>(), 0..5),
        after in vec(any::<u8>(), 0..5),
        noise in vec(any::<u8>(), 0..20),
        cuts in vec(any::<prop::sample::Index>(), 0..3),
    ) {
        let mut log = Transcript::new(Language::English);
        log.learn(&Secret::new(secret.as_str()));
        log.record(true, true);
        let forbidden = forbidden(&secret);
        for form in forms(&secret, &before, &after) {
            let line = [&noise[..], &form, &noise].concat();
            log.client(&line);
            log.content(&line);
            log.content(b"\r\n\r\n");
            log.content(&line);
            log.content_end(&[Omitted { name: Some(String::from_utf8_lossy(&line).into()), media_type: String::new(), size: None }]);
            log.note(Note::NotUnderstood { awaiting: crate::error::Phase::Ehlo, bytes: line.clone() });
            assert_clean(&log.take_regular(), &forbidden);
            assert_clean(&log.take_extended(), &forbidden);

            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(line.len() + 1)).chain([0, line.len()]).collect();
            cuts.sort_unstable();
            for cut in cuts.windows(2) {
                log.server(&[b"535-", &line[cut[0]..cut[1]]].concat());
            }
            log.server_end();
            assert_clean(&log.take_regular(), &forbidden);
            assert_clean(&log.take_extended(), &forbidden);
            assert_clean(&[log.mask(&String::from_utf8_lossy(&form))].map(|text| text.replace(char::is_control, "")), &forbidden);
        }
    }

    #[test]
    fn one_line_in_is_one_statement_out(lines in vec(vec(any::<u8>(), 0..200), 1..10)) {
        let mut log = Transcript::new(Language::Spanish);
        log.record(true, true);
        for line in &lines {
            log.server(line);
        }
        log.server_end();
        for statements in [log.take_regular(), log.take_extended()] {
            prop_assert_eq!(statements.len(), lines.len());
            for statement in statements {
                prop_assert!(statement.starts_with("S < \"") && statement.ends_with('"'));
                prop_assert!(!statement.contains(char::is_control));
            }
        }
    }

    #[test]
    fn content_reads_the_same_however_it_is_cut(
        lines in vec("[a-c.]{0,8}", 0..12),
        cuts in vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let wire = lines.join("\r\n").into_bytes();
        let mut whole = Transcript::new(Language::English);
        let mut cut = Transcript::new(Language::English);
        for log in [&mut whole, &mut cut] {
            log.record(true, true);
        }
        whole.content(&wire);
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(wire.len() + 1)).chain([0, wire.len()]).collect();
        cuts.sort_unstable();
        for piece in cuts.windows(2) {
            cut.content(&wire[piece[0]..piece[1]]);
        }
        whole.content_end(&[]);
        cut.content_end(&[]);
        prop_assert_eq!(whole.take_regular(), cut.take_regular());
        prop_assert_eq!(whole.take_extended(), cut.take_extended());
    }
}
