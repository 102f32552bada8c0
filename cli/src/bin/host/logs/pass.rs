//! One pass over all files: items become conversations, and those that are wanted are given out.

use smtp_logs::explain::Summary;
use smtp_logs::reader::{Item, Reader};
use smtp_logs::{Conversation, Grouper};
use std::collections::HashSet;
use std::io::{self, Read};

use super::Stop;
use super::filter::Filter;
use super::input::Input;
use crate::exit::{Exit, Failure};

/// Bytes that are read at once.
const PIECE: usize = 256 << 10;

/// Whether to read on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Go {
    On,
    Enough,
}

/// What takes the results of a pass.
pub trait Take {
    /// A conversation that is wanted.
    fn conversation(&mut self, told: Conversation) -> Result<Go, Stop>;

    /// A line of text that is of no conversation. Asked only where no filter is on.
    fn stray(&mut self, item: &Item<'_>, file: usize) -> Result<(), Stop> {
        let _ = (item, file);
        Ok(())
    }
}

/// Conversations on their way through the filter.
pub struct Sieve<'a> {
    filter: &'a Filter,
    grouper: Grouper,
    /// Conversations with a line that matches `--grep`.
    matched: HashSet<u64>,
    ready: Vec<Conversation>,
    pub summary: Summary,
}

impl<'a> Sieve<'a> {
    pub fn new(filter: &'a Filter, grouper: Grouper) -> Sieve<'a> {
        Sieve { filter, grouper, matched: HashSet::new(), ready: Vec::new(), summary: Summary::default() }
    }

    pub fn file(&mut self, file: usize) {
        self.grouper.file(u32::try_from(file).unwrap_or(u32::MAX));
    }

    /// The next item; what is ready behind it goes to `take`.
    #[inline]
    pub fn item(&mut self, item: &Item<'_>, file: usize, take: &mut impl Take) -> Result<Go, Stop> {
        self.summary.item(item);
        let number = self.grouper.item(item, |told| self.ready.push(told));
        match (&self.filter.grep, number) {
            (Some(grep), Some(number)) if grep.is_match(item.text) => {
                self.matched.insert(number);
            }
            (_, None) if item.entry.line().is_none() && self.filter.wants_everything() => take.stray(item, file)?,
            _ => {}
        }
        if self.ready.is_empty() { Ok(Go::On) } else { self.give(take) }
    }

    /// The input is over.
    pub fn end(&mut self, take: &mut impl Take) -> Result<Go, Stop> {
        let grouper = std::mem::take(&mut self.grouper);
        grouper.end(|told| self.ready.push(told));
        self.give(take)
    }

    fn give(&mut self, take: &mut impl Take) -> Result<Go, Stop> {
        let mut go = Go::On;
        for told in std::mem::take(&mut self.ready) {
            let matches = self.filter.grep.is_none() || self.matched.contains(&told.number);
            if told.ending != smtp_logs::conversation::Ending::Continued {
                self.matched.remove(&told.number);
            }
            if go == Go::On && matches && self.filter.wants(&told) {
                self.summary.conversation(&told);
                go = take.conversation(told)?;
            }
        }
        Ok(go)
    }
}

/// Reads all inputs, from the first to the last.
pub fn over(inputs: &mut [Input], sieve: &mut Sieve<'_>, take: &mut impl Take) -> Result<(), Stop> {
    let mut piece = vec![0; PIECE];
    let mut result = Ok(Go::On);
    for (file, input) in inputs.iter_mut().enumerate() {
        sieve.file(file);
        let mut reader = Reader::new();
        loop {
            let count = match input.read(&mut piece) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(&input.name, &error).into()),
            };
            let each = |item: &Item<'_>| {
                if matches!(result, Ok(Go::On)) {
                    result = sieve.item(item, file, take);
                }
            };
            match count {
                0 => reader.end(each),
                _ => reader.push(&piece[..count], each),
            }
            if !matches!(result, Ok(Go::On)) {
                return result.map(|_| ());
            }
            if count == 0 {
                break;
            }
        }
    }
    sieve.end(take).map(|_| ())
}

pub fn unreadable(name: &str, error: &io::Error) -> Failure {
    let name = crate::terminal::safe(name);
    Failure { exit: Exit::NoInput, message: format!("'{name}' can't be read: {error}"), place: None }
}

/// There is no line of a log in the input.
pub fn no_log() -> Failure {
    Failure::data(
        "there is no line of a conversation log in it; one looks like this: 1 2026-11-25T10:00:00.000 1 1 C > \"QUIT\"",
    )
}
