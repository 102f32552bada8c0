//! `host logs follow`: what is written into a log from now on.

use clap::Args;
use smtp_logs::conversation::Process;
use smtp_logs::line::Line;
use smtp_logs::plain::safe;
use smtp_logs::reader::{Item, Reader};
use smtp_logs::{Grouper, Stamp};
use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Stop;
use super::filter::Filter;
use super::output::{Output, unheard};
use super::pass::{self, Sieve};
use super::screen::Screen;
use super::view::Shown;
use crate::exit::{Exit, Failure};
use crate::terminal;

/// How often the file is looked at.
const PAUSE: Duration = Duration::from_millis(200);
/// Bytes that are read at once.
const PIECE: usize = 64 << 10;
/// How far back the first lines are sought.
const LOOK_BACK: u64 = 1 << 20;
/// Processes whose last line is remembered, for the time since.
const MOST_PROCESSES: usize = 4096;

/// Shows what is written into a log from now on, through rotation: into SMTPLog_2.txt after SMTPLog_1.txt, and into a file
/// that takes the place of this one. With --errors, each conversation that failed, when it is over.
#[derive(Args)]
#[command(after_help = "\
Example: failures as they happen
  host logs follow --errors logs/")]
pub struct Follow {
    /// The log; of a folder, the newest regular log in it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Lines to show that are there already
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    lines: usize,
    #[command(flatten)]
    filter: Filter,
}

impl Follow {
    pub fn run(&self) -> Result<Exit, Stop> {
        let mut tail = Tail::open(newest(&self.file)?)?;
        let out = Output::new();
        if self.filter.errors {
            tail.file.seek(SeekFrom::End(0)).map_err(|error| tail.failed(&error))?;
            return self.errors(tail, out);
        }
        let start = tail.last_lines(self.lines).map_err(|error| tail.failed(&error))?;
        self.lines(tail, start, out)
    }

    /// Line by line, as they come.
    fn lines(&self, mut tail: Tail, start: u64, mut out: Output) -> Result<Exit, Stop> {
        let screen = Screen { style: out.style };
        let mut stream = Stream { filter: &self.filter, screen, last: None, times: HashMap::new() };
        tail.file.seek(SeekFrom::Start(start)).map_err(|error| tail.failed(&error))?;
        tail.reader = Reader::at(start, 1);
        loop {
            out.measure();
            stream.screen.style = out.style;
            let mut result = Ok(());
            let event = tail.more(|item| {
                if result.is_ok() {
                    result = stream.item(item, &mut out);
                }
            })?;
            result.map_err(unheard)?;
            out.flush()?;
            match event {
                Event::Nothing => std::thread::sleep(PAUSE),
                Event::NewFile => terminal::say("follows", &tail.path.to_string_lossy()),
                Event::Read => {}
            }
        }
    }

    /// Conversations that failed, each when it is over.
    fn errors(&self, mut tail: Tail, out: Output) -> Result<Exit, Stop> {
        let mut sieve = Sieve::new(&self.filter, Grouper::new().keep_steps());
        let start = tail.file.stream_position().map_err(|error| tail.failed(&error))?;
        tail.reader = Reader::at(start, 1);
        let mut shown = Shown { names: Vec::new(), files: Vec::new(), out, json: false, content: false, only: None };
        let mut number = 0;
        tail.show_through(&mut shown)?;
        loop {
            shown.out.measure();
            let mut result = Ok(pass::Go::On);
            let event = tail.more(|item| {
                if result.is_ok() {
                    result = sieve.item(item, number, &mut shown);
                }
            })?;
            result?;
            match event {
                Event::Nothing => std::thread::sleep(PAUSE),
                Event::NewFile => {
                    tail.show_through(&mut shown)?;
                    number = shown.files.len() - 1;
                    sieve.file(number);
                }
                Event::Read => {}
            }
        }
    }
}

/// Lines as they come.
struct Stream<'a> {
    filter: &'a Filter,
    screen: Screen,
    last: Option<Process>,
    times: HashMap<Process, Stamp>,
}

impl Stream<'_> {
    fn item(&mut self, item: &Item<'_>, out: &mut Output) -> io::Result<()> {
        let Some(line) = item.entry.line() else { return Ok(()) };
        if !self.wants(line, item.text) {
            return Ok(());
        }
        if self.last.replace(line.process) != Some(line.process) {
            let words = format!("process {}/{}", line.process.id, line.process.unique);
            self.screen.rule(&words, ("", ""), out)?;
        }
        let now = Stamp::parse(line.stamp);
        let since = now.zip(self.times.get(&line.process)).map(|(now, before)| now.since(*before));
        if let Some(now) = now {
            if self.times.len() >= MOST_PROCESSES {
                self.times.clear();
            }
            self.times.insert(line.process, now);
        }
        self.screen.line(line, since, out)
    }

    fn wants(&self, line: &Line<'_>, text: &[u8]) -> bool {
        let stamp = Stamp::parse(line.stamp);
        self.filter.wants_process(line.process)
            && self.filter.is_after(stamp)
            && self.filter.is_before(stamp)
            && self.filter.grep.as_ref().is_none_or(|grep| grep.is_match(text))
    }
}

