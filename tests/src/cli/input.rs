//! What is wrong before anything is sent: exit code, words, and the place.

use super::run::{Stage, run};
use std::fs;
use std::path::Path;

const MAIL: [&str; 6] = ["--from", "a@b.test", "--to", "c@d.test", "--text", "t"];

#[test]
fn what_is_refused_before_a_byte_is_sent() {
    let stage = Stage::new();
    fs::create_dir(stage.folder.join("folder")).unwrap();
    fs::write(stage.folder.join("bytes"), b"\xff").unwrap();
    fs::write(stage.folder.join("m.eml"), b"From: a@b\r\n\r\nx").unwrap();
    let cases: &[(&[&str], i32, &str)] = &[
        (&["--to", "c d@e"], 65, "  c d@e\n   ^\n"),
        (&["--to", "Ana <ana@b..c>"], 65, "  Ana <ana@b..c>\n             ^\n"),
        (&["--to", "a@b\r\nDATA"], 65, "  a@b\\x0d\\x0aDATA\n     ^\n"),
        (&["--cc", "nobody"], 65, "no '@'"),
        (&["--reply-to", "@x"], 65, "nothing stands before the '@'"),
        (&["--subject", "a\nBcc: x@y"], 65, "a line end can't stand here"),
        (&["--header", "X Y: z"], 65, "  X Y: z\n   ^\n"),
        (&["--header", "X-A"], 65, "a colon is missing"),
        (&["--message-id", "<a\r\n@b>"], 65, "a line end"),
        (&["--helo", "my host"], 65, "  my host\n    ^\n"),
        (&["--pin-sha256", "12"], 65, "64 hexadecimal digits"),
        (&["--attach", "missing.txt"], 66, "'missing.txt' can't be read"),
        (&["--attach", "folder"], 66, "it is a folder"),
        (&["--html", "@missing.html"], 66, "'missing.html' can't be read"),
        (&["--html", "@bytes"], 65, "not UTF-8 text from byte 0 on"),
        (&["--ca-file", "missing.pem"], 66, "'missing.pem' can't be read"),
        (&["--client-cert", "missing.pem"], 66, "'missing.pem' can't be read"),
        (&["--user", "bob"], 64, "two users"),
        (&["--password-env", "NOWHERE"], 64, "not both"),
        (&["--auth", "oauth2"], 64, "needs a token"),
        (&["--auth", "external"], 64, "--client-cert"),
        (&["--auth", "morse"], 64, "possible values"),
        (&["--eml", "m.eml"], 64, "cannot be used with"),
        (&["--html", "-", "--attach", "missing.txt"], 66, "'missing.txt'"),
        (&["--dsn", "sometimes"], 64, "--dsn"),
        (&["--connect-timeout", "0"], 64, "--connect-timeout"),
        (&["--log-dir", "."], 64, "--log"),
        (&["--log", "--log-dir", "bytes/logs"], 73, "can't be written"),
        (&["--log-file", "missing/log.txt"], 73, "can't be written"),
        (&["--proxy", "ftp://x"], 64, "socks5:// or http://"),
    ];
    for (arguments, code, words) in cases {
        let all: Vec<_> = MAIL.iter().chain(*arguments).copied().collect();
        stage.send(&all).exits(*code).says(words);
    }
    assert_eq!(stage.received(), []);
}

#[test]
fn what_the_server_option_refuses() {
    let here = Path::new(".");
    for (url, code, words) in [
        ("mail.example.com", 64, "smtp:// or smtps://"),
        ("smtp://alice:wonderland@h", 64, "a password can't stand in the URL"),
        ("smtp://h:99999", 64, "1 to 65535"),
        ("smtp://ho st", 65, "  ho st\n    ^\n"),
    ] {
        run(here, &["check", "--server", url], b"").exits(code).says(words);
    }
    run(here, &["check"], b"").exits(64).says("--server");
    run(here, &["check", "--server", "smtp://alice@h"], b"").exits(64).says("has no password");
    run(here, &["check", "--server", "smtp://h", "--password-file", "Cargo.toml"], b"").exits(64).says("has no user");
    run(here, &["check", "--server", "smtp://a@h", "--password-env", "NOWHERE"], b"").exits(64).says("'NOWHERE'");
}

#[test]
fn an_error_of_the_input_is_json_too() {
    let stage = Stage::new();
    let ran = stage.send(&["--from", "a b@c", "--to", "d@e", "--json"]).exits(65);
    let json = ran.json();
    assert_eq!(
        (&json["success"], &json["status"], &json["delivery"]),
        (&false.into(), &0.into(), &"not-accepted".into())
    );
    assert_eq!((&json["errors"][0]["phase"], &json["errors"][0]["kind"]), (&"input".into(), &"invalid-input".into()));
}

#[test]
fn nobody_and_nothing() {
    let stage = Stage::new();
    stage.send(&["--from", "a@b", "--text", "x"]).exits(64).says("nobody gets the mail");
    stage.send(&["--to", "a@b", "--text", "x"]).exits(64).says("nobody sends the mail");
    stage.send(&["--to", "a@b", "--from", "a@b", "--text", "-", "--html", "-"]).exits(64).says("read once");
}
