//! What the client says.

use super::command::Command;
use super::content::{Passing, Way};
use super::open::{Awaited, Open};
use crate::conversation::{Authentication, LineRef, MOST_RECIPIENTS, Phase, Recipient, Standing, StepKind, Trouble};
use crate::event::kept;

/// Bytes of a header field that are kept.
const LONGEST_FIELD: usize = 256;

/// What stands for a secret.
const MASK: &[u8] = b"********************************";

impl Open {
    pub fn client(&mut self, text: &[u8], missing: u64, at: LineRef, gap: u64) {
        self.answered = None;
        let command = Command::parse(text);
        if let Some(passing) = &mut self.passing {
            match (passing.way, command) {
                (Way::Chunks { .. }, Some(Command::Bdat { size, last })) => {
                    passing.chunk(size, last);
                    return self.say(Command::Bdat { size, last }, at);
                }
                (Way::Chunks { .. }, _) => {
                    let complete = passing.is_over();
                    self.leave_content(complete);
                }
                (Way::Lines, _) => self.leave_content(true),
            }
        }
        self.spend(self.awaited.front().map_or(Phase::Input, |awaited| awaited.phase), gap);
        if std::mem::take(&mut self.in_exchange) || text == MASK {
            self.since = at.stamp;
            self.step(StepKind::Client, Some(Phase::Auth), at);
            return self.await_reply(Awaited::reply(Phase::Auth));
        }
        match command {
            Some(command) => self.command(command, at),
            // The log begins in the middle of a mail.
            None if !self.is_understood => self.begins_in_content(text, missing, at),
            None => self.step(StepKind::Client, None, at),
        }
    }

    fn command(&mut self, command: Command<'_>, at: LineRef) {
        self.is_understood = true;
        match command {
            Command::Ehlo(name) => self.conversation.ehlo_name = Some(text_of(name)),
            Command::Helo(name) => {
                self.conversation.ehlo_name = Some(text_of(name));
                // A refused EHLO was no failure if HELO is good enough.
                self.forgive(|trouble| trouble.phase == Phase::Ehlo);
            }
            Command::Auth { mechanism } => {
                self.conversation.authentication = Authentication::Begun { mechanism: text_of(mechanism) };
            }
            Command::Mail { sender, size } => self.begin_mail(Some(text_of(sender)), size, at),
            Command::Rcpt { address } => return self.recipient(address, at),
            Command::Bdat { size, last } => {
                self.passing = Some(Passing::new(Way::Chunks { announced: size, last }));
            }
            Command::Starttls | Command::Noop | Command::Rset | Command::Data | Command::Dot | Command::Quit => {}
        }
        self.say(command, at);
    }

    /// The command waits for its reply from now on.
    fn say(&mut self, command: Command<'_>, at: LineRef) {
        let phase = command.phase();
        let decides = matches!(command, Command::Dot | Command::Bdat { last: true, .. });
        self.step(StepKind::Client, Some(phase), at);
        self.await_reply(Awaited { phase, recipient: None, decides, mail: None });
        self.since = at.stamp;
    }

    fn recipient(&mut self, address: &[u8], at: LineRef) {
        if !self.in_mail {
            self.begin_mail(None, None, at);
        }
        let address = text_of(address);
        self.heap += size_of::<Recipient>() + address.len();
        let Some(mail) = self.mail() else { return };
        mail.unanswered += 1;
        mail.last = at;
        let recipient = if mail.recipients.len() < MOST_RECIPIENTS {
            mail.recipients.push(Recipient { address, standing: Standing::Unanswered, reply: None });
            Ok(mail.recipients.len() - 1)
        } else {
            Err(address.into_boxed_str())
        };
        self.step(StepKind::Client, Some(Phase::RcptTo), at);
        self.await_reply(Awaited { phase: Phase::RcptTo, recipient: Some(recipient), decides: false, mail: None });
        self.since = at.stamp;
    }

    fn begins_in_content(&mut self, text: &[u8], missing: u64, at: LineRef) {
        if !self.in_mail {
            self.begin_mail(None, None, at);
        }
        let mut passing = Passing::new(Way::Lines);
        passing.count(text, missing, at);
        passing.in_header = false;
        // It is counted with the content.
        self.conversation.lines -= 1;
        self.passing = Some(passing);
    }

    /// A line of a mail's header: two of its fields are of use to find the mail again.
    pub fn header_line(&mut self, text: &[u8]) {
        let field = |name: &str| {
            let (start, value) = text.split_at_checked(name.len())?;
            start
                .eq_ignore_ascii_case(name.as_bytes())
                .then(|| text_of(value.get(..LONGEST_FIELD).unwrap_or(value).trim_ascii()))
        };
        let (subject, message_id) = match text.first() {
            Some(b'S' | b's') => (field("Subject:"), None),
            Some(b'M' | b'm') => (None, field("Message-ID:")),
            _ => return,
        };
        self.heap += subject.iter().chain(&message_id).map(String::len).sum::<usize>();
        if let Some(mail) = self.mail() {
            mail.subject = mail.subject.take().or(subject);
            mail.message_id = mail.message_id.take().or(message_id);
        }
    }
}

/// A text to keep.
pub(super) fn text_of(bytes: &[u8]) -> String {
    kept(&String::from_utf8_lossy(bytes))
}

/// Whether a trouble is about nothing but this phase.
pub(super) fn is_of(phase: Phase) -> impl Fn(&Trouble) -> bool {
    move |trouble| trouble.phase == phase
}
