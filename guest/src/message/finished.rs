//! A message that somebody else made: it leaves as it came, but for line ends and Bcc.

use std::rc::Rc;

use crate::error::{Error, Kind, Phase, Retry};

use super::MAX_LINE;
use super::dkim::Signer;
use super::finished_header::Header;
use super::finished_signed::Signing;
use super::normal::{Clean, LineEnds, Normaliser};
use super::shape::{Body, Offer, Shape};

/// A message pushed in pieces of any size and read in pieces of any size. Bare CR and bare LF become CRLF, a
/// last line without an end gets one, and Bcc is taken out of the header; all else stays, dots and NUL included.
///
/// Holds what was pushed and not yet read, and nothing else.
#[derive(Debug, Default)]
pub struct Finished {
    announced: Option<u64>,
    /// Bytes that were pushed.
    pushed: u64,
    lines: Normaliser,
    header: Header,
    out: Out,
    taken: usize,
    /// How the lines ended, once the message is finished and before its last line got its end.
    ends: Option<LineEnds>,
    finished: bool,
    /// A NUL ends the message: the server can't take it.
    no_nul: bool,
    signing: Option<Signing>,
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

    /// The message is signed, if there is a key for the domain it comes from.
    #[must_use]
    pub fn signed_by(mut self, signer: Rc<dyn Signer>) -> Finished {
        self.signing = Some(Signing::new(signer));
        self
    }

    /// Takes bytes of the whole message before any are pushed, to hash them for a signature.
    pub fn rehearse(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.pushed > 0 {
            return Err(Error::input("a message is rehearsed before its first byte is written"));
        }
        if let Some(signing) = &mut self.signing {
            signing.rehearse(bytes);
        }
        Ok(())
    }

    /// Takes the next bytes; more than were announced are an error. After [`Finished::finish`] there are none.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.finished {
            return Ok(());
        }
        self.pushed = self.pushed.saturating_add(bytes.len() as u64);
        if let Some(announced) = self.announced.filter(|announced| self.pushed > *announced) {
            return Err(wrong_length(format!("has more than the {announced} bytes that were announced")));
        }
        self.take(bytes);
        if self.no_nul && self.out.nul {
            return Err(nul(Phase::Content));
        }
        Ok(())
    }

    fn take(&mut self, mut bytes: &[u8]) {
        let Finished { lines, header, out, signing, .. } = self;
        if header.is_over()
            && let Some(clean) = lines.clean(&mut bytes)
        {
            signing.iter_mut().for_each(|signing| signing.body(clean.lines));
            out.add_lines(&clean);
        }
        lines.push(bytes, |piece| {
            if header.is_over() {
                signing.iter_mut().for_each(|signing| signing.body(piece));
                return out.add(piece);
            }
            header.push(piece, |piece| out.add(piece));
        });
    }

    /// The message is complete. A message of another length than was announced is an error, as is an empty one, and one
    /// that is not what was rehearsed.
    pub fn finish(&mut self) -> Result<(), Error> {
        if let Some(announced) = self.announced.filter(|announced| self.pushed < *announced) {
            let how = format!("ended after {} of the {announced} bytes that were announced", self.pushed);
            return Err(wrong_length(how));
        }
        self.ends = Some(self.lines.seen());
        self.take(if self.out.column > 0 || self.header.is_in_line() { b"\r\n" } else { b"" });
        self.finished = true;
        match &self.signing {
            _ if self.out.total == 0 => Err(Error::input("the message is empty")),
            Some(signing) => signing.finish(),
            None => Ok(()),
        }
    }

    /// Puts the signature in front, where there is a key; what is waiting must have the whole header. Once is enough.
    pub fn sign(&mut self, unix_seconds: i64) -> Result<(), Error> {
        let Finished { signing, out, finished, .. } = self;
        let Some(signing) = signing else { return Ok(()) };
        if let Some(field) = signing.sign(&out.bytes, self.header.is_over(), *finished, unix_seconds)? {
            out.total += field.len() as u64;
            self.announced = self.announced.map(|size| size + field.len() as u64);
            self.pushed += field.len() as u64;
            out.bytes.splice(..0, field);
        }
        Ok(())
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
    pub fn prepare(&mut self, offer: Offer) -> Result<Shape, Error> {
        let out = &self.out;
        let body = match (out.nul || out.longest > MAX_LINE, out.eight_bit || !self.finished) {
            (true, _) if offer.binary => Body::Binary,
            (_, true) if offer.eight_bit => Body::EightBit,
            _ => Body::SevenBit,
        };
        if out.nul && body != Body::Binary {
            return Err(nul(Phase::MailFrom));
        }
        self.no_nul = body != Body::Binary;
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
        let ends = self.ends.unwrap_or_else(|| self.lines.seen());
        if ends.bare_cr > 0 {
            warnings.push(format!("{} carriage returns without line feed became line ends", ends.bare_cr));
        }
        // A file with line feeds only is a text file of most systems.
        if ends.bare_lf > 0 && ends.pairs > 0 {
            warnings.push(format!("{} line feeds without carriage return became line ends", ends.bare_lf));
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

fn nul(phase: Phase) -> Error {
    let text = "the message holds a NUL, which only BINARYMIME can carry, and the server does not offer it";
    Error::new(phase, Kind::ExtensionNotOffered, Retry::AfterChange, text)
}

impl Out {
    /// Whole lines of the body.
    fn add_lines(&mut self, clean: &Clean<'_>) {
        self.bytes.extend_from_slice(clean.lines);
        self.total += clean.lines.len() as u64;
        self.longest = self.longest.max(clean.longest).max(self.column.saturating_add(clean.first));
        self.column = 0;
        self.eight_bit = self.eight_bit || !clean.lines.is_ascii();
        self.nul = self.nul || memchr::memchr(0, clean.lines).is_some();
    }

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
