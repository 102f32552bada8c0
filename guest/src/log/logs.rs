//! The two logs: which are on, and what they have to say.

use super::statement::{self, LONGEST, Side};

/// Which part of a line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Only,
    First,
    Middle,
    Last,
}

/// The statements of both logs since they were last taken.
#[derive(Default)]
pub struct Logs {
    regular_on: bool,
    extended_on: bool,
    regular: Vec<String>,
    extended: Vec<String>,
    /// Of a header line that comes in pieces: its beginning, and how many bytes followed.
    head: Option<(Vec<u8>, u64)>,
}

impl Logs {
    pub fn turn(&mut self, regular: bool, extended: bool) {
        self.regular_on = regular;
        self.extended_on = extended;
    }

    pub fn off(&self) -> bool {
        !self.regular_on && !self.extended_on
    }

    pub fn regular_on(&self) -> bool {
        self.regular_on
    }

    pub fn extended_on(&self) -> bool {
        self.extended_on
    }

    pub fn take_regular(&mut self) -> Vec<String> {
        if self.regular.is_empty() {
            return Vec::new();
        }
        // As many as a small mail has.
        core::mem::replace(&mut self.regular, Vec::with_capacity(16))
    }

    pub fn take_extended(&mut self) -> Vec<String> {
        core::mem::take(&mut self.extended)
    }

    /// A line of the client, masked.
    pub fn client(&mut self, line: &[u8]) {
        if self.regular_on {
            self.regular.push(statement::cut(Side::Client, line, 0));
        }
        if self.extended_on {
            self.extended.push(statement::whole(Side::Client, line));
        }
    }

    /// A line of the server, masked; it goes where it was due when it came.
    pub fn server(&mut self, line: &[u8], regular: bool, extended: bool) {
        if regular {
            self.regular.push(statement::cut(Side::Server, line, 0));
        }
        if extended {
            self.extended.push(statement::whole(Side::Server, line));
        }
    }

    /// A line of content or a piece of one, masked. The regular log gets those of the header.
    pub fn content(&mut self, piece: &[u8], place: Place, in_header: bool) {
        if self.extended_on {
            self.extended.push(statement::piece(piece, place));
        }
        if self.regular_on && in_header {
            match place {
                Place::Only => self.regular.push(statement::cut(Side::Client, piece, 0)),
                Place::First => {
                    let (head, more) = piece.split_at(piece.len().min(LONGEST + 4));
                    self.head = Some((head.to_vec(), more.len() as u64));
                }
                Place::Middle | Place::Last => {
                    if let Some((_, more)) = &mut self.head {
                        *more += piece.len() as u64;
                    }
                }
            }
        }
        if place == Place::Last
            && let Some((head, more)) = self.head.take()
        {
            self.regular.push(statement::cut(Side::Client, &head, more));
        }
    }

    pub fn event(&mut self, sentence: String) {
        if self.extended_on {
            self.extended.push(sentence.clone());
        }
        self.regular_event(sentence);
    }

    /// An event that means nothing in the extended log.
    pub fn regular_event(&mut self, sentence: String) {
        if self.regular_on {
            self.regular.push(sentence);
        }
    }
}
