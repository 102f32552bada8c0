//! Mails that go, and what is said of them.

use super::run::{PASSWORD, Stage, run};
use std::fs;

#[test]
fn a_mail_with_everything() {
    let stage = Stage::new();
    fs::write(stage.folder.join("text.txt"), "¡Hola!\n").unwrap();
    fs::write(stage.folder.join("data.bin"), [0, 1, 2, 255]).unwrap();
    let ran = stage.send(&[
        "--from",
        "Doña Ana <ana@example.test>",
        "--to",
        "bob@example.test",
        "--cc",
        "Carl <carl@example.test>",
        "--bcc",
        "secret@example.test",
        "--subject",
        "Año nuevo",
        "--text",
        "@text.txt",
        "--html",
        "<p>¡Hola!</p>",
        "--attach",
        "data.bin;name=a b.bin;type=application/x-test",
        "--header",
        "X-Test: yes",
        "--in-reply-to",
        "<1@x.test>",
        "--references",
        "<0@x.test> <1@x.test>",
        "--message-id",
        "<2@x.test>",
        "--json",
    ]);
    let json = ran.exits(0).json();
    assert_eq!(json["success"], true);
    assert_eq!(json["status"], 250);
    assert_eq!(json["delivery"], "accepted");
    assert_eq!(json["messageId"], "2@x.test");
    assert_eq!(json["recipients"].as_array().unwrap().len(), 3);
    assert_eq!(json["tls"]["version"], "TLSv1.3");
    let received = stage.received();
    let mail = received[0].text();
    assert_eq!(received[0].to, ["bob@example.test", "carl@example.test", "secret@example.test"]);
    assert_eq!(received[0].user.as_deref(), Some("alice"));
    for part in ["X-Test: yes", "<2@x.test>", "a b.bin", "application/x-test", "In-Reply-To: <1@x.test>", "<0@x.test>"]
    {
        assert!(mail.contains(part), "{part} is not in {mail}");
    }
    // The server offers BINARYMIME: the file's bytes stand as they are.
    assert!(received[0].content.windows(4).any(|bytes| bytes == [0, 1, 2, 255]), "{mail}");
    assert!(!mail.contains("secret@example.test"), "{mail}");
}

#[test]
fn a_finished_message_and_its_logs() {
    let stage = Stage::new();
    let eml = "From: a@b.test\nTo: c@d.test\nBcc: x@y.test\nSubject: eml\nDate: Thu, 1 Jan 2026 00:00:00 +0000\n\nBody\n.\nEnd\n";
    let mut arguments = vec!["send".to_owned()];
    arguments.extend(stage.server());
    arguments.extend(["--eml", "-", "--from", "a@b.test", "--to", "c@d.test"].map(str::to_owned));
    arguments
        .extend(["--log=3", "--log-dir", "logs", "--log-file", "all.txt", "--log-language", "es"].map(str::to_owned));
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let ran = run(&stage.folder, &arguments, eml.as_bytes()).exits(0);
    assert!(ran.out.starts_with("Sent to 1 recipient (") && ran.out.contains("TLSv1.3): 250 "), "{}", ran.told());
    let mail = stage.received()[0].text();
    assert!(mail.ends_with("\r\n\r\nBody\r\n.\r\nEnd\r\n") && !mail.contains("Bcc"), "{mail}");
    let regular = fs::read_to_string(stage.folder.join("logs/SMTPLog_3.txt")).unwrap();
    let extended = fs::read_to_string(stage.folder.join("all.txt")).unwrap();
    for log in [&regular, &extended] {
        assert!(
            log.contains("### SMTP Conectado a 'localhost'") && log.ends_with("### Conexión SMTP cerrada\n"),
            "{log}"
        );
        assert!(log.contains("C > \"Subject: eml\"") && !log.contains(PASSWORD), "{log}");
    }
    assert!(extended.contains("C > \"Body\"") && !regular.contains("\"Body\""), "{regular}");
}

#[test]
fn refusals() {
    let stage = Stage::new();
    let one = ["--from", "a@b.test", "--text", "t", "--to", "c@d.test", "--to", "nobody@d.test"];
    let ran = stage.send(&one).exits(0).says("warning: nobody@d.test was refused: 550");
    assert!(ran.out.starts_with("Sent to 1 of 2 recipients"), "{}", ran.told());
    let all: Vec<_> = one.iter().copied().chain(["--require-all", "--json"]).collect();
    let json = stage.send(&all).exits(69).json();
    assert_eq!(json["errors"][0]["phase"], "rcpt-to");
    assert_eq!(stage.received().len(), 1);
    stage.send(&["--from", "a@b.test", "--text", "t", "--to", "full@d.test"]).exits(75);

    fs::write(stage.folder.join("password"), "wrong").unwrap();
    let json = stage.send(&["--from", "a@b.test", "--text", "t", "--to", "c@d.test", "--json"]).exits(77).json();
    assert_eq!((&json["status"], &json["errors"][0]["kind"]), (&535.into(), &"authentication-failed".into()));
    assert_eq!(stage.received().len(), 1);
}

#[test]
fn check_says_whether_we_are_let_in() {
    let stage = Stage::new();
    let server = stage.server();
    let check = |more: &[&str]| {
        let all: Vec<_> =
            ["check"].into_iter().chain(server.iter().map(String::as_str)).chain(more.iter().copied()).collect();
        run(&stage.folder, &all, b"")
    };
    assert!(check(&[]).exits(0).out.starts_with("The server answers: 250 "));
    let json = check(&["--json"]).exits(0).json();
    assert_eq!((&json["success"], &json["status"]), (&true.into(), &250.into()));
    let refused = check(&["--pin-sha256", &"00".repeat(32), "--json"]).exits(69).json();
    assert_eq!(refused["errors"][0]["kind"], "certificate-refused");
}

#[test]
fn what_tells_of_the_program_itself() {
    let here = std::path::Path::new(".");
    let component = run(here, &["inspect"], b"").exits(0);
    assert!(component.out.contains("smtp:transporter/tls-sockets") && component.out.contains("--allow HOST:PORT"));
    assert!(!component.out.contains("wasi:sockets") && !component.out.contains("no grant"), "{}", component.out);
    run(here, &["inspect", "Cargo.toml"], b"").exits(65).says("no WebAssembly component");
    run(here, &["inspect", "missing.wasm"], b"").exits(66);
    assert!(run(here, &["completions", "bash"], b"").exits(0).out.contains("--password-file"));
    assert!(run(here, &["man", "send"], b"").exits(0).out.contains("host\\-send"));
    run(here, &["man", "nothing"], b"").exits(64);
    run(here, &["send", "--help"], b"").exits(0);
}
