//! `host logs view`: a log, conversation by conversation.

use clap::Args;
use serde_json::json;
use smtp_logs::conversation::{Conversation, Ending, LineRef, Outcome, Step, StepKind};
use smtp_logs::explain::colour;
use smtp_logs::line::{Line, Statement};
use smtp_logs::plain::{safe, safe_bytes};
use smtp_logs::reader::{Entry, Item, Reader};
use smtp_logs::{Grouper, Stamp};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use super::Stop;
use super::filter::Filter;
use super::input::{Input, Part, line_again};
use super::output::{Output, unheard};
use super::pass::{self, Go, Sieve, Take};
use super::screen::Screen;
use crate::exit::Exit;
use crate::terminal;

/// Bytes of a line that are shown.
const LONGEST_SHOWN: usize = 64 << 10;

/// Shows a log conversation by conversation, each when it is over.
///
/// The content of a mail is one line; --content shows all of it.
#[derive(Args)]
#[command(after_help = "\
Example: only what failed
  host logs view --errors SMTPLog_1.txt")]
pub struct View {
    /// Logs, in the order in which they were written; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    filter: Filter,
    /// Show the content of mails, too
    #[arg(long)]
    content: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Don't use a pager
    #[arg(long)]
    no_pager: bool,
}

impl View {
    pub fn run(&self) -> Result<Exit, Stop> {
        let mut inputs = Input::open_all(&self.files)?;
        inputs.iter_mut().try_for_each(Input::keep)?;
        let names: Vec<_> = inputs.iter().map(|input| input.name.clone()).collect();
        let out = if self.json { Output::new() } else { Output::paged(!self.no_pager) };
        let again = |input: &Input| input.again().map_err(|error| pass::unreadable(&input.name, &error));
        let files = inputs.iter().map(again).collect::<Result<Vec<_>, _>>()?;
        let only = match self.filter.conversations[..] {
            [number] => Some(number),
            _ => None,
        };
        let mut shown = Shown { names, files, out, json: self.json, content: self.content, only };
        let mut sieve = Sieve::new(&self.filter, Grouper::new().keep_steps());
        pass::over(&mut inputs, &mut sieve, &mut shown)?;
        shown.out.end()?;
        if sieve.summary.lines > 0 && sieve.summary.lines == sieve.summary.foreign {
            return Err(pass::no_log().into());
        }
        Ok(Exit::Done)
    }
}

/// Conversations on their way to the screen.
pub struct Shown {
    pub names: Vec<String>,
    pub files: Vec<File>,
    pub out: Output,
    pub json: bool,
    pub content: bool,
    /// The one conversation that is wanted.
    pub only: Option<u64>,
}

impl Take for Shown {
    fn conversation(&mut self, told: Conversation) -> Result<Go, Stop> {
        if !self.json {
            let screen = self.screen();
            let outcome = told.outcome();
            screen.rule(&heading(&told), (colour(outcome), word(outcome)), &mut self.out).map_err(unheard)?;
        }
        let mut before = None;
        for step in &told.steps {
            self.step(&told, step, before)?;
            before = step.last.stamp;
        }
        if told.steps_left_out > 0 && !self.json {
            let text = format!("… {} further lines", told.steps_left_out);
            self.screen().remark(&text, &mut self.out).map_err(unheard)?;
        }
        // Whoever looks on sees each conversation at once.
        self.out.flush()?;
        Ok(if self.only == Some(told.number) && told.ending == Ending::Closed { Go::Enough } else { Go::On })
    }

    fn stray(&mut self, item: &Item<'_>, _: usize) -> Result<(), Stop> {
        let what = match item.entry {
            Entry::Leftover => "a line left over from another log",
            Entry::Torn(_) => "a torn line",
            _ if item.text.is_empty() => return Ok(()),
            _ => "no line of a log",
        };
        let text = safe_bytes(item.text.get(..LONGEST_SHOWN).unwrap_or(item.text));
        if self.json {
            let json = json!({ "line": item.number, "kind": "stray", "is": what, "text": text });
            return self.print(&json);
        }
        self.screen().remark(&format!("line {}, {what}: {text}", item.number), &mut self.out).map_err(unheard)
    }
}

impl Shown {
    fn screen(&self) -> Screen {
        Screen { style: self.out.style }
    }

    fn print(&mut self, json: &serde_json::Value) -> Result<(), Stop> {
        writeln!(self.out, "{}", terminal::safe_json(&json.to_string())).map_err(unheard)
    }

    fn step(&mut self, told: &Conversation, step: &Step, before: Option<Stamp>) -> Result<(), Stop> {
        match step.kind {
            StepKind::Content(_) if self.content => self.whole_content(told, step),
            StepKind::Content(lines) => self.content(told, step, lines),
            _ => self.line(told, &step.first, before),
        }
    }

