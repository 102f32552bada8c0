//! `host logs report`: the page in a real browser, and the other formats.

use crate::browser;
use crate::cli::run;
use crate::servers::host;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A log full of tags and quotes.
const HOSTILE: &str = r#"1 2026-11-25T10:00:00.000 1 1 ### SMTP Connected to '</script><script>alert(1)</script>' on port 25. (unsecured)
2 2026-11-25T10:00:00.010 1 1 S < "220 <img src=x onerror=window.hurt=1> "quoted" &lt;b&gt;"
3 2026-11-25T10:00:00.011 1 1 C > "EHLO =cmd|' /C calc'!A0"
4 2026-11-25T10:00:00.020 1 1 S < "250 ok"
5 2026-11-25T10:00:00.021 1 1 C > "MAIL FROM:<=HYPERLINK("http://x")@example.com>"
6 2026-11-25T10:00:00.030 1 1 S < "250 ok"
7 2026-11-25T10:00:00.031 1 1 C > "RCPT TO:<"><svg/onload=window.hurt=1>@example.com>"
8 2026-11-25T10:00:00.040 1 1 S < "550 5.1.1 User unknown </SCRIPT ><!--<script> 𝄞"
9 2026-11-25T10:00:00.041 1 1 ### SMTP Mail not accepted, the server said 550. (recipients accepted: 0, refused: 1)
10 2026-11-25T10:00:00.050 1 1 ### SMTP Connection closed
"#;