enum Event {
    Nothing,
    Read,
    NewFile,
}

/// A file that grows, and its successors.
struct Tail {
    path: PathBuf,
    file: File,
    reader: Reader,
    piece: Vec<u8>,
}

impl Tail {
    fn open(path: PathBuf) -> Result<Tail, Failure> {
        let file = File::open(&path).map_err(|error| Failure::unreadable(&path, &error))?;
        Ok(Tail { path, file, reader: Reader::new(), piece: vec![0; PIECE] })
    }

    /// What was written since last time.
    fn more(&mut self, mut each: impl FnMut(&Item<'_>)) -> Result<Event, Failure> {
        let count = loop {
            match self.file.read(&mut self.piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(&error)),
                Ok(count) => break count,
            }
        };
        if count > 0 {
            self.reader.push(&self.piece[..count], |item| each(item));
            return Ok(Event::Read);
        }
        let Some(file) = self.successor() else { return Ok(Event::Nothing) };
        // What was written between the last look and the change.
        let mut rest = Vec::new();
        self.file.read_to_end(&mut rest).map_err(|error| self.failed(&error))?;
        self.reader.push(&rest, |item| each(item));
        self.reader.end(|item| each(item));
        self.file = file;
        self.reader = Reader::new();
        Ok(Event::NewFile)
    }

    /// The file to go on with: one that took this one's place, this one cut short, or the next number.
    fn successor(&mut self) -> Option<File> {
        let ours = self.file.metadata().ok()?;
        if let Ok(file) = File::open(&self.path)
            && let Ok(theirs) = file.metadata()
        {
            let position = self.file.stream_position().ok()?;
            if !is_same(&ours, &theirs) || theirs.len() < position {
                return Some(file);
            }
        }
        let next = next_number(&self.path)?;
        let file = File::open(&next).ok()?;
        self.path = next;
        Some(file)
    }

    /// Where the last lines begin.
    fn last_lines(&mut self, count: usize) -> io::Result<u64> {
        let length = self.file.metadata()?.len();
        let from = length.saturating_sub(LOOK_BACK);
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(from))?;
        (&self.file).take(length - from).read_to_end(&mut bytes)?;
        let ends = memchr::memrchr_iter(b'\n', &bytes[..bytes.len().saturating_sub(1)]);
        let start = if count == 0 { bytes.len() } else { ends.take(count).last().map_or(0, |at| at + 1) };
        let found = memchr::memchr_iter(b'\n', &bytes[start..]).count();
        // Fewer lines than asked for: all that there is, from the first whole line on.
        let start = if found < count && from == 0 { 0 } else { start };
        Ok(from + start as u64)
    }

    /// From now on lines of this file may have to be read again.
    fn show_through(&self, shown: &mut Shown) -> Result<(), Failure> {
        shown.files.push(self.file.try_clone().map_err(|error| self.failed(&error))?);
        shown.names.push(self.path.to_string_lossy().into_owned());
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::unreadable(&self.path, error)
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    one.created().ok() == other.created().ok()
}

/// `SMTPLog_2.txt` of `SMTPLog_1.txt`.
fn next_number(path: &Path) -> Option<PathBuf> {
    let number = number(path)?.checked_add(1)?;
    Some(path.with_file_name(format!("SMTPLog_{number}.txt")))
}

fn number(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.strip_prefix("SMTPLog_")?.strip_suffix(".txt")?.parse().ok()
}

/// The file itself; of a folder, the regular log that was written to last.
fn newest(path: &Path) -> Result<PathBuf, Failure> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let entries = fs::read_dir(path).map_err(|error| Failure::unreadable(path, &error))?;
    let logs = entries.flatten().map(|entry| entry.path()).filter(|path| number(path).is_some());
    let changed = |path: &PathBuf| (fs::metadata(path).and_then(|data| data.modified()).ok(), number(path));
    logs.max_by_key(changed).ok_or_else(|| {
        Failure::usage(format!("there is no SMTPLog_N.txt in '{}' yet: name a file", safe(&path.to_string_lossy())))
    })
}
