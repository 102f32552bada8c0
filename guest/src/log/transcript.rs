//! What happens becomes statements.

use super::content::{Content, Lines};
use super::held::{Held, Ready};
use super::mask::{ASTERISKS, Mask};
use super::statement::{Side, cut, whole};
use super::{Language, Note, Omitted, sentence};
use crate::secret::Secret;

/// Turns what happens in one transporter into the statements of its two logs, masking secrets on the way.
pub struct Transcript {
    language: Language,
    mask: Mask,
    held: Held,
    content: Content,
    logs: Logs,
}

/// The two logs: whether they are on, and their statements since they were last taken.
#[derive(Default)]
struct Logs {
    regular_on: bool,
    extended_on: bool,
    regular: Vec<String>,
    extended: Vec<String>,
}

impl Transcript {
    /// Both logs are off.
    pub fn new(language: Language) -> Transcript {
        Transcript {
            language,
            mask: Mask::default(),
            held: Held::default(),
            content: Content::default(),
            logs: Logs::default(),
        }
    }

    /// Which logs are on from now on; in the middle of a conversation, too.
    pub fn record(&mut self, regular: bool, extended: bool) {
        self.logs.regular_on = regular;
        self.logs.extended_on = extended;
    }

    /// Hides this password or token from now on, in every form that a server or an error text may give it.
    pub fn learn(&mut self, secret: &Secret) {
        self.mask.learn(secret);
    }

    /// Hides a SASL response, base64 as it was sent, and every piece of it of 12 characters or more.
    pub fn learn_response(&mut self, encoded: &str) {
        self.mask.learn_response(encoded);
    }

    /// The text without secrets: for errors, receipts and warnings.
    pub fn mask(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.mask_bytes(text.as_bytes())).into_owned()
    }

    /// The bytes without secrets.
    pub fn mask_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.mask.hide(bytes, 0).into_owned()
    }

    /// A line that the client sent, without its CRLF.
    pub fn client(&mut self, line: &[u8]) {
        if self.logs.off() {
            return;
        }
        self.server_end();
        let line = self.mask.hide(line, 0);
        self.logs.say(Side::Client, &line);
    }

    /// A line of the client that ends in, or is, a secret: after `command` stand 32 asterisks.
    pub fn client_secret(&mut self, command: &str) {
        if self.logs.off() {
            return;
        }
        self.server_end();
        self.logs.say(Side::Client, format!("{command}{ASTERISKS}").as_bytes());
    }

    /// One line of a reply, without its line end. It is held until [`Transcript::server_end`], or until anything else
    /// is logged, so that a secret cut over two lines is found.
    pub fn server(&mut self, line: &[u8]) {
        if self.logs.off() {
            return;
        }
        self.held.push(line, self.logs.regular_on, self.logs.extended_on);
        let ready = self.held.overflow(&self.mask);
        self.logs.release(ready);
    }

    /// The reply is over.
    pub fn server_end(&mut self) {
        let ready = self.held.release(&self.mask);
        self.logs.release(ready);
    }

    /// An event.
    pub fn note(&mut self, note: Note) {
        if self.logs.off() {
            return;
        }
        self.server_end();
        let sentence = sentence::of(&note, self.language, &self.mask);
        self.logs.event(sentence);
    }

    /// Content of a mail as it goes over the wire, cut anywhere.
    pub fn content(&mut self, bytes: &[u8]) {
        self.server_end();
        self.content.push(bytes, &mut Masked { mask: &self.mask, logs: &mut self.logs });
    }

    /// The content is complete: the regular log says what it left out.
    pub fn content_end(&mut self, attachments: &[Omitted]) {
        self.content.end(&mut Masked { mask: &self.mask, logs: &mut self.logs });
        let content = core::mem::take(&mut self.content);
        if self.logs.regular_on {
            let omitted = Note::ContentOmitted { bytes: content.body, attachments: attachments.to_vec() };
            self.logs.regular.push(sentence::of(&omitted, self.language, &self.mask));
        }
    }

    /// The content ends before it is complete.
    pub fn content_abandoned(&mut self) {
        self.content.end(&mut Masked { mask: &self.mask, logs: &mut self.logs });
        self.content = Content::default();
    }

    /// The regular log's statements since last time.
    pub fn take_regular(&mut self) -> Vec<String> {
        core::mem::take(&mut self.logs.regular)
    }

    /// The extended log's statements since last time.
    pub fn take_extended(&mut self) -> Vec<String> {
        core::mem::take(&mut self.logs.extended)
    }
}

impl Logs {
    fn off(&self) -> bool {
        !self.regular_on && !self.extended_on
    }

    fn say(&mut self, side: Side, line: &[u8]) {
        if self.regular_on {
            self.regular.push(cut(side, line, 0));
        }
        if self.extended_on {
            self.extended.push(whole(side, line));
        }
    }

    fn release(&mut self, ready: Vec<Ready>) {
        for Ready { line, regular, extended } in ready {
            if regular {
                self.regular.push(cut(Side::Server, &line, 0));
            }
            if extended {
                self.extended.push(whole(Side::Server, &line));
            }
        }
    }

    fn event(&mut self, sentence: String) {
        if self.extended_on {
            self.extended.push(sentence.clone());
        }
        if self.regular_on {
            self.regular.push(sentence);
        }
    }
}

/// Takes lines of content, masks them, and puts them where they belong.
struct Masked<'a> {
    mask: &'a Mask,
    logs: &'a mut Logs,
}

impl Lines for Masked<'_> {
    fn header(&mut self, line: &[u8], more: u64) {
        if self.logs.regular_on {
            self.logs.regular.push(cut(Side::Client, &self.mask.hide(line, 0), more));
        }
    }

    fn line(&mut self, line: &[u8]) {
        if self.logs.extended_on {
            self.logs.extended.push(whole(Side::Client, &self.mask.hide(line, 0)));
        }
    }
}
