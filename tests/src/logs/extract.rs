//! Mails taken out of logs, against what the server received.

use super::folder;
use crate::cli::{Stage, run};
use std::fs;

/// Everything that a log could get wrong.
fn odd_mail() -> Vec<u8> {
    let mut mail = b"From: a@b.test\r\nTo: c@d.test\r\nSubject: odd\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n\
        Message-ID: <odd@b.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: 8bit\r\n\r\n.\r\n..\r\n.dot\r\nC:\\xampp\\x41 \\x5cx41 \\\r\nBDAT 5 LAST\r\nQUIT\r\n\
        a\ttab \"quotes\" and so on\xe2\x80\xa6\r\n\xe2\x80\xa6 goes on\r\nno UTF-8: Gr\xf6\xdfe\r\n\r\n\r\n"
        .to_vec();
    mail.extend_from_slice("ñ日🙂 ".repeat(60).as_bytes());
    mail.extend_from_slice(b"\r\nlast\r\n");
    mail
}

#[test]
fn byte_for_byte_by_data_and_by_chunks() {
    let stage = Stage::new();
    fs::write(stage.folder.join("odd.eml"), odd_mail()).expect("a file");
    for (number, options) in [&["--no-chunking"][..], &[]].into_iter().enumerate() {
        let log = format!("{number}.txt");
        let mail = ["--eml", "odd.eml", "--from", "a@b.test", "--to", "c@d.test", "--log-file", &log];
        stage.send(&[&mail[..], options].concat()).exits(0);
        let received = stage.received()[number].content.clone();
        let out = format!("{number}.eml");
        run(&stage.folder, &["logs", "extract", &log, "-o", &out], b"").exits(0);
        let taken = fs::read(stage.folder.join(&out)).expect("the mail");
        assert!(taken == received, "{options:?}\n{}", String::from_utf8_lossy(&taken));
        assert_eq!(taken, odd_mail());
        run(&stage.folder, &["logs", "extract", &log, "-o", &out], b"").exits(73).says("exists already");
    }
}

#[test]
fn binary_content_with_any_line_ends() {
    let stage = Stage::new();
    let bytes: Vec<u8> =
        (0..200_000u32).map(|n| (n.wrapping_mul(n) / 7) as u8).chain(*b"\n\r\n\r\r\n\n\\x0a\n").collect();
    fs::write(stage.folder.join("data.bin"), &bytes).expect("a file");
    stage
        .send(&[
            "--from",
            "a@b.test",
            "--to",
            "c@d.test",
            "--text",
            "t",
            "--attach",
            "data.bin",
            "--log-file",
            "log.txt",
        ])
        .exits(0);
    let received = stage.received()[0].content.clone();
    assert!(received.windows(bytes.len()).any(|part| part == bytes), "the server takes BINARYMIME");
    run(&stage.folder, &["logs", "extract", "log.txt", "-o", "mail.eml"], b"").exits(0);
    assert!(fs::read(stage.folder.join("mail.eml")).expect("the mail") == received);
}

#[test]
fn what_can_not_be_taken_out() {
    let stage = Stage::new();
    let mail = ["--from", "a@b.test", "--to", "c@d.test", "--text", "t", "--log", "--log-dir", "."];
    stage.send(&mail).exits(0);
    let extract = |more: &[&str]| run(&stage.folder, &[&["logs", "extract"], more].concat(), b"");
    extract(&["SMTPLog_1.txt"]).exits(65).says("This log has the header of the mail only");
    stage.send(&mail).exits(0);
    extract(&["SMTPLog_1.txt"]).exits(64).says("--conversation 2 --mail 1");
    extract(&["SMTPLog_1.txt", "--conversation", "9"]).exits(65).says("conversation 9 has no mail's content");
    run(&folder(), &["logs", "extract", "seed.log"], b"").exits(65).says("no mail's content in this log");
}

#[test]
fn a_masked_secret_is_told_of() {
    let stage = Stage::new();
    let text = format!("the password is {}", crate::cli::PASSWORD);
    stage.send(&["--from", "a@b.test", "--to", "c@d.test", "--text", &text, "--log-file", "log.txt"]).exits(0);
    let ran = run(&stage.folder, &["logs", "extract", "log.txt", "-o", "mail.eml"], b"").exits(0);
    assert!(ran.err.contains("in 1 line stand 32 asterisks"), "{}", ran.told());
}
