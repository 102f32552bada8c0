//! The lines of a conversation, read again where they stand.

use crate::conversation::{Step, StepKind};
use crate::line::{self, Parsed, Statement};
use serde::Serialize;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of a line that are shown.
const LONGEST: u64 = 2048;
/// Lines of one conversation that are shown.
const MOST: usize = 400;

/// The steps of a conversation: where they stand, then what they say.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    steps: Vec<Step>,
    left_out: u64,
    said: Vec<Said>,
}

/// A line, or the content of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said(
    /// `C`, `S`, `#` (an event) or `=` (content).
    pub char,
    /// Milliseconds since the conversation began.
    pub u64,
    /// What was said; of content the number of its lines.
    pub String,
    /// The line of the file, from 1.
    pub u64,
);

impl Lines {
    /// Of these steps.
    pub fn new(steps: &[Step], left_out: u64) -> Lines {
        let kept = steps.len().min(MOST);
        Lines { steps: steps[..kept].to_vec(), left_out: left_out + (steps.len() - kept) as u64, said: Vec::new() }
    }

    /// What they say, once it has been read.
    pub fn said(&self) -> &[Said] {
        &self.said
    }

    /// Steps that are not shown.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Reads them. `left` is how many bytes may be read; what is beyond is left out.
    ///
    /// # Errors
    /// Those of the files.
    pub fn read<F: Read + Seek>(&mut self, files: &mut [F], left: &mut usize) -> io::Result<()> {
        let began = self.steps.first().and_then(|step| step.first.stamp);
        for (place, step) in self.steps.iter().enumerate() {
            let at = step.first;
            let length = (at.end - at.start).min(LONGEST);
            let (Some(file), true) = (files.get_mut(at.file as usize), length as usize <= *left) else {
                self.left_out += (self.steps.len() - place) as u64;
                break;
            };
            *left -= length as usize;
            let ms = at.stamp.zip(began).map_or(0, |(now, began)| now.since(began));
            let said = match step.kind {
                StepKind::Content(lines) => Said('=', ms, lines.to_string(), at.number),
                kind => {
                    file.seek(SeekFrom::Start(at.start))?;
                    let mut bytes = Vec::new();
                    file.take(length).read_to_end(&mut bytes)?;
                    let mark = match kind {
                        StepKind::Client => 'C',
                        StepKind::Server => 'S',
                        _ => '#',
                    };
                    Said(mark, ms, statement(&bytes, at.end - at.start > LONGEST), at.number)
                }
            };
            self.said.push(said);
        }
        self.steps = Vec::new();
        Ok(())
    }
}

/// What a line says, without its first four fields.
fn statement(bytes: &[u8], is_cut: bool) -> String {
    // A line that was broken in two stands there with its break.
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let said = match line::parse(&bytes) {
        Parsed::Whole(line) | Parsed::Cut(Some(line)) => match line.statement {
            Statement::Client(text) | Statement::Server(text) | Statement::Event(text) | Statement::Unknown(text) => {
                text
            }
        },
        _ => &bytes[..],
    };
    let mut text = shown(&String::from_utf8_lossy(said));
    if is_cut {
        text.push('…');
    }
    text
}

/// A text for a page: what has no shape, or turns the direction of writing, as `\u{…}`.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => shown.push('\n'),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => {
                shown.extend(char.escape_unicode())
            }
            _ if char.is_control() => shown.extend(char.escape_unicode()),
            _ => shown.push(char),
        }
    }
    shown
}
