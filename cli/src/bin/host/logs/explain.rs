//! `host logs explain`: what happened, to whom, and what to change.

use clap::Args;
use smtp_logs::explain::{Teller, Told};
use smtp_logs::{Conversation, Grouper};
use std::io::Write;
use std::path::PathBuf;

use super::Stop;
use super::filter::Filter;
use super::input::Input;
use super::language::LanguageOption;
use super::output::{Output, unheard};
use super::pass::{self, Go, Sieve, Take};
use crate::exit::Exit;
use crate::terminal;

/// Tells of each conversation how it went, and of each failure what it means and what to do.
///
/// The exit code is 0 only where all went well: 69 where something failed, 75 where something is unknown or unfinished.
#[derive(Args)]
#[command(after_help = "\
Example: what failed today
  host logs explain --errors --since 24h SMTPLog_*.txt")]
pub struct Explain {
    /// Logs, in the order in which they were written; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    language: LanguageOption,
    /// One JSON object a line for each conversation
    #[arg(long)]
    json: bool,
    /// Don't use a pager
    #[arg(long)]
    no_pager: bool,
}

struct Telling<'a> {
    teller: Teller,
    json: bool,
    names: &'a [String],
    out: Output,
    only: Option<u64>,
}

impl Take for Telling<'_> {
    fn conversation(&mut self, told: Conversation) -> Result<Go, Stop> {
        if self.json {
            let json = serde_json::to_string(&Told::new(&told, self.teller.language)).unwrap_or_default();
            writeln!(self.out, "{}", terminal::safe_json(&json)).map_err(unheard)?;
        } else {
            let file = self.names.get(told.last.file as usize).filter(|_| self.names.len() > 1);
            self.teller.tell(&told, file.map(String::as_str), &mut self.out).map_err(unheard)?;
        }
        let is_last = self.only == Some(told.number) && told.ending == smtp_logs::conversation::Ending::Closed;
        Ok(if is_last { Go::Enough } else { Go::On })
    }
}

impl Explain {
    pub fn run(&self) -> Result<Exit, Stop> {
        let mut inputs = Input::open_all(&self.files)?;
        let names: Vec<_> = inputs.iter().map(|input| input.name.clone()).collect();
        let out = if self.json { Output::new() } else { Output::paged(!self.no_pager) };
        let teller = Teller { language: self.language.get(), style: out.style };
        let only = match self.filter.conversations[..] {
            [number] => Some(number),
            _ => None,
        };
        let mut take = Telling { teller, json: self.json, names: &names, out, only };
        let mut sieve = Sieve::new(&self.filter, Grouper::new());
        pass::over(&mut inputs, &mut sieve, &mut take)?;
        let summary = sieve.summary;
        if !self.json {
            for sentence in summary.told(teller.language) {
                teller.style.paragraph(&[("1", &sentence)], 0, 2, &mut take.out).map_err(unheard)?;
            }
        }
        take.out.end()?;
        if summary.conversations == 0 && self.filter.wants_everything() {
            return Err(pass::no_log().into());
        }
        Ok(match summary {
            summary if summary.is_well() => Exit::Done,
            summary if summary.failed + summary.partly > 0 => Exit::Unavailable,
            _ => Exit::TryAgain,
        })
    }
}
