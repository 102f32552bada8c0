//! The journal of a batch: what was begun and what came of it, so that another run can go on.
//!
//! JSON Lines behind a head line. A mark `{"line":7,"print":"…","begun":true}` is written before the mail is handed to
//! the server, and the result, with the same `line` and `print`, as soon as it is known. Each is one write, so that a
//! process that is killed leaves at most one torn line, at the end; a torn mark stands for a mail that was not begun, and
//! a torn result leaves a mark alone, which is a mail whose outcome is unknown.

use rustix::fs::{FlockOperation, flock};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::line::{Fingerprint, Line};
use crate::exit::{Exit, Failure};
use crate::terminal;

const HEAD: &str = "{\"journal\":\"host send --batch\",\"version\":1}\n";

pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

/// What earlier runs left behind, by the number of the line.
#[derive(Debug, Default)]
pub struct Past(HashMap<u64, (Fingerprint, State)>);

/// What is known of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The server has it.
    Sent,
    /// It failed for good, with the exit code of this number: it is not begun again.
    Refused(u8),
    /// It may have arrived.
    Unknown,
    /// It did not arrive, and may go now.
    Open,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    line: u64,
    print: &'a str,
    #[serde(default)]
    begun: bool,
    #[serde(default)]
    success: bool,
    #[serde(default)]
    delivery: Option<&'a str>,
    /// Where a failure is the mail's own and for good: its exit code.
    #[serde(default)]
    refused: Option<u8>,
}

impl Journal {
    /// Opens or makes the journal, for this process alone, and reads what is in it.
    pub fn open(path: &Path) -> Result<(Journal, Past), Failure> {
        let shown = terminal::safe(&path.to_string_lossy());
        let unwritable = |error: &dyn std::fmt::Display| {
            Failure::cant_create(format!("--resume: the journal '{shown}' can't be written: {error}"))
        };
        let opened = OpenOptions::new().read(true).append(true).create(true).open(path);
        let mut file = opened.map_err(|error| unwritable(&error))?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(unwritable(&"another run is using it"));
        }
        let unreadable = |error: std::io::Error| Failure::unreadable(path, &error);
        let (past, is_torn) = match read(&file).map_err(unreadable)? {
            Some(found) => found,
            None => {
                let why = format!("--resume: '{shown}' is no journal of a batch: name another file, or a new one");
                return Err(Failure::data(why));
            }
        };
        let is_empty = file.seek(std::io::SeekFrom::End(0)).map_err(unreadable)? == 0;
        let begin = match (is_empty, is_torn) {
            (true, _) => HEAD,
            (false, true) => "\n",
            (false, false) => "",
        };
        file.write_all(begin.as_bytes()).map_err(|error| unwritable(&error))?;
        Ok((Journal { path: path.to_owned(), file: Mutex::new(file) }, past))
    }

    /// These lines are about to be handed to the server.
    pub fn begun<'a>(&self, lines: impl Iterator<Item = &'a Line>) -> Result<(), Failure> {
        let mark =
            |line: &Line| format!("{{\"line\":{},\"print\":\"{}\",\"begun\":true}}\n", line.number, line.fingerprint());
        self.write(lines.map(mark).collect::<String>().as_bytes())
    }

    /// These lines were begun, did not arrive, and wait to be begun again.
    pub fn not_sent<'a>(&self, lines: impl Iterator<Item = &'a Line>) -> Result<(), Failure> {
        let mark = |line: &Line| format!("{{\"line\":{},\"print\":\"{}\"}}\n", line.number, line.fingerprint());
        self.write(lines.map(mark).collect::<String>().as_bytes())
    }

    /// The result of a line, an object of JSON; `refused` where it is a failure for good.
    pub fn result(&self, line: &Line, json: &str, refused: Option<Exit>) -> Result<(), Failure> {
        let members = json.strip_prefix('{').unwrap_or(json);
        let refused = refused.map(|exit| format!("\"refused\":{},", exit as u8)).unwrap_or_default();
        let record = format!("{{\"print\":\"{}\",{refused}{members}\n", line.fingerprint());
        self.write(record.as_bytes())
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(bytes).map_err(|error| {
            let path = terminal::safe(&self.path.to_string_lossy());
            Failure::cant_create(format!("--resume: the journal '{path}' can't be written: {error}"))
        })
    }
}

