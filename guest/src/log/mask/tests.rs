//! What is hidden, and what is not.

use super::*;
use crate::log::{Language, Note, Transcript};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

fn mask(secrets: &[&str]) -> Mask {
    let mut mask = Mask::default();
    for secret in secrets {
        mask.learn(&Secret::new(*secret));
    }
    mask
}

fn hidden(mask: &Mask, text: &[u8]) -> String {
    String::from_utf8_lossy(&mask.hide_all(text)).replace(ASTERISKS, "#")
}

fn reply(mask: &Mask, lines: &[&str]) -> Vec<String> {
    let bytes: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
    let found = mask.find_in_reply(&bytes).into_iter().zip(&bytes);
    found.map(|(found, line)| String::from_utf8_lossy(&hide(line, found)).replace(ASTERISKS, "#")).collect()
}

#[test]
fn every_form_in_any_case() {
    let mask = mask(&["pä\"ss wörd=1"]);
    for form in [
        "pä\"ss wörd=1",
        "PäSS".to_lowercase().replace("päss", "pä\"SS WöRD=1").as_str(),
        "p%C3%A4%22ss%20w%c3%b6rd%3d1",
        "p%c3%a4\"ss%20w%c3%b6rd=1",
        "p=C3=A4\"ss w=C3=B6rd=3D1",
        "p\\xc3\\xa4\"ss w\\xc3\\xb6rd=1",
        "pä\\\"ss wörd=1",
        "p\\u00e4\\\"ss w\\u00f6rd=1",
        "pä&quot;ss wörd=1",
        "p?\"ss w?rd=1",
        "p??\"ss w??rd=1",
        "p\"ss\twrd=1",
        "70c3a4227373 2077c3b672643d31",
        "70:C3:A4:22:73:73:20:77:C3:B6:72:64:3D:31",
    ] {
        assert_eq!(hidden(&mask, format!("535 no ({form})").as_bytes()), "535 no (#)", "{form}");
    }
    assert_eq!(hidden(&mask, b"535 no (p\xe4\"ss w\xf6rd=1)"), "535 no (#)");
}

#[test]
fn base64_at_every_offset() {
    let mask = mask(&["tanstaaf"]);
    for (before, after) in [("", ""), ("\0", ""), ("\0u\0", "x"), ("ab", "\u{1}auth=Bearer"), ("abcd", "12")] {
        let encoded = STANDARD.encode(format!("{before}tanstaaf{after}"));
        let shown = hidden(&mask, encoded.as_bytes());
        // What is left decodes to nothing of the secret: at most what stood around it.
        assert!(shown.contains('#'), "{shown}");
        assert!(
            shown.replace('#', "").len() <= (before.len().div_ceil(3) + after.len().div_ceil(3)) * 4,
            "{encoded} {shown}"
        );
    }
}

#[test]
fn odd_bytes_do_not_switch_it_off() {
    let mask = mask(&["swordfish"]);
    for (text, shown) in [
        (&b"\xff\xfeswordfish\xff"[..], "\u{fffd}\u{fffd}#\u{fffd}"),
        (b"\xc3swordfish\xa9", "\u{fffd}#\u{fffd}"),
        (b"\0swordfish\0SwordFish", "\u{0}#\u{0}#"),
        (b"s\0wordfish", "#"),
        (b"sword\r\n fish", "#"),
        ("sword\u{200b}fish".as_bytes(), "#"),
        (b"swordswordfishfish", "sword#fish"),
        (b"swordfishswordfish", "#"),
        (b"swordfis", "swordfis"),
    ] {
        assert_eq!(hidden(&mask, text), shown);
    }
}

#[test]
fn secrets_of_secrets() {
    let overlapping = mask(&["abcdef", "defghi", "cde1"]);
    assert_eq!(hidden(&overlapping, b"abcdefghi abcde1 xyz"), "# ab# xyz");
}

#[test]
fn short_secrets_are_words() {
    let mask = mask(&["a1", "25", "", "250"]);
    assert_eq!(hidden(&mask, b"ab a1 A1. xa1 a1x \"a1\" 0.25 125 61:31 6131"), "ab # #. xa1 a1x \"#\" 0.# 125 61:31 #");
    assert_eq!(reply(&mask, &["250-25 a1", "250 250"]), ["250-# #", "250 #"]);
}

