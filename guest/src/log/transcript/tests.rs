//! Both logs, as they read.

use super::*;

fn on() -> Transcript {
    let mut log = Transcript::new(Language::English);
    log.record(true, true);
    log
}

#[test]
fn the_conversation_of_the_origin() {
    let mut log = Transcript::new(Language::Spanish);
    log.record(true, false);
    log.note(Note::Connected { host: "smtp.gmail.com".into(), port: 465, secured: true });
    log.server(b"220 smtp.gmail.com ESMTP y139sm19463388wmd.22 - gsmtp");
    log.server_end();
    log.client(b"EHLO [192.168.18.9]");
    log.server(b"250-SIZE 35882577");
    log.server(b"250 SMTPUTF8");
    log.server_end();
    log.client(b"AUTH PLAIN");
    log.server(b"334 ");
    log.server_end();
    log.client_secret("");
    log.server("535-5.7.8 Nombre de usuario y contraseña no aceptados.".as_bytes());
    log.server(b"535 5.7.8 https://support.google.com/mail/?p=BadCredentials");
    log.note(Note::Closed);
    assert_eq!(
        log.take_regular(),
        [
            "### SMTP Conectado a 'smtp.gmail.com' en el puerto 465. (asegurado)",
            "S < \"220 smtp.gmail.com ESMTP y139sm19463388wmd.22 - gsmtp\"",
            "C > \"EHLO [192.168.18.9]\"",
            "S < \"250-SIZE 35882577\"",
            "S < \"250 SMTPUTF8\"",
            "C > \"AUTH PLAIN\"",
            "S < \"334 \"",
            "C > \"********************************\"",
            "S < \"535-5.7.8 Nombre de usuario y contraseña no aceptados.\"",
            "S < \"535 5.7.8 https://support.google.com/mail/?p=BadCredentials\"",
            "### Conexión SMTP cerrada",
        ]
    );
    assert_eq!(log.take_extended(), [""; 0]);
}

#[test]
fn a_secret_in_the_command() {
    let mut log = on();
    log.client_secret("AUTH PLAIN ");
    assert_eq!(log.take_regular(), ["C > \"AUTH PLAIN ********************************\""]);
}

#[test]
fn content_cut_anywhere() {
    let mail = b"Subject: hi\r\nTo: a@b\r\n\r\nline\r\n\r\n..dot\r\nno end";
    for size in 1..mail.len() {
        let mut log = on();
        for piece in mail.chunks(size) {
            log.content(piece);
        }
        log.content_end(&[Omitted { name: Some("a'b.txt".into()), media_type: "text/plain".into(), size: Some(5) }]);
        assert_eq!(
            log.take_regular(),
            [
                "C > \"Subject: hi\"",
                "C > \"To: a@b\"",
                "### SMTP Body not logged: 21 bytes, with the attachments 'a'b.txt' (text/plain, 5 bytes).",
            ]
        );
        let lines = ["Subject: hi", "To: a@b", "", "line", "", "..dot", "no end"];
        assert_eq!(log.take_extended(), lines.map(|line| format!("C > \"{line}\"")));
    }
}

#[test]
fn logs_turned_on_in_the_middle() {
    let mut log = Transcript::new(Language::English);
    log.content(b"Subject: a\r\nTo: ");
    log.record(true, true);
    log.content(b"x@y\r\nCc: z@y\r\n\r\none\r\ntw");
    log.record(true, false);
    log.content(b"o\r\nthree");
    log.record(false, true);
    log.content(b" three\r\nfour\r\n");
    log.record(true, true);
    log.content_end(&[]);
    assert_eq!(log.take_regular(), ["C > \"Cc: z@y\"", "### SMTP Body not logged: 29 bytes."]);
    assert_eq!(log.take_extended(), ["C > \"Cc: z@y\"", "C > \"\"", "C > \"one\"", "C > \"four\""]);
}

#[test]
fn a_header_without_a_body_and_a_body_without_an_end() {
    let mut log = on();
    log.content(b"Subject: a\r\n");
    log.content_end(&[]);
    log.content(b"Subject: b\n\nbo");
    log.content_abandoned();
    assert_eq!(
        log.take_regular(),
        [
            "C > \"Subject: a\"",
            "### SMTP Body not logged: 0 bytes.",
            "C > \"Subject: b\\x0a\"",
            "### SMTP Body not logged: 2 bytes, then the content ended before it was complete.",
        ]
    );
    assert_eq!(log.take_extended().last().unwrap(), "C > \"bo\"");
}

#[test]
fn lines_without_end_stand_in_pieces() {
    let mut log = on();
    log.learn(&Secret::new("swordfish"));
    let mut line = b"X-Long: ".to_vec();
    line.extend(vec![b'x'; 65_530 - line.len()]);
    line.extend_from_slice("swordfishñ".as_bytes());
    line.extend(vec![b'y'; 100_000]);
    for piece in line.chunks(1000) {
        log.content(piece);
    }
    log.content(b"\r\n\r\n");
    log.content_end(&[]);
    let regular = log.take_regular();
    assert!(regular[0].ends_with(&format!("xxx… (+{} bytes)\"", line.len() - 9 + 32 - 4096)), "{}", regular[0]);
    let extended = log.take_extended();
    assert!(extended.iter().all(|statement| !statement.contains("sword") && statement.len() < 70_000));
    let joined: String = extended[..extended.len() - 1].iter().map(|s| s[5..s.len() - 1].trim_matches('…')).collect();
    let expected = String::from_utf8(line).unwrap().replace("swordfish", ASTERISKS);
    assert!(joined == expected);
    assert!(extended[0].ends_with("…\"") && extended[1].starts_with("C > \"…"));
}

#[test]
fn nothing_while_both_are_off() {
    let mut log = Transcript::new(Language::English);
    log.client(b"QUIT");
    log.server(b"221 bye");
    log.server_end();
    log.note(Note::Closed);
    log.content(b"a\r\n\r\nb");
    log.content_end(&[]);
    assert_eq!((log.take_regular(), log.take_extended()), (vec![], vec![]));
}

#[test]
fn no_line_of_the_server_forges_another() {
    let mut log = on();
    log.server(b"250 ok\"\r\n7 2019-02-06T15:03:12.242 5 7 ### SMTP Connection closed\n\x1b[2J\xc2\x9b\xff");
    log.server_end();
    assert_eq!(
        log.take_regular(),
        [
            "S < \"250 ok\"\\x0d\\x0a7 2019-02-06T15:03:12.242 5 7 ### SMTP Connection closed\\x0a\\x1b[2J\\xc2\\x9b\\xff\""
        ]
    );
}
