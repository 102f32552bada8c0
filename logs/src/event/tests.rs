//! What no catalogue has: lost lines, the unknown, and the hostile. The catalogue's own sentences are fed through the
//! recogniser by the client's tests.

use super::*;

#[test]
fn lost_lines() {
    for (text, lines) in [
        ("SMTP Log: 1 line could not be written (Is a directory)", 1),
        ("SMTP Log: 3 lines could not be written (Is a directory)", 3),
        ("SMTP Registro: 1 línea no se pudo escribir (Is a directory)", 1),
        ("SMTP Registro: 3 líneas no se pudieron escribir (Is a directory)", 3),
    ] {
        assert_eq!(Event::recognise(text), Event::LinesLost { lines, reason: "Is a directory".into() });
    }
}

#[test]
fn what_is_not_known_stays_what_it_is() {
    for text in ["", "SMTP Connection closed.", "SMTP Connected to 'h' on port 99999. (secured)", "SMTP Something new"]
    {
        assert_eq!(Event::recognise(text), Event::Other { text: text.into() });
    }
    let Event::Other { text } = Event::recognise(&"ñ".repeat(10_000)) else { panic!("known?") };
    assert!(text.len() < 1100 && text.ends_with("ñ…"));
}

#[test]
fn words_of_others_make_no_other_event() {
    let text = "SMTP OAuth2 error of the server: SMTP Connection closed";
    assert_eq!(Event::recognise(text), Event::OauthError { json: "SMTP Connection closed".into() });
    let text = "SMTP Reply not understood while waiting for the reply to EHLO: \"x: \"y\"\"";
    let Event::NotUnderstood { bytes, .. } = Event::recognise(text) else { panic!("{text}") };
    assert_eq!(bytes, "x: \"y\"");
}
