//! The report of one file of the log: a page that needs nothing beside it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use smtp_logs::causes::Language;
use smtp_logs::report::{Limits, Report, SCRIPT};
use smtp_logs::{Grouper, reader};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of a log that a report is made of.
const LARGEST: u64 = 64 << 20;

/// Reads the log and draws it. Takes a while: not for a thread that others wait for.
pub fn draw(mut file: File, name: &str, language: Language) -> io::Result<Vec<u8>> {
    let mut report = Report::new(language, Limits::default());
    let mut grouper = Grouper::new();
    reader::Reader::new().read((&mut file).take(LARGEST), |item| {
        grouper.item(item, &mut |conversation| report.add(&conversation));
    })?;
    grouper.end(|conversation| report.add(&conversation));
    file.seek(SeekFrom::Start(0))?;
    report.read_lines(&mut [file])?;
    let mut page = Vec::new();
    report.write_page(&mut page, name, &STANDARD.encode(digest(&SHA256, SCRIPT.as_bytes())))?;
    Ok(page)
}
