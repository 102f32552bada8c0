//! A mail's content on its way through the log: counted, and never kept.

use super::command::bdat;
use super::open::Open;
use crate::conversation::{LineRef, Phase, Step, StepKind};
use crate::line::{Line, Statement};
use crate::quoted::unescaped_length;

/// Only lines longer than this stand in pieces, `…` where they were cut.
pub(crate) const SHORTEST_PIECE: usize = 4096;
pub(crate) const ELLIPSIS: &[u8] = "…".as_bytes();

/// How the content goes over the wire, and with it what ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By DATA: a lone dot ends it.
    Lines,
    /// By BDAT: the number of bytes does. `last`: no chunk follows.
    Chunks { announced: u64, last: bool },
}

/// Content that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing {
    pub way: Way,
    /// Bytes so far, as they were before dots were stuffed.
    pub size: u64,
    pub lines: u64,
    pub first: Option<LineRef>,
    pub last: Option<LineRef>,
    pub in_header: bool,
    /// The last line was a piece that the next goes on with.
    in_piece: bool,
}

impl Passing {
    pub fn new(way: Way) -> Passing {
        Passing { way, size: 0, lines: 0, first: None, last: None, in_header: true, in_piece: false }
    }

    /// Whether what the client says now is content.
    pub fn takes(&self, text: &[u8]) -> bool {
        match self.way {
            Way::Lines => text != b".",
            Way::Chunks { announced, .. } => self.size < announced && bdat(text).is_none(),
        }
    }

    /// One more chunk.
    pub fn chunk(&mut self, size: u64, is_last: bool) {
        if let Way::Chunks { announced, last } = &mut self.way {
            *announced = announced.saturating_add(size);
            *last = is_last;
        }
    }

    /// Whether all chunks are through.
    pub fn is_over(&self) -> bool {
        matches!(self.way, Way::Chunks { announced, last: true } if self.size >= announced)
    }

    /// Whether the next line needs no second look, as a rule: it is behind the header, and goes on with no piece.
    pub fn is_plain(&self) -> bool {
        !self.in_header && !self.in_piece
    }

    /// A line of it; `missing` bytes of it were not kept.
    pub fn count(&mut self, text: &[u8], missing: u64, at: LineRef) {
        let mut text = text;
        if self.in_piece {
            text = text.strip_prefix(ELLIPSIS).unwrap_or(text);
        } else if self.way == Way::Lines {
            text = text.strip_prefix(b".").unwrap_or(text);
        }
        let long = text.len() >= SHORTEST_PIECE;
        let piece = if long { text.strip_suffix(ELLIPSIS) } else { None };
        self.in_piece = piece.is_some();
        let mut length = missing;
        if let Some(piece) = piece {
            length += unescaped_length(piece);
        } else if let Some((kept, more)) = long.then(|| cut(text)).flatten() {
            length = length.saturating_add(unescaped_length(kept) + 2).saturating_add(more);
        } else {
            // A line that ended with LF alone has it, escaped; CRLF is left out.
            length += unescaped_length(text) + if text.ends_with(br"\x0a") { 0 } else { 2 };
        }
        self.size = self.size.saturating_add(length);
        self.lines += 1;
        if self.first.is_none() {
            self.first = Some(at);
        }
        self.last = Some(at);
        self.in_header &= !text.is_empty() && text != br"\x0a";
    }
}

impl Open {
    /// Takes the line if it is one more of a mail's content. Of these only what is passing is changed.
    pub fn is_more_content(&mut self, line: &Line<'_>, missing: u64, at: LineRef) -> bool {
        let (Some(passing), Statement::Client(text)) = (&mut self.passing, line.statement) else { return false };
        if self.is_fresh || !passing.takes(text) {
            return false;
        }
        let in_header = passing.in_header;
        passing.count(text, missing, at);
        if in_header {
            self.header_line(text);
        }
        true
    }

    /// The content is over, or what the log has of it.
    pub fn leave_content(&mut self, complete: bool) {
        let Some(passing) = self.passing.take() else { return };
        self.conversation.lines += passing.lines;
        self.since = passing.last.and_then(|last| last.stamp).or(self.since);
        if let (Some(first), Some(last)) = (passing.first, passing.last) {
            if let (Some(from), Some(to)) = (first.stamp, last.stamp) {
                *self.conversation.phases.data.get_or_insert(0) += to.since(from);
            }
            self.steps(Step { kind: StepKind::Content(passing.lines), phase: Some(Phase::Content), first, last });
        }
        let Some(mail) = self.mail() else { return };
        let content = &mut mail.content;
        content.complete |= complete && passing.lines > 0;
        content.lines += passing.lines;
        content.first = content.first.or(passing.first);
        content.last = passing.last.or(content.last);
        match passing.way {
            // What was counted is surer than what was announced.
            Way::Lines if complete && content.body_omitted.is_none() => content.size = Some(passing.size),
            Way::Lines => {}
            Way::Chunks { announced, .. } => {
                content.chunked = true;
                content.size = Some(announced);
            }
        }
        if let Some(last) = passing.last {
            mail.last = last;
        }
    }
}

/// A line that the regular log cut: `… (+123 bytes)`.
pub(crate) fn cut(text: &[u8]) -> Option<(&[u8], u64)> {
    let rest = text.strip_suffix(b" bytes)")?;
    let at = rest.iter().rposition(|byte| *byte == b'+')?;
    let kept = rest[..at].strip_suffix("… (".as_bytes())?;
    Some((kept, std::str::from_utf8(&rest[at + 1..]).ok()?.parse().ok()?))
}
