//! What happens becomes statements.

use std::borrow::Cow;

use super::backlog::{Backlog, Event};
use super::content::Content;
use super::held::Held;
use super::logs::Logs;
use super::mask::{ASTERISKS, Mask, hide};
use super::{Language, Note, Omitted, sentence, statement};
use crate::secret::Secret;

/// Turns what happens in one transporter into the statements of its two logs, masking secrets on the way.
///
/// What happens is kept as it came and worded when the statements are taken, so that whoever drives the session can do
/// that while the server is busy. While both logs are off nothing is kept and nothing is allocated. Memory is bounded:
/// of a reply or a line of content about 64 KiB are held, and whoever drives the session takes the statements after
/// every step.
pub struct Transcript {
    backlog: Backlog,
    writer: Writer,
}

/// Words what happens, at once.
struct Writer {
    language: Language,
    mask: Mask,
    held: Held,
    content: Content,
    logs: Logs,
}

impl Transcript {
    /// Both logs are off.
    pub fn new(language: Language) -> Transcript {
        Transcript {
            backlog: Backlog::default(),
            writer: Writer {
                language,
                mask: Mask::default(),
                held: Held::default(),
                content: Content::default(),
                logs: Logs::default(),
            },
        }
    }

    /// Which logs are on from now on; in the middle of a conversation, too.
    pub fn record(&mut self, regular: bool, extended: bool) {
        let logs = &self.writer.logs;
        if (regular, extended) != (logs.regular_on(), logs.extended_on()) {
            self.settle();
            self.writer.logs.turn(regular, extended);
        }
    }

    /// Whether the regular log is on.
    pub fn is_regular(&self) -> bool {
        self.writer.logs.regular_on()
    }

    /// Hides this password or token from now on, in every form that a server or an error text may give it.
    pub fn learn(&mut self, secret: &Secret) {
        self.settle();
        self.writer.mask.learn(secret);
    }

    /// Hides a SASL response, base64 as it was sent, and every piece of 12 characters or more of what follows its first
    /// `public` bytes (decoded), which tell nothing of the secret.
    pub fn learn_response(&mut self, encoded: &str, public: usize) {
        self.settle();
        self.writer.mask.learn_response(encoded, public);
    }

    /// The text without secrets: for errors, receipts and warnings.
    pub fn mask(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.mask_bytes(text.as_bytes())).into_owned()
    }

    /// The bytes without secrets. Of a reply use [`Transcript::mask_reply`].
    pub fn mask_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.writer.mask.hide_all(bytes).into_owned()
    }

    /// The lines of one reply (with their codes, without line ends) without secrets, also those cut over two lines.
    pub fn mask_reply<'a>(&self, lines: &'a [Vec<u8>]) -> Vec<Cow<'a, [u8]>> {
        if self.writer.mask.is_empty() {
            return lines.iter().map(|line| Cow::Borrowed(line.as_slice())).collect();
        }
        let borrowed: Vec<_> = lines.iter().map(Vec::as_slice).collect();
        let found = self.writer.mask.find_in_reply(&borrowed);
        borrowed.into_iter().zip(found).map(|(line, found)| hide(line, found)).collect()
    }

    /// A line that the client sent, without its CRLF.
    pub fn client(&mut self, line: &[u8]) {
        self.happen(Event::Client(line.len()), line);
    }

    /// A line of the client that ends in, or is, a secret: after `command` stand 32 asterisks.
    pub fn client_secret(&mut self, command: &str) {
        self.happen(Event::ClientSecret(command.len()), command.as_bytes());
    }

    /// One line of a reply, without its line end. It is held until [`Transcript::server_end`], or until anything else
    /// is logged, so that a secret cut over two lines is found.
    pub fn server(&mut self, line: &[u8]) {
        self.happen(Event::Server(line.len()), line);
    }

    /// The reply is over.
    pub fn server_end(&mut self) {
        self.happen(Event::ServerEnd, &[]);
    }

    /// An event.
    pub fn note(&mut self, note: Note) {
        if !self.writer.logs.off() {
            self.happen(Event::Note(Box::new(note)), &[]);
        }
    }

    /// Content of a mail as it goes over the wire, cut anywhere. Its header lines go to both logs, the empty line and
    /// the body to the extended log only. Lines over 64 KiB stand there in pieces, `…` where they were cut.
    pub fn content(&mut self, bytes: &[u8]) {
        self.happen(Event::Content(bytes.len()), bytes);
    }

    /// The content is complete: the regular log says what it left out.
    pub fn content_end(&mut self, attachments: &[Omitted]) {
        let attachments = if self.writer.logs.regular_on() { attachments.to_vec() } else { Vec::new() };
        self.happen(Event::ContentEnd(attachments), &[]);
    }

    /// The content ends before it is complete: the regular log says how much of the body went out.
    pub fn content_abandoned(&mut self) {
        self.happen(Event::ContentAbandoned, &[]);
    }

    /// The regular log's statements since last time.
    pub fn take_regular(&mut self) -> Vec<String> {
        self.settle();
        self.writer.logs.take_regular()
    }

    /// The extended log's statements since last time.
    pub fn take_extended(&mut self) -> Vec<String> {
        self.settle();
        self.writer.logs.take_extended()
    }

    /// Keeps it for later; what is too large to be kept is worded at once, as is all while nobody reads it.
    fn happen(&mut self, event: Event, bytes: &[u8]) {
        if self.writer.logs.off() {
            self.writer.word(event, bytes);
        } else if self.backlog.has_room(bytes.len()) {
            self.backlog.push(event, bytes);
        } else {
            self.settle();
            self.writer.word(event, bytes);
        }
    }

    /// Words what waits.
    fn settle(&mut self) {
        if !self.backlog.is_empty() {
            self.backlog.drain(|event, bytes| self.writer.word(event, bytes));
        }
    }
}