/// 250 conversations, one of them after the other; the password is wrong in each seventh, and the eighth is slow.
fn log() -> String {
    let mut log = String::new();
    let mut counter = 0;
    for number in 1..=250_u64 {
        let begin = number * 40_000;
        let mut line = |ms: u64, statement: &str| {
            counter += 1;
            let at = begin + ms;
            let (h, m, s, ms) = (at / 3_600_000, at / 60_000 % 60, at / 1000 % 60, at % 1000);
            log.push_str(&format!("{counter} 2026-11-24T{:02}:{m:02}:{s:02}.{ms:03} 1 {number} {statement}\n", 6 + h));
        };
        line(0, "### SMTP Connected to 'smtp.gmail.com' on port 465. (secured)");
        line(20, r#"S < "220 smtp.gmail.com ESMTP""#);
        line(21, r#"C > "EHLO [192.168.18.9]""#);
        line(40, r#"S < "250 AUTH PLAIN""#);
        line(41, r#"C > "AUTH PLAIN ********************************""#);
        if number % 7 == 0 {
            line(90, r#"S < "535-5.7.8 Username and Password not accepted. For more information, go to""#);
            line(90, r#"S < "535 5.7.8 https://support.google.com/mail/?p=BadCredentials x - gsmtp""#);
            line(91, r#"C > "QUIT""#);
            line(99, r#"S < "221 2.0.0 closing connection x - gsmtp""#);
        } else {
            let slow = if number == 8 { 9_000 } else { 0 };
            line(90, r#"S < "235 2.7.0 Accepted""#);
            line(91, r#"C > "MAIL FROM:<shop@example.com>""#);
            line(110, r#"S < "250 2.1.0 OK""#);
            line(111, &format!(r#"C > "RCPT TO:<customer{number}@example.org>""#));
            line(130, r#"S < "250 2.1.5 OK""#);
            line(131, r#"C > "DATA""#);
            line(140, r#"S < "354 Go ahead""#);
            line(141, &format!(r#"C > "Subject: Your order {number}""#));
            line(142, "### SMTP Body not logged: 1000 bytes.");
            line(143, r#"C > ".""#);
            line(300 + slow, r#"S < "250 2.0.0 OK""#);
            line(301 + slow, "### SMTP Mail accepted by the server with 250. (recipients accepted: 1, refused: 0)");
        }
        line(if number == 8 { 9_400 } else { 400 }, "### SMTP Connection closed");
    }
    log
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("smtp-report-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("a file");
    }

    fn report(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(host());
        command.current_dir(&self.0).args(["logs", "report"]).args(arguments).output().expect("host runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn well(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_page_works_in_a_browser_and_asks_nobody() {
    let folder = Folder::new("page");
    folder.write("log.txt", &log());
    folder.write("hostile.txt", HOSTILE);
    well(folder.report(&["log.txt", "-o", "page.html"]));
    well(folder.report(&["hostile.txt", "-o", "hostile.html"]));
    let path = |name: &str| folder.0.join(name).to_string_lossy().into_owned();
    browser::check("report.py", &[&path("page.html"), &path("hostile.html")]);
}

#[test]
fn the_other_formats_say_the_same() {
    let folder = Folder::new("formats");
    folder.write("log.txt", &log());
    let document: Value = serde_json::from_str(&well(folder.report(&["log.txt", "--format", "json"]))).expect("JSON");
    let summary = &document["summary"];
    assert_eq!(document["conversations"].as_array().map(Vec::len), Some(250));
    assert_eq!((&summary["accepted"], &summary["outcomes"]["failed"]), (&215.into(), &35.into()));
    assert_eq!(summary["causes"]["bad-credentials"], 35);
    assert_eq!(summary["slowestWaits"][0]["conversation"], 8);
    let table = well(folder.report(&["log.txt", "--format", "csv", "--errors"]));
    // A reply of several lines stands in one cell.
    assert_eq!(table.matches("\r\n").count(), 36);
    let diagrams = well(folder.report(&["log.txt", "--format", "mermaid", "--conversation", "7"]));
    assert_eq!(diagrams.matches("sequenceDiagram").count(), 1);
    assert!(diagrams.contains("S-->>C: 535-5.7.8 Username and Password not accepted."), "{diagrams}");
}

#[test]
fn the_filters_are_those_of_every_command_and_standard_input_is_a_log() {
    let folder = Folder::new("filters");
    folder.write("log.txt", &log());
    let count = |arguments: &[&str]| {
        let all: Vec<_> = ["log.txt", "--format", "json"].iter().chain(arguments).copied().collect();
        let document: Value = serde_json::from_str(&well(folder.report(&all))).expect("JSON");
        document["conversations"].as_array().map_or(0, Vec::len)
    };
    // One each 40 seconds from 06:00:40.
    assert_eq!(count(&["--since", "2026-11-24T07:00", "--until", "2026-11-24T07:10"]), 15);
    assert_eq!(count(&["--process", "1/14"]), 1);
    assert_eq!(count(&["--grep", "customer4[0-9]@", "--errors"]), 0);
    // Two of the ten were not let in.
    assert_eq!(count(&["--grep", "customer4[0-9]@"]), 8);
    assert_eq!(count(&["--conversation", "7", "--conversation", "8"]), 2);
    let piped =
        run(&folder.0, &["logs", "report", "-", "--format", "mermaid", "--conversation", "7"], log().as_bytes());
    assert!(piped.exits(0).out.contains("S-->>C: 535-5.7.8 Username"));
    run(&folder.0, &["logs", "report", "-", "-o", "page.html"], b"no log\n")
        .exits(65)
        .says("no line of a conversation log");
    assert_eq!(fs::read_dir(&folder.0).expect("the folder").count(), 1, "no part of a page is left");
}

#[test]
fn a_log_is_never_overwritten_and_no_half_page_is_left() {
    let folder = Folder::new("overwritten");
    folder.write("log.txt", HOSTILE);
    let refused = folder.report(&["log.txt", "-o", "./log.txt"]);
    assert_eq!(refused.status.code(), Some(64));
    assert_eq!(fs::read_to_string(folder.0.join("log.txt")).expect("the log"), HOSTILE);
    let refused = folder.report(&["log.txt", "-o", "no-such-folder/page.html"]);
    assert_eq!(refused.status.code(), Some(73));
    assert_eq!(folder.report(&["missing.txt"]).status.code(), Some(66));
    well(folder.report(&["log.txt", "-o", "page.html"]));
    let names = fs::read_dir(&folder.0).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["log.txt", "page.html"]);
}
