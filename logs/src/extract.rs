//! A mail taken out of an extended log, byte for byte.

use crate::conversation::Mail;
use crate::group::{ELLIPSIS, SHORTEST_PIECE, cut, is_bdat};
use crate::line::Statement;
use crate::quoted::unescape;
use crate::reader::Reader;
use crate::{Conversation, Stamp};
use std::io::{self, Read, Seek, SeekFrom, Write};

/// What was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// Bytes of the message.
    pub bytes: u64,
    /// Lines in which 32 asterisks stand: where they hide a secret, the bytes are not those that were sent.
    pub masked: u64,
    /// When the last byte was sent.
    pub sent: Option<Stamp>,
}

/// Why a mail can't be taken out.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// It is a regular log.
    #[error(
        "this log has the header of the mail only: the regular log leaves the body out; an extended log (log-file, --log-file) has all of it"
    )]
    NoBody,
    /// No content at all.
    #[error("no content was sent in this mail")]
    NoContent,
    /// The content breaks off, or lines of it are missing.
    #[error("the log has not all of the content: {0}")]
    Incomplete(String),
    /// The log can't be read any more.
    #[error("the log can't be read: {0}")]
    Read(io::Error),
    /// The mail can't be written.
    #[error("the mail can't be written: {0}")]
    Write(io::Error),
}

/// Writes the mail at this place of the conversation's `mails` to `out`: the message as the server received it, with the
/// dots that were stuffed taken away.
///
/// `log` is the file in which its content stands.
///
/// # Errors
/// See [`ExtractError`]. What was written until then is the beginning of the mail.
pub fn extract(
    mut log: impl Read + Seek,
    conversation: &Conversation,
    mail: &Mail,
    out: &mut impl Write,
) -> Result<Extracted, ExtractError> {
    let content = &mail.content;
    if content.body_omitted.is_some() {
        return Err(ExtractError::NoBody);
    }
    let (Some(first), Some(last)) = (content.first, content.last) else { return Err(ExtractError::NoContent) };
    if first.file != last.file {
        return Err(ExtractError::Incomplete("it goes on in another file".into()));
    }
    if !content.complete {
        return Err(ExtractError::Incomplete("it broke off before its end".into()));
    }
    log.seek(SeekFrom::Start(first.start)).map_err(ExtractError::Read)?;
    let mut text = Text { out, content: mail, written: 0, masked: 0, in_piece: false, crlf: false, failure: None };
    let mut reader = Reader::at(first.start, first.number);
    let mut read = |item: &crate::reader::Item<'_>| {
        let Some(line) = item.entry.line() else { return };
        if let (true, Statement::Client(said)) = (line.process == conversation.process, line.statement) {
            text.line(said, item.missing);
        }
    };
    reader.read(log.take(last.end - first.start), &mut read).map_err(ExtractError::Read)?;
    let (bytes, masked) = text.finish()?;
    Ok(Extracted { bytes, masked, sent: last.stamp })
}

/// The content as it comes out of the lines.
struct Text<'a, W> {
    out: &'a mut W,
    content: &'a Mail,
    written: u64,
    masked: u64,
    in_piece: bool,
    /// A line end that is still to be written.
    crlf: bool,
    failure: Option<ExtractError>,
}

impl<W: Write> Text<'_, W> {
    fn line(&mut self, said: &[u8], missing: u64) {
        let content = &self.content.content;
        if self.failure.is_some() || content.chunked && is_bdat(said) {
            return;
        }
        if missing > 0 {
            self.failure = Some(ExtractError::Incomplete("a line is too long to be read".into()));
            return;
        }
        let mut text = said;
        if self.in_piece {
            text = text.strip_prefix(ELLIPSIS).unwrap_or(text);
        } else if !content.chunked {
            text = text.strip_prefix(b".").unwrap_or(text);
        }
        let piece = if text.len() >= SHORTEST_PIECE { text.strip_suffix(ELLIPSIS) } else { None };
        self.in_piece = piece.is_some();
        let text = piece.unwrap_or(text);
        if text.len() >= SHORTEST_PIECE && cut(text).is_some() {
            self.failure = Some(ExtractError::Incomplete("a line of it was cut".into()));
            return;
        }
        self.masked += u64::from(memchr::memmem::find(text, &[b'*'; 32]).is_some());
        let bytes = unescape(text);
        self.put_crlf();
        self.put(&bytes);
        self.crlf = !(self.in_piece || content.chunked && bytes.ends_with(b"\n"));
    }

    fn put_crlf(&mut self) {
        if std::mem::take(&mut self.crlf) {
            self.put(b"\r\n");
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        if self.failure.is_none() {
            self.failure = self.out.write_all(bytes).err().map(ExtractError::Write);
            self.written += bytes.len() as u64;
        }
    }

    fn finish(mut self) -> Result<(u64, u64), ExtractError> {
        let size = self.content.content.size.unwrap_or(0);
        // Only the size of the chunks tells whether the last line had an end.
        if !self.content.content.chunked || self.written < size {
            self.put_crlf();
        }
        if self.failure.is_none() {
            self.failure = self.out.flush().err().map(ExtractError::Write);
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if self.content.content.chunked && self.masked == 0 && self.written != size {
            let found = self.written;
            return Err(ExtractError::Incomplete(format!("{size} bytes were sent, and its lines have {found}")));
        }
        Ok((self.written, self.masked))
    }
}
