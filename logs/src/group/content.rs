//! A mail's content on its way through the log: counted, and never kept.

use super::command::bdat;
use crate::conversation::LineRef;
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

/// A line that the regular log cut: `… (+123 bytes)`.
pub(crate) fn cut(text: &[u8]) -> Option<(&[u8], u64)> {
    let rest = text.strip_suffix(b" bytes)")?;
    let at = rest.iter().rposition(|byte| *byte == b'+')?;
    let kept = rest[..at].strip_suffix("… (".as_bytes())?;
    Some((kept, std::str::from_utf8(&rest[at + 1..]).ok()?.parse().ok()?))
}
