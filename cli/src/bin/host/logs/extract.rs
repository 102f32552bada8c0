//! `host logs extract`: the mail that was sent, taken out of an extended log.

use clap::Args;
use smtp_logs::conversation::Ending;
use smtp_logs::extract::{ExtractError, extract};
use smtp_logs::{Conversation, Grouper};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use super::Stop;
use super::filter::Filter;
use super::input::{Input, Part};
use super::pass::{self, Go, Sieve, Take};
use crate::exit::{Exit, Failure};
use crate::terminal;

/// Mails that are listed where one has to be chosen.
const MOST_LISTED: usize = 20;

/// Takes a mail out of an extended log, byte for byte as the server received it.
#[derive(Args)]
#[command(after_help = "\
Example: the mail of the third conversation
  host logs extract conversation.txt --conversation 3 -o mail.eml")]
pub struct Extract {
    /// The extended log; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The conversation's number, as `view` and `explain` show it; needed where the log has several mails
    #[arg(long, value_name = "N")]
    conversation: Option<u64>,
    /// Which of its mails, from 1
    #[arg(long, value_name = "N")]
    mail: Option<u64>,
    /// The file to write; it must not exist yet. Standard output by default
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A mail that may be meant.
struct Candidate {
    told: Conversation,
    /// Its place in this part of the conversation, and its number in the whole.
    place: usize,
    number: u64,
}

struct Candidates {
    conversation: Option<u64>,
    mail: Option<u64>,
    found: Vec<Candidate>,
    /// Mails of the conversation in earlier parts of it.
    earlier: std::collections::HashMap<u64, u64>,
    more: bool,
}

impl Take for Candidates {
    fn conversation(&mut self, told: Conversation) -> Result<Go, Stop> {
        let before = self.earlier.get(&told.number).copied().unwrap_or(0);
        for (place, number) in (0..told.mails.len()).zip(before + 1..) {
            let wanted = self.mail.is_none_or(|mail| mail == number);
            if wanted && told.mails[place].content.lines > 0 {
                self.more |= self.found.len() == MOST_LISTED;
                if self.found.len() < MOST_LISTED {
                    self.found.push(Candidate { told: told.clone(), place, number });
                }
            }
        }
        if told.ending == Ending::Continued {
            self.earlier.insert(told.number, before + told.mails.len() as u64);
        } else {
            self.earlier.remove(&told.number);
        }
        let is_all = self.conversation == Some(told.number) && told.ending != Ending::Continued;
        Ok(if is_all { Go::Enough } else { Go::On })
    }
}

impl Extract {
    pub fn run(&self) -> Result<Exit, Stop> {
        let mut input = Input::open_all(std::slice::from_ref(&self.file))?;
        input.iter_mut().try_for_each(Input::keep)?;
        let filter = Filter { conversations: self.conversation.into_iter().collect(), ..Filter::default() };
        let mut take = Candidates {
            conversation: self.conversation,
            mail: self.mail,
            found: Vec::new(),
            earlier: std::collections::HashMap::new(),
            more: false,
        };
        let mut sieve = Sieve::new(&filter, Grouper::new());
        pass::over(&mut input, &mut sieve, &mut take)?;
        let chosen = match &take.found[..] {
            [one] => one,
            [] => return Err(self.nothing(&sieve).into()),
            several => return Err(choose(several, take.more).into()),
        };
        let mail = &chosen.told.mails[chosen.place];
        if mail.content.body_omitted.is_some() {
            return Err(Failure::data(upper(&ExtractError::NoBody.to_string())).into());
        }
        let [input] = &input[..] else { return Ok(Exit::Done) };
        let file = input.again().map_err(|error| pass::unreadable(&input.name, &error))?;
        let mut out = self.out()?;
        let log = Part { file: &file, at: 0 };
        let taken = match extract(log, &chosen.told, mail, &mut out) {
            Ok(taken) => taken,
            Err(ExtractError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Err(Stop::Unheard),
            Err(error) => return Err(failure(&error).into()),
        };
        let from = mail.sender.as_deref().unwrap_or_default();
        terminal::say("taken out", &format!("{} bytes, from <{from}>", taken.bytes));
        if taken.masked > 0 {
            let (lines, word) = (taken.masked, if taken.masked == 1 { "line" } else { "lines" });
            let text =
                format!("in {lines} {word} stand 32 asterisks: where they hide a secret, the mail had other bytes");
            terminal::say("warning", &text);
        }
        Ok(Exit::Done)
    }

    fn out(&self) -> Result<Box<dyn Write>, Failure> {
        match &self.output {
            Some(path) => {
                let file = File::create_new(path).map_err(|error| {
                    let name = terminal::safe(&path.to_string_lossy());
                    Failure::cant_create(match error.kind() {
                        io::ErrorKind::AlreadyExists => format!("'{name}' exists already: name another file"),
                        _ => format!("'{name}' can't be written: {error}"),
                    })
                })?;
                Ok(Box::new(BufWriter::new(file)))
            }
            // A mail may hold anything.
            None if io::stdout().is_terminal() => {
                Err(Failure::usage("a mail is not shown on a terminal: name a file with -o, or send it through a pipe"))
            }
            None => Ok(Box::new(BufWriter::new(io::stdout()))),
        }
    }

    fn nothing(&self, sieve: &Sieve<'_>) -> Failure {
        match (self.conversation, self.mail) {
            _ if sieve.summary.lines == sieve.summary.foreign => pass::no_log(),
            (Some(number), None) => Failure::data(format!("conversation {number} has no mail's content in this log")),
            (Some(number), Some(mail)) => {
                Failure::data(format!("conversation {number} has no mail {mail} in this log"))
            }
            _ => Failure::data("there is no mail's content in this log"),
        }
    }
}

fn failure(error: &ExtractError) -> Failure {
    let text = upper(&error.to_string());
    match error {
        ExtractError::Write(_) => Failure::cant_create(text),
        _ => Failure::data(text),
    }
}

/// As a sentence of its own.
fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn choose(several: &[Candidate], more: bool) -> Failure {
    let list = several.iter().map(|candidate| {
        let mail = &candidate.told.mails[candidate.place];
        let when = mail.first.stamp.map(|stamp| stamp.to_string()).unwrap_or_default();
        let subject = mail.subject.as_deref().unwrap_or("no subject");
        let to = mail.recipients.first().map_or("", |recipient| recipient.address.as_str());
        let text = format!("{when} to <{to}>: {subject}");
        format!("\n  --conversation {} --mail {}   {}", candidate.told.number, candidate.number, terminal::safe(&text))
    });
    let list: String = list.collect();
    let rest = if more { "\n  and more" } else { "" };
    Failure {
        exit: Exit::Usage,
        message: "there are several mails in this log; say which".into(),
        place: Some(format!("{}{rest}", list.trim_start_matches('\n').trim_start())),
    }
}
