//! The one writer of lines: what goes out, and what the log says of it.

use std::io::Write;

use super::command::Command;
use crate::log::Transcript;

/// Bytes that wait to be written, all of them in one go.
#[derive(Default)]
pub(super) struct Wire {
    out: Vec<u8>,
    is_handed_out: bool,
}

/// A buffer that is larger is given back once it is empty: an idle connection is small.
const KEPT: usize = 4 << 10;

impl Wire {
    pub fn say(&mut self, command: Command<'_>, log: &mut Transcript) {
        let before = self.out.len();
        // Writing into memory can't fail.
        let _ = write!(self.out, "{command}");
        log.client(&self.out[before..]);
        self.end(before);
    }

    /// AUTH with its initial response, or with an empty `command` an answer alone. `public`: as in
    /// [`Transcript::learn_response`].
    pub fn say_secret(&mut self, command: &str, response: &str, public: usize, log: &mut Transcript) {
        log.learn_response(response, public);
        log.client_secret(command);
        self.line(&[command, response].concat());
    }

    /// An answer within AUTH that carries nothing: empty, or OAUTHBEARER's lone 0x01.
    pub fn say_nothing(&mut self, response: &str, log: &mut Transcript) {
        log.client(response.as_bytes());
        self.line(response);
    }

    /// Content as `frame` puts it there.
    pub fn content(&mut self, log: &mut Transcript, frame: impl FnOnce(&mut Vec<u8>)) {
        let before = self.out.len();
        frame(&mut self.out);
        log.content(&self.out[before..]);
    }

    fn line(&mut self, line: &str) {
        let before = self.out.len();
        self.out.extend_from_slice(line.as_bytes());
        self.end(before);
    }

    /// Ends the line that begins at `start`.
    fn end(&mut self, start: usize) {
        debug_assert!(memchr::memchr2(b'\r', b'\n', &self.out[start..]).is_none(), "a command is one line");
        self.out.extend_from_slice(b"\r\n");
    }

    pub fn len(&self) -> usize {
        self.out.len()
    }

    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Whether everything is written, or is just being so: then the server may have it.
    pub fn is_out(&self) -> bool {
        self.out.is_empty() || self.is_handed_out
    }

    /// Whether a write is going on.
    pub fn is_writing(&self) -> bool {
        self.is_handed_out
    }

    pub fn hand_out(&mut self) -> &[u8] {
        self.is_handed_out = true;
        &self.out
    }

    /// The bytes are written, or never will be.
    pub fn clear(&mut self) {
        self.is_handed_out = false;
        self.out.clear();
        self.out.shrink_to(KEPT);
    }
}