/// What is in the journal, and whether its last line is torn; none where it is no journal.
fn read(file: &File) -> std::io::Result<Option<(Past, bool)>> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    reader.by_ref().take(HEAD.len() as u64).read_until(b'\n', &mut line)?;
    let mut past = Past::default();
    if line != HEAD.as_bytes() {
        // An empty file, or one that was killed in its first write.
        let is_new = HEAD.as_bytes().starts_with(&line);
        if is_new && !line.is_empty() {
            file.set_len(0)?;
        }
        return Ok(is_new.then_some((past, false)));
    }
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(Some((past, false)));
        }
        if line.last() != Some(&b'\n') {
            return Ok(Some((past, true)));
        }
        // A line that was torn once has an end by now, and says nothing.
        if let Ok(record) = serde_json::from_slice::<Record>(&line)
            && let Some(fingerprint) = Fingerprint::parse(record.print)
        {
            past.0.insert(record.line, (fingerprint, state(&record)));
        }
    }
}

fn state(record: &Record) -> State {
    match record.delivery {
        _ if record.begun => State::Unknown,
        _ if record.success => State::Sent,
        Some("unknown") => State::Unknown,
        _ => record.refused.map_or(State::Open, State::Refused),
    }
}

impl Past {
    /// What is known of this line.
    ///
    /// # Errors
    /// Where another line of this number is known: the batch is another one.
    pub fn of(&self, line: &Line) -> Result<State, Failure> {
        let number = line.number;
        match self.0.get(&number) {
            None => Ok(State::Open),
            Some((known, state)) if *known == line.fingerprint() => Ok(*state),
            Some(_) => Err(Failure::data(format!(
                "--resume: line {number} of the batch is not the line {number} that the journal knows: this journal \
                 belongs to another batch, or the batch was changed"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn line(number: u64, text: &str) -> Line {
        Line::new(0, number, text.as_bytes().to_vec(), false)
    }

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Folder {
            let folder = std::env::temp_dir().join(format!("smtp-journal-{}-{name}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Folder(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn every_cut_leaves_a_journal_that_loses_nothing() {
        let folder = Folder::new("cut");
        let path = folder.0.join("journal");
        let lines = [line(1, "a"), line(2, "b"), line(4, "c"), line(5, "d")];
        {
            let (journal, _) = Journal::open(&path).unwrap();
            journal.begun(lines[..2].iter()).unwrap();
            journal.result(&lines[1], "{\"line\":2,\"success\":false}", Some(Exit::Data)).unwrap();
            journal.begun(lines[2..3].iter()).unwrap();
            journal.result(&lines[0], "{\"line\":1,\"success\":false,\"delivery\":\"not-accepted\"}", None).unwrap();
            journal.result(&lines[2], "{\"line\":4,\"success\":false,\"delivery\":\"unknown\"}", None).unwrap();
            journal.begun(lines[3..].iter()).unwrap();
            journal.not_sent(lines[3..].iter()).unwrap();
        }
        let whole = fs::read(&path).unwrap();
        let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').map(|at| at + 1).collect();
        for cut in 0..=whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            let (journal, past) = Journal::open(&path).unwrap();
            let state = |line: &Line| past.of(line).unwrap();
            let has = |record: usize| ends.get(record).is_some_and(|end| cut >= *end);
            assert_eq!(state(&lines[0]), if has(1) && !has(5) { State::Unknown } else { State::Open }, "{cut}");
            let second = if has(3) {
                State::Refused(65)
            } else if has(2) {
                State::Unknown
            } else {
                State::Open
            };
            assert_eq!(state(&lines[1]), second, "{cut}");
            assert_eq!(state(&lines[3]), if has(7) && !has(8) { State::Unknown } else { State::Open }, "{cut}");
            assert_eq!(state(&lines[2]), if has(4) { State::Unknown } else { State::Open }, "{cut}");
            // What is written behind a torn line is read.
            journal.result(&lines[0], "{\"line\":1,\"success\":true}", None).unwrap();
            drop(journal);
            let (_, past) = Journal::open(&path).unwrap();
            assert_eq!(past.of(&lines[0]).unwrap(), State::Sent, "{cut}");
        }
    }

    #[test]
    fn other_files_and_other_batches_are_refused() {
        let folder = Folder::new("other");
        let path = folder.0.join("journal");
        fs::write(&path, "Dear diary\n").unwrap();
        assert!(Journal::open(&path).map(|_| ()).unwrap_err().message.contains("no journal"));
        assert_eq!(fs::read(&path).unwrap(), b"Dear diary\n");
        fs::remove_file(&path).unwrap();
        let (journal, _) = Journal::open(&path).unwrap();
        assert!(Journal::open(&path).map(|_| ()).unwrap_err().message.contains("another run"));
        journal.begun([line(3, "a")].iter()).unwrap();
        drop(journal);
        let (_, past) = Journal::open(&path).unwrap();
        assert!(past.of(&line(3, "b")).unwrap_err().message.contains("another batch"));
        assert!(Journal::open(&folder.0).is_err());
    }
}