impl Writer {
    fn word(&mut self, event: Event, bytes: &[u8]) {
        match event {
            Event::Client(_) => self.client(bytes),
            Event::ClientSecret(_) => self.client_secret(bytes),
            Event::Server(_) => self.server(bytes),
            Event::ServerEnd => self.server_end(),
            Event::Note(note) => self.note(*note),
            Event::Content(_) => self.content(bytes),
            Event::ContentEnd(attachments) => self.content_end(attachments),
            Event::ContentAbandoned => self.content_abandoned(),
        }
    }

    fn client(&mut self, line: &[u8]) {
        if self.logs.off() {
            return;
        }
        self.server_end();
        self.logs.client(&self.mask.hide(line, statement::command(line)));
    }

    fn client_secret(&mut self, command: &[u8]) {
        if self.logs.off() {
            return;
        }
        self.server_end();
        self.logs.client(&[command, ASTERISKS.as_bytes()].concat());
    }

    fn server(&mut self, line: &[u8]) {
        if self.logs.off() {
            return;
        }
        self.held.push(line, self.logs.regular_on(), self.logs.extended_on());
        let logs = &mut self.logs;
        self.held.overflow(&self.mask, &mut |line, regular, extended| logs.server(line, regular, extended));
    }

    fn server_end(&mut self) {
        let logs = &mut self.logs;
        self.held.release(&self.mask, &mut |line, regular, extended| logs.server(line, regular, extended));
    }

    fn note(&mut self, note: Note) {
        if self.logs.off() {
            return;
        }
        self.server_end();
        let sentence = sentence::of(&note, self.language, &self.mask);
        match note {
            Note::ContentOmitted { .. } => self.logs.regular_event(sentence),
            _ => self.logs.event(sentence),
        }
    }

    fn content(&mut self, bytes: &[u8]) {
        self.server_end();
        self.content.push(bytes, &self.mask, &mut self.logs);
    }

    fn content_end(&mut self, attachments: Vec<Omitted>) {
        let bytes = self.end_content();
        if self.logs.regular_on() {
            self.note(Note::ContentOmitted { bytes, attachments });
        }
    }

    fn content_abandoned(&mut self) {
        let bytes = self.end_content();
        if self.logs.regular_on() && bytes > 0 {
            self.server_end();
            self.logs.regular_event(sentence::abandoned(bytes, self.language, &self.mask));
        }
    }

    fn end_content(&mut self) -> u64 {
        self.content.end(&self.mask, &mut self.logs);
        core::mem::take(&mut self.content).body()
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod tests;