#[test]
fn over_the_lines_of_a_reply() {
    let mask = mask(&["correct horse", "tiramisu"]);
    for (lines, shown) in [
        (["535-no: tira", "535 misu!"], ["535-no: #", "535 #!"]),
        (["535-5.7.8 tira", "535 5.7.8 misu!"], ["535-5.7.8 #", "535 5.7.8 #!"]),
        (["535-5.7.8 correct ", "535 5.7.8  horse"], ["535-5.7.8 #", "535 5.7.8  #"]),
        (["535-5.7.8 correct", "535 5.7.8 horse"], ["535-5.7.8 #", "535 5.7.8 #"]),
        (["535-dGlyYW", "535 1pc3U="], ["535-#", "535 #"]),
        (["250-SIZE 1", "250 HELP"], ["250-SIZE 1", "250 HELP"]),
    ] {
        assert_eq!(reply(&mask, &lines), shown);
    }
    assert_eq!(reply(&mask, &["250-t", "250-", "250-iramis", "250 u"]), ["250-#", "250-", "250-#", "250 #"]);
}

#[test]
fn responses_and_their_pieces() {
    let mut mask = Mask::default();
    let encoded = STANDARD.encode("\0tim@example.com\0tanstaaftanstaaf");
    mask.learn_response(&encoded, 0);
    assert_eq!(hidden(&mask, format!("535 [{encoded}]").as_bytes()), "535 [#]");
    assert_eq!(hidden(&mask, format!("535 [{}]", encoded.to_uppercase()).as_bytes()), "535 [#]");
    assert_eq!(hidden(&mask, format!("535 {}...", &encoded[5..17]).as_bytes()), "535 #...");
    assert_eq!(hidden(&mask, format!("535 {}...", &encoded[5..16]).as_bytes()), format!("535 {}...", &encoded[5..16]));
    let lines = [format!("535-{}", &encoded[..20]), format!("535 {}", &encoded[20..])];
    assert_eq!(reply(&mask, &[&lines[0], &lines[1]]), ["535-#", "535 #"]);
    for number in 0..100 {
        mask.learn_response(&STANDARD.encode(format!("response {number}")), 0);
    }
    mask.learn_response("=", 0);
    assert_eq!(mask.responses.len(), MOST_RESPONSES);
}

/// SCRAM: the nonce goes to the server and comes back in its challenge, which is to be read as it came.
#[test]
fn a_nonce_is_shown_and_a_proof_is_not() {
    let mut mask = Mask::default();
    let first = STANDARD.encode("n,,n=tim,r=fyko+d2lbbFgONRv9qkxdawL");
    mask.learn_response(&first, usize::MAX);
    let challenge = STANDARD.encode("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
    let line = format!("334 {challenge}");
    assert_eq!(reply(&mask, &[&line]).concat(), line);
    assert_eq!(hidden(&mask, format!("501 {first}").as_bytes()), "501 #");

    let public = "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=";
    let last = format!("{public}v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
    mask.learn_response(&STANDARD.encode(&last), public.len());
    assert_eq!(reply(&mask, &[&line]), [line]);
    assert_eq!(hidden(&mask, last.as_bytes()), format!("{public}#"));
    assert_eq!(hidden(&mask, format!("501 {}", STANDARD.encode(&last)).as_bytes()), "501 #");
    let half = &STANDARD.encode(&last)[80..];
    assert_eq!(hidden(&mask, format!("501 {half}").as_bytes()).matches(&half[..12]).count(), 0);
}

#[test]
fn pieces_of_a_token() {
    let token = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpM";
    let mask = mask(&[token]);
    assert_eq!(hidden(&mask, format!("bad token {}...", &token[..40]).as_bytes()), "bad token #...");
    let encoded = STANDARD.encode(format!("user=a@b\u{1}auth=Bearer {token}\u{1}\u{1}"));
    assert!(hidden(&mask, &encoded.as_bytes()[40..100]).len() < 6);
}

#[test]
fn a_long_reply_is_let_go_in_time_and_hides_what_it_must() {
    let mut log = Transcript::new(Language::English);
    log.learn(&Secret::new("tiramisu"));
    log.record(true, false);
    let mut statements = 0;
    for number in 0..20_000 {
        // The secret is cut over every pair of lines.
        log.server(if number % 2 == 0 { b"250-tira" } else { b"250-misu" });
        let taken = log.take_regular();
        assert!(taken.iter().all(|statement| statement == "S < \"250-********************************\""));
        statements += taken.len();
        assert!(number + 1 - statements < 2000);
    }
    log.note(Note::Closed);
    assert_eq!(statements + log.take_regular().len(), 20_001);
}
