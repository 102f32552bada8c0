//! Explanations as they read.

use super::*;
use crate::conversations;

fn told(log: &str, language: Language) -> String {
    let mut out = Vec::new();
    let teller = Teller { language, style: Style::plain() };
    let mut result = Ok(());
    conversations(log.as_bytes(), |told| {
        if result.is_ok() {
            result = teller.tell(&told, None, &mut out);
        }
    })
    .expect("memory can be read");
    result.expect("memory can be written");
    String::from_utf8(out).expect("text")
}

const SLOW: &str = "1 2026-11-25T10:00:00.000 1 1 ### SMTP Connected to 'h' on port 25. (unsecured)
2 2026-11-25T10:00:41.250 1 1 S < \"220 h\"
3 2026-11-25T10:00:41.250 1 1 C > \"EHLO x\"
4 2026-11-25T10:00:41.300 1 1 S < \"250 h\"
5 2026-11-25T10:00:41.300 1 1 C > \"MAIL FROM:<> SIZE=1234567\"
6 2026-11-25T10:00:41.400 1 1 S < \"250 ok\"
7 2026-11-25T10:00:41.400 1 1 C > \"RCPT TO:<a@b>\"
8 2026-11-25T10:00:41.400 1 1 S < \"250 ok\"
9 2026-11-25T10:00:41.400 1 1 C > \"DATA\"
10 2026-11-25T10:00:41.400 1 1 S < \"354 go\"
11 2026-11-25T10:00:41.400 1 1 C > \"Subject: x\"
12 2026-11-25T10:00:41.400 1 1 ### SMTP Body not logged: 14 bytes.
13 2026-11-25T10:00:41.400 1 1 C > \".\"
14 2026-11-25T10:00:42.000 1 1 S < \"250 2.0.0 Ok: queued as 4F\"
15 2026-11-25T10:00:42.000 1 1 ### SMTP Mail accepted by the server with 250. (recipients accepted: 1, refused: 0)
16 2026-11-25T10:00:42.000 1 1 ### SMTP Connection closed
";

#[test]
fn a_slow_server_in_both_languages() {
    assert_eq!(
        told(SLOW, Language::English),
        "#1 2026-11-25 10:00:00.000 accepted h:25, in the clear, no user; (null sender) → a@b, 1,234,567 bytes, \
         \"250 2.0.0 Ok: queued as 4F\"; 42.0 s\n    \
         waited 41.2 s for the greeting; usual is under 1 s (line 2)\n"
    );
    assert_eq!(
        told(SLOW, Language::Spanish),
        "#1 2026-11-25 10:00:00.000 aceptado h:25, sin cifrar, sin usuario; (remitente nulo) → a@b, 1,234,567 bytes, \
         \"250 2.0.0 Ok: queued as 4F\"; 42.0 s\n    \
         se esperó 41.2 s el saludo; lo habitual es menos de 1 s (línea 2)\n"
    );
}

#[test]
fn a_failure_has_its_line_its_meaning_and_what_to_do() {
    let log = "1 2026-11-25T10:00:00.000 1 1 ### SMTP Connected to 'smtp.gmail.com' on port 465. (secured)
2 2026-11-25T10:00:00.000 1 1 S < \"220 h\"
3 2026-11-25T10:00:00.000 1 1 C > \"AUTH PLAIN ********************************\"
4 2026-11-25T10:00:00.000 1 1 S < \"535-5.7.8 Username and Password not accepted. For more information, go to\"
5 2026-11-25T10:00:00.000 1 1 S < \"535 5.7.8  https://support.google.com/mail/?p=BadCredentials x - gsmtp\"
6 2026-11-25T10:00:00.000 1 1 ### SMTP Connection closed
";
    let text = told(log, Language::English);
    assert!(text.starts_with("#1 2026-11-25 10:00:00.000 FAILED smtp.gmail.com:465, TLS"), "{text}");
    assert!(text.contains("    line 5: S < \"535 5.7.8  https://support.google.com/mail/?p=BadCredentials"), "{text}");
    assert!(text.contains("what to do: ") && text.contains("words of Gmail (see http"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 140), "{text}");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let teller = Teller { language: Language::English, style: Style::coloured() };
    let mut out = Vec::new();
    conversations(SLOW.as_bytes(), |conversation| teller.tell(&conversation, None, &mut out).unwrap()).unwrap();
    assert!(out.contains(&b'\x1b'));
    assert!(!told(SLOW, Language::English).contains('\u{1b}'));
}

#[test]
fn numbers_and_times() {
    use super::outcome_line::grouped;
    assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    assert_eq!([0, 656, 41_250, 200_000].map(seconds), ["0.000 s", "0.656 s", "41.2 s", "3 min 20 s"]);
}