    fn line(&mut self, told: &Conversation, at: &LineRef, before: Option<Stamp>) -> Result<(), Stop> {
        let Some(file) = self.files.get(at.file as usize) else { return Ok(()) };
        let bytes = line_again(file, at, LONGEST_SHOWN).map_err(|error| self.unreadable(at, &error))?;
        // The whole way through the reader: a line may have been mended.
        let mut reader = Reader::at(at.start, at.number);
        let mut result = Ok(());
        let mut show = |item: &Item<'_>| {
            if let (Some(line), true) = (item.entry.line(), item.bytes.start == at.start || at.start == 0) {
                result = self.entry(told, line, at, before);
            }
        };
        reader.push(&bytes, &mut show);
        reader.end(&mut show);
        result
    }

    fn entry(&mut self, told: &Conversation, line: &Line<'_>, at: &LineRef, before: Option<Stamp>) -> Result<(), Stop> {
        let since = before.zip(at.stamp).map(|(before, now)| now.since(before));
        if !self.json {
            return self.screen().line(line, since, &mut self.out).map_err(unheard);
        }
        let (kind, text) = match line.statement {
            Statement::Client(text) => ("client", text),
            Statement::Server(text) => ("server", text),
            Statement::Event(text) => ("event", text),
            Statement::Unknown(text) => ("unknown", text),
        };
        self.print(&json!({
            "conversation": told.number,
            "file": self.names.get(at.file as usize),
            "line": at.number,
            "counter": line.counter,
            "time": String::from_utf8_lossy(line.stamp),
            "process": line.process.id,
            "unique": line.process.unique,
            "kind": kind,
            "text": safe_bytes(text),
            "sinceMs": since,
        }))
    }

    fn content(&mut self, told: &Conversation, step: &Step, lines: u64) -> Result<(), Stop> {
        let mail = told.mails.iter().find(|mail| mail.content.first == Some(step.first));
        let size = mail.and_then(|mail| mail.content.size);
        if self.json {
            let (first, last) = (step.first.number, step.last.number);
            return self.print(&json!({
                "conversation": told.number, "kind": "content", "line": first, "lastLine": last, "lines": lines, "bytes": size,
            }));
        }
        let is_logged = mail.is_some_and(|mail| mail.content.is_logged());
        let size = size.map(|size| format!(", the mail has {size} bytes")).unwrap_or_default();
        let what = if is_logged { "lines of content" } else { "lines of the mail's header" };
        let subject = mail.and_then(|mail| mail.subject.as_deref());
        let subject = subject.map(|subject| format!(", subject: {}", safe(subject))).unwrap_or_default();
        let name = self.names.get(step.first.file as usize).map(|name| safe(name).into_owned()).unwrap_or_default();
        let mut text = format!("… {lines} {what}{size}{subject}");
        if is_logged && name != "standard input" {
            text.push_str(&format!(" (host logs extract {name} --conversation {})", told.number));
        }
        self.screen().remark(&text, &mut self.out).map_err(unheard)
    }

    /// Every line of the conversation between two, content or not: it is not mixed with others of its own.
    fn whole_content(&mut self, told: &Conversation, step: &Step) -> Result<(), Stop> {
        let (first, last) = (step.first, step.last);
        let Some(file) = self.files.get(first.file as usize).and_then(|file| file.try_clone().ok()) else {
            return Ok(());
        };
        let part = Part { file: &file, at: first.start }.take(last.end - first.start);
        let mut result = Ok(());
        let read = Reader::at(first.start, first.number).longest_line(LONGEST_SHOWN).read(part, |item| {
            let Some(line) = item.entry.line().filter(|line| line.process == told.process) else { return };
            let (start, end, stamp) = (item.bytes.start, item.bytes.end, Stamp::parse(line.stamp));
            let at = LineRef { number: item.number, counter: line.counter, start, end, stamp, ..first };
            if result.is_ok() {
                result = self.entry(told, line, &at, None);
            }
        });
        read.map_err(|error| self.unreadable(&first, &error))?;
        result
    }

    fn unreadable(&self, at: &LineRef, error: &io::Error) -> Stop {
        let name = self.names.get(at.file as usize).map_or("the log", String::as_str);
        pass::unreadable(name, error).into()
    }
}

/// What stands on the rule before a conversation.
fn heading(told: &Conversation) -> String {
    let date = told.started().map(|stamp| stamp.to_string()[..10].to_owned()).unwrap_or_default();
    let server = told.server.as_ref().map_or_else(String::new, |server| {
        let port = server.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!(" · {}{port}", safe(&server.host))
    });
    format!("#{} · process {}/{} · {date}{server} · ", told.number, told.process.id, told.process.unique)
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::Partly => "partly",
        Outcome::Failed => "FAILED",
        Outcome::Unknown => "UNKNOWN",
        Outcome::Checked => "checked",
        Outcome::Unfinished => "unfinished",
    }
}
