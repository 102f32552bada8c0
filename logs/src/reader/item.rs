//! What a log is made of.

use crate::line::Line;
use std::ops::Range;

/// A line of text of the input, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The line of the input where it begins, from 1.
    pub number: u64,
    /// Where it stands in the input, its line end included.
    pub bytes: Range<u64>,
    /// The text without its line end, as far as it is kept; of a line that was broken in two, the mended one.
    pub text: &'a [u8],
    /// Bytes of the text that are not kept.
    pub missing: u64,
    /// What it is.
    pub entry: Entry<'a>,
}

/// What a line of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// A line of the log. Where bytes of it are not kept, its statement lacks its end.
    Line(Line<'a>),
    /// A line of the log that stood broken in two, mended.
    Mended(Line<'a>),
    /// The beginning of a line, whose end is missing; what is there of it, where its first four fields are.
    Torn(Option<Line<'a>>),
    /// A line of another log, without its fourth field: it was left over in the file, or behind another line.
    Leftover,
    /// No line of a log.
    Foreign,
}

impl<'a> Entry<'a> {
    /// The line, whole or not.
    pub fn line(&self) -> Option<&Line<'a>> {
        match self {
            Entry::Line(line) | Entry::Mended(line) | Entry::Torn(Some(line)) => Some(line),
            _ => None,
        }
    }

    /// Whether something is wrong with it.
    pub fn is_damaged(&self) -> bool {
        matches!(self, Entry::Mended(_) | Entry::Torn(_))
    }
}
