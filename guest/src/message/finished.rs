//! A message that somebody else made: it leaves as it came, but for line ends and Bcc.

use crate::error::{Error, Kind, Phase, Retry};

use super::MAX_LINE;
use super::finished_header::Header;
use super::normal::Normaliser;
use super::shape::{Body, Offer, Shape};

/// A message pushed in pieces of any size and read in pieces of any size. Bare CR and bare LF become CRLF, a
/// last line without an end gets one, and Bcc is taken out of the header; all else stays, dots and NUL included.
///
/// Holds what was pushed and not yet read, and nothing else.
#[derive(Debug, Default)]
pub struct Finished {
    announced: Option<u64>,
    pushed: u64,
    lines: Normaliser,
    header: Header,
    out: Out,
    taken: usize,
    finished: bool,
}

/// What is to be read, and what was seen of it.
#[derive(Debug, Default)]
struct Out {
    bytes: Vec<u8>,
    total: u64,
    /// Bytes of the line so far.
    column: usize,
    longest: usize,
    eight_bit: bool,
    nul: bool,
}

impl Finished {
    /// A message of `announced` bytes, where that is known.
    pub fn new(announced: Option<u64>) -> Finished {
        Finished { announced, ..Finished::default() }
    }

    /// Takes the next bytes. After [`Finished::finish`] there are none.
    ///
    /// # Errors
    /// Where there are more than were announced: the message is not to be sent any further.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.finished {
            return Ok(());
        }
        self.pushed = self.pushed.saturating_add(bytes.len() as u64);
        if let Some(announced) = self.announced.filter(|announced| self.pushed > *announced) {
            return Err(wrong_length(format!("has more than the {announced} bytes that were announced")));
        }
        self.take(bytes);
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) {
        let Finished { lines, header, out, .. } = self;
        lines.push(bytes, |piece| match header.is_over() {
            true => out.add(piece),
            false => header.push(piece, |piece| out.add(piece)),
        });
    }

    /// The message is complete. A message of another length than was announced is an error, as is an empty one.
    pub fn finish(&mut self) -> Result<(), Error> {
        self.take(if self.out.column > 0 || self.header.is_in_line() { b"\r\n" } else { b"" });
        self.finished = true;
        match self.announced {
            _ if self.out.total == 0 => Err(Error::input("the message is empty")),
            Some(announced) if announced != self.pushed => {
                Err(wrong_length(format!("ended after {} of the {announced} bytes that were announced", self.pushed)))
            }
            _ => Ok(()),
        }
    }

    /// Appends the next bytes, at most `at_most`, and says whether they are the last. No byte and `false`: more must
    /// be pushed first.
    pub fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> bool {
        let rest = &self.out.bytes[self.taken..];
        let end = match rest.len() <= at_most {
            true => rest.len(),
            false => memchr::memrchr(b'\n', &rest[..at_most]).map_or(at_most, |lf| lf + 1),
        };
        into.extend_from_slice(&rest[..end]);
        self.taken += end;
        if self.taken == self.out.bytes.len() {
            self.out.bytes.clear();
            self.taken = 0;
        }
        self.finished && self.out.bytes.is_empty()
    }

    /// Bytes that were pushed and not yet read.
    pub fn waiting(&self) -> usize {
        self.out.bytes.len() - self.taken
    }

    /// What the server must take, as far as it was seen. The size is exact once the message is finished; before, it
    /// is what was announced. Where more is to come, 8BITMIME is asked for as a precaution.
    pub fn prepare(&self, offer: Offer) -> Result<Shape, Error> {
        let out = &self.out;
        let body = match (out.nul || out.longest > MAX_LINE, out.eight_bit || !self.finished) {
            (true, _) if offer.binary => Body::Binary,
            (_, true) if offer.eight_bit => Body::EightBit,
            _ => Body::SevenBit,
        };
        if out.nul && body != Body::Binary {
            let text = "the message holds a NUL, which only BINARYMIME can carry, and the server does not offer it";
            return Err(Error::new(Phase::MailFrom, Kind::ExtensionNotOffered, Retry::AfterChange, text));
        }
        Ok(Shape {
            body,
            utf8: self.header.is_eight_bit() && offer.utf8,
            size: if self.finished { Some(out.total) } else { self.announced },
            attachments: Vec::new(),
            message_id: self.header.message_id().map(str::to_owned),
        })
    }

    /// What is missing or unusual, as sentences: nothing is added or changed for it. Complete once the message is
    /// finished.
    pub fn warnings(&self, offer: Offer) -> Vec<String> {
        let mut warnings = self.header.warnings();
        if self.header.is_eight_bit() && !offer.utf8 {
            warnings.push("the header holds bytes that are not ASCII, and the server does not offer SMTPUTF8".into());
        }
        if self.out.eight_bit && !offer.eight_bit {
            warnings.push("the message holds bytes that are not ASCII, and the server does not offer 8BITMIME".into());
        }
        if self.out.longest > MAX_LINE {
            let text = format!("a line has {} bytes, more than the {MAX_LINE} that mail allows", self.out.longest);
            warnings.push(text);
        }
        if self.out.nul {
            warnings.push("the message holds a NUL, which few servers take".into());
        }
        warnings
    }
}

fn wrong_length(how: String) -> Error {
    let text = format!("the message {how}: what it is read from may have changed meanwhile");
    Error::new(Phase::Input, Kind::ContentFailed, Retry::AfterChange, text)
}

impl Out {
    /// A piece of a line, or exactly a CRLF.
    fn add(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
        self.total += piece.len() as u64;
        if piece == b"\r\n" {
            self.column = 0;
            return;
        }
        self.column = self.column.saturating_add(piece.len());
        self.longest = self.longest.max(self.column);
        self.eight_bit |= !piece.is_ascii();
        self.nul |= memchr::memchr(0, piece).is_some();
    }
}
