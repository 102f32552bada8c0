//! A log as a page to read, a table, a document or a diagram.
//!
//! [`Report`] takes conversations one by one and keeps what the page shows of each: of the first [`Limits::rows`], and the
//! lines of the first [`Limits::with_lines`]. Everything else is counted, in constant memory.

mod charts;
mod csv;
mod entry;
mod histogram;
mod json;
mod labels;
mod lines;
mod mermaid;
mod page;
mod summary;
mod times;

#[cfg(test)]
mod tests;

pub use csv::Csv;
pub use entry::Entry;
pub use json::Document;
pub use lines::{Lines, Said};
pub use mermaid::Diagrams;
pub use page::{SCRIPT, STYLE};
pub use summary::Summary;

use crate::Conversation;
use crate::causes::Language;
use entry::Causes;
use std::io::{self, Read, Seek};

/// What a report keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Conversations that the table names.
    pub rows: usize,
    /// Of these, those whose lines are shown: so many that went well, and so many that did not.
    pub with_lines: usize,
    /// Bytes of all lines that are shown.
    pub line_bytes: usize,
}

impl Default for Limits {
    /// 10,000 conversations; of 500 each the lines, of 8 MiB in all.
    fn default() -> Limits {
        Limits { rows: 10_000, with_lines: 500, line_bytes: 8 << 20 }
    }
}

/// What a log tells, for the page.
pub struct Report {
    language: Language,
    limits: Limits,
    summary: Summary,
    causes: Causes,
    entries: Vec<Entry>,
    well: usize,
    not_well: usize,
}

impl Report {
    /// Of nothing yet.
    pub fn new(language: Language, limits: Limits) -> Report {
        Report {
            language,
            limits,
            summary: Summary::default(),
            causes: Causes::new(language),
            entries: Vec::new(),
            well: 0,
            not_well: 0,
        }
    }

    /// The next conversation. Its steps are needed for its lines to be shown.
    pub fn add(&mut self, conversation: &Conversation) {
        let mut entry = Entry::new(conversation, &mut self.causes);
        self.summary.add(conversation, &entry, &self.causes);
        if self.entries.len() >= self.limits.rows {
            return;
        }
        let shown = if conversation.outcome().is_well() { &mut self.well } else { &mut self.not_well };
        if *shown < self.limits.with_lines {
            *shown += 1;
            entry.keep_steps(conversation);
        }
        self.entries.push(entry);
    }

    /// What was counted.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Reads the lines that the page shows out of the files, in the order in which they were read before.
    ///
    /// # Errors
    /// Those of the files.
    pub fn read_lines<F: Read + Seek>(&mut self, files: &mut [F]) -> io::Result<()> {
        let mut left = self.limits.line_bytes;
        for entry in &mut self.entries {
            entry.read_lines(files, &mut left)?;
        }
        Ok(())
    }
}
