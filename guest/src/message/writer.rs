//! Content goes out: one step of a plan in pieces of whole lines, from memory or from a stream.

use super::encoding::Encoding;
use super::mail::{Content, Source};
use super::parts::Part;
use super::quoted::Quoted;
use super::{MAX_LINE, base64};

/// The longest line with its CRLF.
pub(super) const ROOM: usize = MAX_LINE + 2;
/// Bytes asked of a stream at once: what fills 1,024 lines of base64.
const INTAKE: usize = base64::LINE_IN * 1024;

/// One step of a plan.
#[derive(Debug)]
pub(super) enum Step {
    /// Header lines and boundaries.
    Literal(Vec<u8>),
    /// The content of a part, with a CRLF behind.
    Part {
        /// Which part.
        index: usize,
        /// How it is written.
        encoding: Encoding,
        /// The CRLF behind is the content's own: the part is the whole message.
        ends_itself: bool,
    },
}

/// A step being written.
pub(super) struct Writer {
    step: Step,
    at: usize,
    quoted: Quoted,
    stream: Intake,
}

impl Writer {
    pub fn new(step: Step) -> Writer {
        Writer { step, at: 0, quoted: Quoted::default(), stream: Intake::default() }
    }

    /// Appends at most `room` bytes, at least [`ROOM`], and says whether this was all.
    pub fn write(&mut self, parts: &mut [Part], into: &mut Vec<u8>, room: usize) -> Result<bool, String> {
        let (part, encoding, ends_itself) = match &self.step {
            Step::Literal(bytes) => return Ok(lines(bytes, &mut self.at, into, room)),
            Step::Part { index, encoding, ends_itself } => (&mut parts[*index], *encoding, *ends_itself),
        };
        let bytes = match &mut part.content {
            Content::Bytes(bytes) => bytes.as_slice(),
            Content::Text(text) => text.as_bytes(),
            Content::Stream(source) | Content::Twice([_, source]) => {
                self.stream.announced = part.len;
                let done = self.stream.write(source.as_mut(), encoding, into, room);
                return done.map_err(|reason| match &part.name {
                    Some(name) => format!("attachment {name:?}: {reason}"),
                    None => format!("attachment: {reason}"),
                });
            }
        };
        let cut = if ends_itself { 2 } else { 0 };
        let bytes = &bytes[..bytes.len() - cut];
        Ok(match encoding {
            Encoding::SevenBit | Encoding::EightBit => lines(bytes, &mut self.at, into, room - 2) && ended(into),
            Encoding::Quoted => {
                self.quoted.lines(bytes, into, room);
                self.quoted.is_over()
            }
            Encoding::Base64 => {
                self.at += base64::lines(&bytes[self.at..], into, room, true);
                self.at == bytes.len() && (self.at > 0 || ended(into))
            }
            Encoding::Binary => {
                let piece = &bytes[self.at..bytes.len().min(self.at + room - 2)];
                into.extend_from_slice(piece);
                self.at += piece.len();
                self.at == bytes.len() && ended(into)
            }
        })
    }
}

/// Appends as many whole lines as `room` takes; true when nothing is left.
fn lines(bytes: &[u8], at: &mut usize, into: &mut Vec<u8>, room: usize) -> bool {
    let rest = &bytes[*at..];
    let end = match rest.len() <= room {
        true => rest.len(),
        // A line over the limit can't be here; were it, it would be cut and not lost.
        false => memchr::memrchr(b'\n', &rest[..room]).map_or(room, |lf| lf + 1),
    };
    into.extend_from_slice(&rest[..end]);
    *at += end;
    *at == bytes.len()
}

fn ended(into: &mut Vec<u8>) -> bool {
    into.extend_from_slice(b"\r\n");
    true
}

/// What came out of a stream.
#[derive(Default)]
struct Intake {
    announced: Option<u64>,
    seen: u64,
    over: bool,
    /// Bytes that did not fill a line yet.
    held: Vec<u8>,
    failed: Option<String>,
}

impl Intake {
    fn write(
        &mut self,
        source: &mut dyn Source,
        encoding: Encoding,
        into: &mut Vec<u8>,
        room: usize,
    ) -> Result<bool, String> {
        if let Some(reason) = &self.failed {
            return Err(reason.clone());
        }
        let end = into.len() + room;
        if encoding == Encoding::Binary {
            while !self.over && end - into.len() > 2 {
                self.pull(source, into, (end - into.len() - 2).min(INTAKE))?;
            }
            return Ok(self.over && ended(into));
        }
        while end - into.len() >= base64::LINE_OUT {
            let mut held = core::mem::take(&mut self.held);
            let fits = (end - into.len()) / base64::LINE_OUT * base64::LINE_IN;
            if !self.over && fits > held.len() {
                let more = (fits - held.len()).min(INTAKE);
                self.pull(source, &mut held, more)?;
            }
            let used = base64::lines(&held, into, end - into.len(), self.over);
            held.drain(..used);
            self.held = held;
            if self.over && self.held.is_empty() {
                return Ok(self.seen > 0 || ended(into));
            }
        }
        Ok(false)
    }

    /// One read. More or less than was announced is an error, and an error stays one.
    fn pull(&mut self, source: &mut dyn Source, into: &mut Vec<u8>, at_most: usize) -> Result<(), String> {
        let start = into.len();
        let result = source.read(into, at_most).and_then(|_| {
            let count = into.len().saturating_sub(start);
            self.seen += count as u64;
            self.over = count == 0;
            match self.announced {
                _ if count > at_most => Err("the stream gave more than it was asked for".to_owned()),
                Some(size) if self.seen > size => {
                    Err(format!("it is longer than the {size} bytes that were announced"))
                }
                Some(size) if self.over && self.seen < size => {
                    Err(format!("it ended after {} of the {size} bytes that were announced", self.seen))
                }
                _ => Ok(()),
            }
        });
        self.failed = result.as_ref().err().cloned();
        result
    }
}

/// Lets a caller take any number of bytes though lines are made whole.
#[derive(Default)]
pub(super) struct WholeLines {
    /// A line that is longer than what was asked for.
    spill: Vec<u8>,
    over: bool,
}

impl WholeLines {
    /// Appends at most `at_most` bytes and says whether they are the last. `produce` appends at most as many bytes
    /// as it is given, at least [`ROOM`], and says whether more will come.
    pub fn read(
        &mut self,
        into: &mut Vec<u8>,
        at_most: usize,
        mut produce: impl FnMut(&mut Vec<u8>, usize) -> Result<bool, String>,
    ) -> Result<bool, String> {
        let start = into.len();
        let end = start + at_most;
        loop {
            let kept = self.spill.len().min(end - into.len());
            into.extend(self.spill.drain(..kept));
            let room = end - into.len();
            if self.spill.is_empty() && self.over {
                return Ok(true);
            }
            if room == 0 || (room < ROOM && into.len() > start && at_most >= ROOM) {
                return Ok(false);
            }
            self.over = !match room >= ROOM {
                true => produce(into, room)?,
                false => produce(&mut self.spill, ROOM)?,
            };
        }
    }
}
