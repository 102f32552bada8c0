//! `host logs report`: a log as a page to hand on, and as a table, a document or diagrams.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, ValueEnum};
use ring::digest::{SHA256, digest};
use smtp_logs::causes::Language;
use smtp_logs::report::{Csv, Diagrams, Document, Limits, Report as Page, SCRIPT};
use smtp_logs::{Conversation, Grouper};
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::Stop;
use super::filter::Filter;
use super::input::{Input, Part};
use super::language::LanguageOption;
use super::output::unheard;
use super::pass::{self, Go, Sieve, Take};
use crate::exit::{Exit, Failure};
use crate::terminal;

/// Draws a log: one page that needs no network, with charts, a table, and a diagram of each conversation.
#[derive(Args)]
#[command(after_help = "\
Examples:
  host logs report SMTPLog_1.txt -o report.html
  host logs report SMTPLog_*.txt --format csv -o mails.csv
  host logs report SMTPLog_1.txt --format mermaid --errors --since 24h")]
pub struct Report {
    /// Logs, in the order in which they were written; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The file to write, replaced when all of it is written. Standard output by default
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What to write: a page, a document with all that is known, a row a mail, or sequence diagrams in Markdown
    #[arg(long, value_enum, default_value = "html")]
    format: Format,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    language: LanguageOption,
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
        let mut inputs = Input::open_all(&self.files)?;
        inputs.iter_mut().try_for_each(Input::keep)?;
        match &self.output {
            None if self.format == Format::Html && io::stdout().is_terminal() => {
                let advice = "the page goes into a file: name it with -o, host logs report … -o report.html";
                Err(Failure::usage(advice).into())
            }
            None => self.write(&mut inputs, &mut BufWriter::new(io::stdout().lock()), &unheard),
            Some(path) => self.write_file(path, &mut inputs),
        }?;
        Ok(Exit::Done)
    }

    /// Into a file beside it first, so that nobody ever sees half a page.
    fn write_file(&self, path: &Path, inputs: &mut [Input]) -> Result<(), Stop> {
        let name = terminal::safe(&path.to_string_lossy());
        let unwritable = |error: io::Error| Failure::cant_create(format!("'{name}' can't be written: {error}")).into();
        let is_same =
            |log: &PathBuf| fs::canonicalize(log).ok().zip(fs::canonicalize(path).ok()).is_some_and(|(a, b)| a == b);
        if self.files.iter().any(is_same) {
            return Err(Failure::usage(format!("'{name}' is one of the logs: name another file with -o")).into());
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}.part", std::process::id()));
        let file = File::create_new(&beside).map_err(unwritable)?;
        let written = self.write(inputs, &mut BufWriter::new(file), &unwritable);
        written.and_then(|()| fs::rename(&beside, path).map_err(unwritable)).inspect_err(|_| {
            let _ = fs::remove_file(&beside);
        })
    }

    fn write(
        &self,
        inputs: &mut [Input],
        out: &mut dyn Write,
        unwritable: &dyn Fn(io::Error) -> Stop,
    ) -> Result<(), Stop> {
        let language = self.language.get();
        let files = inputs.iter().map(|input| input.again().map_err(|error| pass::unreadable(&input.name, &error)));
        let files: Vec<_> = files.collect::<Result<_, _>>()?;
        let again: Vec<_> = files.iter().map(|file| Part { file, at: 0 }).collect();
        let form = Form::new(self.format, out, language).map_err(unwritable)?;
        let mut taking = Taking { form, again, unwritable };
        let mut sieve = Sieve::new(&self.filter, Grouper::new().keep_steps());
        pass::over(inputs, &mut sieve, &mut taking)?;
        if sieve.summary.lines == sieve.summary.foreign {
            return Err(pass::no_log().into());
        }
        let names: Vec<_> = inputs.iter().map(|input| Path::new(&input.name)).collect();
        let names = names.iter().map(|path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy());
        let Taking { form, mut again, .. } = taking;
        form.end(&names.collect::<Vec<_>>().join(", "), &mut again).map_err(unwritable)
    }
}

/// What is being written.
enum Form<'a> {
    Page(Page, &'a mut dyn Write),
    Document(Document<&'a mut dyn Write>),
    Table(Csv<&'a mut dyn Write>),
    Diagrams(Diagrams<&'a mut dyn Write>),
}

impl<'a> Form<'a> {
    fn new(format: Format, out: &'a mut dyn Write, language: Language) -> io::Result<Form<'a>> {
        Ok(match format {
            Format::Html => Form::Page(Page::new(language, Limits::default()), out),
            Format::Json => Form::Document(Document::new(out, language)?),
            Format::Csv => Form::Table(Csv::new(out, language)?),
            Format::Mermaid => Form::Diagrams(Diagrams::new(out, language)),
        })
    }

    /// Of a page, all that is written; `names` stand in its heading.
    fn end(self, names: &str, again: &mut [Part<'_>]) -> io::Result<()> {
        match self {
            Form::Page(mut page, out) => {
                page.read_lines(again)?;
                page.write_page(&mut *out, names, &STANDARD.encode(digest(&SHA256, SCRIPT.as_bytes())))?;
                out.flush()
            }
            Form::Document(document) => document.end(),
            Form::Table(table) => table.end(),
            Form::Diagrams(diagrams) => diagrams.end(),
        }
    }
}

/// Conversations on their way onto paper.
struct Taking<'a> {
    form: Form<'a>,
    /// The files, for reading lines again.
    again: Vec<Part<'a>>,
    unwritable: &'a dyn Fn(io::Error) -> Stop,
}

impl Take for Taking<'_> {
    fn conversation(&mut self, told: Conversation) -> Result<Go, Stop> {
        let written = match &mut self.form {
            Form::Page(page, _) => {
                page.add(&told);
                Ok(())
            }
            Form::Document(document) => document.add(&told),
            Form::Table(table) => table.add(&told),
            Form::Diagrams(diagrams) => diagrams.add(&told, &mut self.again),
        };
        written.map(|()| Go::On).map_err(self.unwritable)
    }
}
