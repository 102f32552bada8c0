//! The one reader of replies: takes bytes in any pieces, gives whole replies. RFC 5321 section 4.2.

use memchr::memchr;

use crate::log::Transcript;

/// A reply may be this long before it is taken for an attack.
pub(super) const REPLY_LIMIT: usize = 4 << 20;
/// Of one line this much is held and logged; what is longer is read and dropped.
const LINE_LIMIT: usize = 1 << 20;
/// Of a reply's text this much is kept; the log has had all of it by then.
const TEXT_LIMIT: usize = 64 << 10;
/// And this many lines.
const LINES_LIMIT: usize = 512;
/// So much of a buffer is kept between two replies.
const KEPT: usize = 512;
/// How much of a line that is no reply is told.
const SHOWN: usize = 128;

/// A whole reply as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawReply {
    /// 200 to 599. Where the lines disagree it is the last one's, as other clients have it.
    pub status: u16,
    /// Texts without code, separator and line end.
    pub lines: Vec<Vec<u8>>,
}

/// Why what came is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A line that does not begin as a reply does; its first bytes.
    NotAReply(Vec<u8>),
    /// More than [`REPLY_LIMIT`].
    TooLong,
    /// A TLS record: the session sees that, where there may be none.
    Tls,
}

/// Resumable at any byte; holds one line and the text of the reply so far.
#[derive(Default)]
pub(super) struct Reader {
    line: Vec<u8>,
    lines: Vec<Vec<u8>>,
    /// Bytes of this reply so far.
    total: usize,
    /// Bytes of text kept of this reply so far.
    kept: usize,
    /// An empty buffer for a line's text.
    spare: Vec<u8>,
}

impl Reader {
    /// Takes bytes until a reply is complete: how many, and the reply. Each line goes to the log as it is complete.
    pub fn take(&mut self, bytes: &[u8], log: &mut Transcript) -> (usize, Option<Result<RawReply, Fault>>) {
        let mut taken = 0;
        while taken < bytes.len() {
            let rest = &bytes[taken..];
            let end = memchr(b'\n', rest);
            let piece = &rest[..end.map_or(rest.len(), |at| at + 1)];
            taken += piece.len();
            self.total += piece.len();
            let room = LINE_LIMIT.saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            if self.total > REPLY_LIMIT {
                self.abandon(log);
                return (taken, Some(Err(Fault::TooLong)));
            }
            if end.is_some()
                && let Some(reply) = self.line_is_complete(log)
            {
                log.server_end();
                self.rest();
                return (taken, Some(reply));
            }
        }
        (taken, None)
    }

    /// Logs what stands there unfinished and forgets it: nothing more will come.
    pub fn abandon(&mut self, log: &mut Transcript) {
        if !self.line.is_empty() {
            log.server(without_end(&self.line));
        }
        if self.total > 0 {
            log.server_end();
        }
        *self = Reader::default();
    }

    /// Between two replies; the buffer of a line stays, unless it is large.
    fn rest(&mut self) {
        let mut line = core::mem::take(&mut self.line);
        line.clear();
        line.shrink_to(KEPT);
        *self = Reader { line, ..Reader::default() };
    }

    /// Takes back the buffers of a reply that nobody needs any more, for the next one: each mail has several.
    pub fn recycle(&mut self, mut reply: RawReply) {
        if let Some(mut line) = reply.lines.pop()
            && reply.lines.is_empty()
            && line.capacity() <= KEPT
        {
            line.clear();
            self.spare = line;
            self.lines = reply.lines;
        }
    }

    /// The bytes of the line that has begun.
    pub fn begun(&self) -> &[u8] {
        &self.line
    }

    fn line_is_complete(&mut self, log: &mut Transcript) -> Option<Result<RawReply, Fault>> {
        let line = without_end(&self.line);
        log.server(line);
        let Some((status, is_last, text)) = parse(line) else {
            return Some(Err(Fault::NotAReply(line[..line.len().min(SHOWN)].to_vec())));
        };
        if self.lines.len() < LINES_LIMIT {
            let text = &text[..text.len().min(TEXT_LIMIT - self.kept)];
            self.kept += text.len();
            let mut line = core::mem::take(&mut self.spare);
            line.extend_from_slice(text);
            self.lines.push(line);
        }
        self.line.clear();
        is_last.then(|| Ok(RawReply { status, lines: core::mem::take(&mut self.lines) }))
    }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Status, whether it is the last line, text.
fn parse(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (code, rest) = line.split_at_checked(3)?;
    if !(b'2'..=b'5').contains(&code[0]) || !code.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let status = code.iter().fold(0, |status, digit| status * 10 + u16::from(digit - b'0'));
    match rest.split_first() {
        None => Some((status, true, rest)),
        Some((b' ', text)) => Some((status, true, text)),
        Some((b'-', text)) => Some((status, false, text)),
        Some(_) => None,
    }
}

#[cfg(test)]
#[path = "tests/reader.rs"]
mod tests;
