//! From the input to the queue, and what an earlier run has done already.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::journal::{Past, State};
use super::line::{self, Line};
use super::shared::Shared;
use crate::exit::{Exit, Failure};

/// The input of a batch.
pub struct Input {
    pub reader: Box<dyn BufRead + Send>,
    /// For errors.
    pub name: PathBuf,
    /// Where relative attachments are looked for.
    pub folder: PathBuf,
    /// How many lines there are, where that can be known beforehand.
    pub total: Option<u64>,
}

const BUFFER: usize = 128 * 1024;

impl Input {
    /// Opens the file, or standard input for `-`.
    pub fn open(file: &Path, count: bool) -> Result<Input, Failure> {
        if file.as_os_str() == "-" {
            return Ok(Input {
                reader: Box::new(BufReader::with_capacity(BUFFER, io::stdin())),
                name: "standard input".into(),
                folder: PathBuf::new(),
                total: None,
            });
        }
        let unreadable = |error| Failure::unreadable(file, &error);
        let opened = File::open(file).map_err(unreadable)?;
        let about = opened.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(unreadable(io::Error::from(io::ErrorKind::IsADirectory)));
        }
        let total = if count && about.is_file() { Some(lines(file).map_err(unreadable)?) } else { None };
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let reader = Box::new(BufReader::with_capacity(BUFFER, opened));
        Ok(Input { reader, name: file.to_owned(), folder, total })
    }
}

/// How many lines a file has, for the progress bar.
fn lines(file: &Path) -> io::Result<u64> {
    let mut file = File::open(file)?;
    let mut piece = vec![0; BUFFER];
    let mut count = 0;
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(count),
            length => count += piece[..length].iter().filter(|byte| **byte == b'\n').count() as u64,
        }
    }
}

/// Reads line after line until the end, or until nobody takes them any more.
pub fn read(mut input: Box<dyn BufRead + Send>, name: &Path, past: &Past, resend_unknown: bool, shared: &Shared) {
    let mut place = 0;
    for number in 1.. {
        let (text, is_too_long) = match line::next(&mut input) {
            Ok(line::Read::Line(text)) => (text, false),
            Ok(line::Read::TooLong) => (Vec::new(), true),
            Ok(line::Read::End) => return shared.queue.end(),
            Err(error) => return shared.halt(Failure::unreadable(name, &error)),
        };
        if !is_too_long && text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let line = Line::new(place, number, text, is_too_long);
        match past.of(&line) {
            Err(failure) => return shared.halt(failure),
            Ok(State::Sent) => {
                shared.report.earlier(None);
                continue;
            }
            Ok(State::Refused(code)) => {
                shared.report.earlier(Exit::of(code));
                continue;
            }
            Ok(State::Unknown) if !resend_unknown => {
                shared.queue.skip();
                shared.unknown_since_an_earlier_run(&line);
            }
            Ok(State::Unknown | State::Open) => {
                if !shared.queue.push(line) {
                    return;
                }
            }
        }
        place += 1;
    }
}
