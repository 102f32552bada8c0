//! `host logs report`: a log as a page to hand on, and as a table, a document or diagrams.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, ValueEnum};
use ring::digest::{SHA256, digest};
use smtp_logs::causes::Language;
use smtp_logs::report::{Csv, Diagrams, Document, Limits, Report as Page, SCRIPT};
use smtp_logs::{Conversation, Grouper, reader};
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Seek, Write};
use std::path::{Path, PathBuf};

use super::Stop;
use crate::exit::{Exit, Failure};
use crate::terminal;

/// Draws a log: one page that needs no network, with charts, a table, and a diagram of each conversation.
#[derive(Args)]
#[command(after_help = "\
Examples:
  host logs report SMTPLog_1.txt -o report.html
  host logs report SMTPLog_*.txt --format csv -o mails.csv
  host logs report SMTPLog_1.txt --format mermaid --errors")]
pub struct Report {
    /// The logs; conversations may go on from one into the next
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The file to write, replaced when all of it is written. Standard output by default
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What to write: a page, a document with all that is known, a row a mail, or sequence diagrams in Markdown
    #[arg(long, value_enum, default_value = "html")]
    format: Format,
    /// Only conversations that failed, or may have
    #[arg(long)]
    errors: bool,
    /// Only this conversation
    #[arg(long, value_name = "N")]
    conversation: Option<u64>,
    /// Language of the page and of the explanations
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = ["en", "es"])]
    language: String,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Html,
    Json,
    Csv,
    Mermaid,
}

impl Report {
    pub fn run(&self) -> Result<Exit, Stop> {
        let files: Vec<File> = self.files.iter().map(|path| open(path)).collect::<Result<_, _>>()?;
        match &self.output {
            None if self.format == Format::Html && io::stdout().is_terminal() => {
                let advice = "the page goes into a file: name it with -o, host logs report … -o report.html";
                Err(Failure::usage(advice).into())
            }
            None => self.write(files, BufWriter::new(io::stdout().lock())).map_err(unheard),
            Some(path) => Ok(self.write_file(path, files)?),
        }?;
        Ok(Exit::Done)
    }

    /// Into a file beside it first, so that nobody ever sees half a page.
    fn write_file(&self, path: &Path, files: Vec<File>) -> Result<(), Failure> {
        let name = terminal::safe(&path.to_string_lossy());
        let unwritable = |error: io::Error| Failure::cant_create(format!("'{name}' can't be written: {error}"));
        let is_same =
            |log: &PathBuf| fs::canonicalize(log).ok().zip(fs::canonicalize(path).ok()).is_some_and(|(a, b)| a == b);
        if self.files.iter().any(is_same) {
            return Err(Failure::usage(format!("'{name}' is one of the logs: name another file with -o")));
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}.part", std::process::id()));
        let result = File::create_new(&beside).and_then(|file| self.write(files, BufWriter::new(file)));
        result.and_then(|()| fs::rename(&beside, path)).map_err(|error| {
            let _ = fs::remove_file(&beside);
            unwritable(error)
        })
    }

    fn write(&self, mut files: Vec<File>, mut out: impl Write) -> io::Result<()> {
        let language: Language = self.language.parse().unwrap_or_default();
        match self.format {
            Format::Html => {
                let mut page = Page::new(language, Limits::default());
                self.each(&mut files, |conversation, _| {
                    page.add(conversation);
                    Ok(())
                })?;
                page.read_lines(&mut files)?;
                let names: Vec<_> =
                    self.files.iter().map(|path| path.file_name().unwrap_or(path.as_os_str())).collect();
                let names: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
                let hash = STANDARD.encode(digest(&SHA256, SCRIPT.as_bytes()));
                page.write_page(&mut out, &names.join(", "), &hash)?;
            }
            Format::Json => {
                let mut document = Document::new(&mut out, language)?;
                self.each(&mut files, |conversation, _| document.add(conversation))?;
                document.end()?;
            }
            Format::Csv => {
                let mut table = Csv::new(&mut out, language)?;
                self.each(&mut files, |conversation, _| table.add(conversation))?;
                table.end()?;
            }
            Format::Mermaid => {
                let mut diagrams = Diagrams::new(&mut out, language);
                self.each(&mut files, |conversation, again| diagrams.add(conversation, again))?;
                diagrams.end()?;
            }
        }
        out.flush()
    }

    /// Gives out each conversation that is wanted, with handles of the files for reading its lines again.
    fn each(
        &self,
        files: &mut [File],
        mut take: impl FnMut(&Conversation, &mut [File]) -> io::Result<()>,
    ) -> io::Result<()> {
        // Handles of the same file share their position: those for reading again must be opened anew.
        let mut again: Vec<File> = self.files.iter().map(File::open).collect::<Result<_, _>>()?;
        let mut result = Ok(());
        let mut wanted = |conversation: Conversation| {
            let fits = self.conversation.is_none_or(|number| number == conversation.number)
                && (!self.errors || conversation.outcome().is_failure());
            if fits && result.is_ok() {
                result = take(&conversation, &mut again);
            }
        };
        let mut grouper = Grouper::new().keep_steps();
        for (number, file) in (0..).zip(files.iter_mut()) {
            grouper.file(number);
            file.rewind()?;
            reader::Reader::new().read(file, |item| {
                grouper.item(item, &mut wanted);
            })?;
        }
        grouper.end(&mut wanted);
        result
    }
}

fn open(path: &Path) -> Result<File, Failure> {
    let unreadable = |error: io::Error| Failure::unreadable(path, &error);
    let file = File::open(path).map_err(unreadable)?;
    match file.metadata().map_err(unreadable)?.is_file() {
        true => Ok(file),
        false => {
            Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "not a file, whose lines can be read again")))
        }
    }
}

fn unheard(error: io::Error) -> Stop {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Stop::Unheard,
        _ => Failure::cant_create(format!("standard output can't be written: {error}")).into(),
    }
}
