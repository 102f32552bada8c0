use super::*;
use crate::{Grouper, reader};
use std::io::Cursor;

/// A log that was made to hurt whoever shows it.
const HOSTILE: &str = r#"1 2026-11-25T10:00:00.000 1 1 ### SMTP Connected to '</script><script>alert(1)</script>' on port 25. (unsecured)
2 2026-11-25T10:00:00.010 1 1 S < "220 <img src=x onerror=alert(2)> "quoted" &lt;b&gt;"
3 2026-11-25T10:00:00.011 1 1 C > "EHLO =cmd|' /C calc'!A0"
4 2026-11-25T10:00:00.020 1 1 S < "250 ok"
5 2026-11-25T10:00:00.021 1 1 C > "MAIL FROM:<=HYPERLINK("http://x")@example.com>"
6 2026-11-25T10:00:00.030 1 1 S < "250 ok"
7 2026-11-25T10:00:00.031 1 1 C > "RCPT TO:<"><svg/onload=alert(3)>@example.com>"
8 2026-11-25T10:00:00.040 1 1 S < "550 5.1.1 User unknown </SCRIPT ><!--<script> 𝄞"
9 2026-11-25T10:00:00.041 1 1 ### SMTP Mail not accepted, the server said 550. (recipients accepted: 0, refused: 1)
10 2026-11-25T10:00:00.050 1 1 ### SMTP Connection closed
"#;

fn page(log: &str, limits: Limits, language: Language) -> (Report, String) {
    let mut report = Report::new(language, limits);
    let mut grouper = Grouper::new().keep_steps();
    let mut reader = reader::Reader::new();
    reader
        .read(log.as_bytes(), |item| {
            grouper.item(item, |one| report.add(&one));
        })
        .unwrap();
    grouper.end(|one| report.add(&one));
    report.read_lines(&mut [Cursor::new(log.as_bytes())]).unwrap();
    let mut page = Vec::new();
    report.write_page(&mut page, "<b>log</b>.txt", "hash=").unwrap();
    (report, String::from_utf8(page).unwrap())
}

#[test]
fn a_page_has_one_script_that_runs_whatever_stands_in_the_log() {
    let (_, page) = page(HOSTILE, Limits::default(), Language::English);
    assert_eq!(page.matches("<script").count(), 2, "the data and the script");
    assert_eq!(page.matches("</script>").count(), 2);
    for harm in ["<img", "<svg/", "onerror=alert(2)>", "<b>log"] {
        assert!(!page.contains(harm), "{harm}");
    }
    let data = page.split(r#"id="data">"#).nth(1).unwrap().split("</script>").next().unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    let entry = &data["entries"][0];
    assert_eq!(entry["server"], "</script><script>alert(1)</script>");
    assert_eq!(entry["outcome"], "failed");
    assert_eq!(data["causes"][0]["class"], "unknown-recipient");
    assert_eq!(entry["said"].as_array().unwrap().len(), 10);
    assert_eq!(entry["said"][7][2], "550 5.1.1 User unknown </SCRIPT ><!--<script> 𝄞");
}

#[test]
fn more_than_the_limits_is_counted_and_said() {
    let log: String = (0..50).map(|number| HOSTILE.replace(" 1 1 ", &format!(" 1 {} ", number + 1))).collect();
    let limits = Limits { rows: 10, with_lines: 3, line_bytes: 300 };
    let (report, page) = page(&log, limits, Language::Spanish);
    assert_eq!((report.entries.len(), report.summary.conversations, report.summary.not_accepted), (10, 50, 50));
    assert!(page.contains("La tabla contiene las primeras 10"), "{page}");
    let with_lines = report.entries.iter().filter(|entry| entry.left_out.is_some()).count();
    assert!((1..=3).contains(&with_lines), "{with_lines}");
    let shown: usize = report.entries.iter().flat_map(|entry| entry.said.said()).map(|said| said.2.len()).sum();
    assert!(shown <= 300, "{shown}");
}

#[test]
fn nothing_at_all() {
    let (_, page) = page("", Limits::default(), Language::English);
    assert!(page.contains("no conversation"));
}

const GOLDEN: &str = include_str!("golden/log.txt");

/// What is written for the log in `golden/`; `SMTP_GOLDEN=bless` writes the files anew.
#[track_caller]
fn golden(name: &str, expected: &str, written: Vec<u8>) {
    let written = String::from_utf8(written).unwrap();
    if std::env::var("SMTP_GOLDEN").is_ok_and(|wish| wish == "bless") {
        let path = format!("{}/src/report/golden/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, written).unwrap();
    } else {
        assert_eq!(written, expected, "golden/{name}");
    }
}

fn each(mut take: impl FnMut(&Conversation)) {
    let mut grouper = Grouper::new().keep_steps();
    let mut take = |conversation: Conversation| take(&conversation);
    reader::Reader::new()
        .read(GOLDEN.as_bytes(), |item| {
            grouper.item(item, &mut take);
        })
        .unwrap();
    grouper.end(&mut take);
}

#[test]
fn a_document() {
    let mut out = Vec::new();
    let mut document = Document::new(&mut out, Language::English).unwrap();
    each(|conversation| document.add(conversation).unwrap());
    document.end().unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok());
    golden("report.json", include_str!("golden/report.json"), out);
}

#[test]
fn a_table() {
    let mut out = Vec::new();
    let mut table = Csv::new(&mut out, Language::Spanish).unwrap();
    each(|conversation| table.add(conversation).unwrap());
    table.end().unwrap();
    golden("report.csv", include_str!("golden/report.csv"), out);
}

#[test]
fn diagrams() {
    let mut out = Vec::new();
    let mut diagrams = Diagrams::new(&mut out, Language::English);
    each(|conversation| diagrams.add(conversation, &mut [Cursor::new(GOLDEN.as_bytes())]).unwrap());
    diagrams.end().unwrap();
    golden("report.md", include_str!("golden/report.md"), out);
}
