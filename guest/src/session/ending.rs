//! How a task ends: done, refused, or with the connection gone.

use super::command::Command;
use super::outcome::{Outcome, Task};
use super::overlap::conclude;
use super::reader::{Fault, REPLY_LIMIT, RawReply, Reader};
use super::reply::Reply;
use super::table::Step;
use super::verdict::tell_outcome;
use super::{Session, Stage, advice, trouble};
use crate::error::{Error, Phase};
use crate::log::{Failure, Note, Transcript};

/// Why a connection is broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The server is gone.
    Lost,
    /// The server said 421: it has not taken what it had not answered for.
    Dismissed,
    /// Anything else.
    Trouble,
}

impl Session {
    /// The task is over and the connection is in order. The outcome stands from here on.
    pub(super) fn finish(&mut self, outcome: Outcome, log: &mut Transcript) {
        if !self.tell(outcome) {
            self.end_of_line(log);
        }
    }

    /// Nothing is awaited any more.
    pub(super) fn end_of_line(&mut self, log: &mut Transcript) {
        // RFC 9422 section 4.1: the server takes no more mails on this connection.
        let is_used_up = self.capabilities.limits.mail_max.is_some_and(|most| self.mails >= most);
        if !self.settings.keep_alive || is_used_up {
            self.quit(log);
        } else {
            self.stage = Stage::Ready;
        }
    }

    /// The connection could not be made ready; the server still listens.
    pub(super) fn fail(&mut self, error: Error, log: &mut Transcript) {
        self.task = None;
        self.tell(Outcome::Failed(error));
        self.quit(log);
    }

    pub(super) fn quit(&mut self, log: &mut Transcript) {
        self.wire.say(Command::Quit, log);
        self.stage = Stage::Leaving;
    }

    /// The connection is gone or to be given up at once.
    pub(super) fn break_off(&mut self, mut error: Error, cause: Cause, log: &mut Transcript) {
        let may_repeat = self.clock.is_unheard() && cause != Cause::Trouble && !self.has_line();
        self.break_line(&error, cause, log);
        let waiting = self.task.take();
        match core::mem::replace(&mut self.stage, Stage::Gone) {
            Stage::Ready if may_repeat => self.undone = waiting,
            Stage::Checking if may_repeat => self.undone = Some(Task::Check),
            Stage::Mailing(transaction) if may_repeat && transaction.can_be_repeated(&self.wire, cause) => {
                self.undone = Some(Task::Again(Box::new(transaction.into_unsent())));
            }
            Stage::Mailing(mut transaction) => {
                log.content_abandoned();
                if cause != Cause::Dismissed && transaction.is_in_doubt(&self.wire) {
                    error = trouble::in_doubt(error);
                }
                error.warnings.append(&mut transaction.plan.warnings);
                error.recipients = transaction.recipients();
                // A reply that was not understood refuses nothing.
                let status = error.reply.as_ref().map_or(0, |reply| reply.status);
                let status = if status >= 400 { status } else { 0 };
                if transaction.is_begun {
                    tell_outcome(error.delivery, status, &error.recipients, log);
                }
            }
            _ => {}
        }
        self.wire.clear();
        self.tell(Outcome::Failed(error));
    }

    /// All replies of a mail are in, or there is no way on.
    pub(super) fn mail_is_over(&mut self, log: &mut Transcript) {
        let Stage::Mailing(mut transaction) = core::mem::replace(&mut self.stage, Stage::Ready) else { return };
        self.needs_reset = transaction.leaves_a_mess();
        let is_stuck = transaction.awaited().is_some() || transaction.is_stuck() || self.last_words.is_some();
        if is_stuck {
            log.content_abandoned();
        }
        let outcome = conclude(&mut transaction, log);
        if is_stuck {
            self.wire.clear();
            self.tell(outcome);
            self.stage = Stage::Gone;
        } else {
            self.finish(outcome, log);
        }
    }

    /// 421.
    pub(super) fn closing(&mut self, step: Step, reply: Reply, log: &mut Transcript) {
        log.note(Note::ServiceClosing { during: step.phase() });
        self.break_off(advice::closing(step.phase(), reply), Cause::Dismissed, log);
    }

    /// A reply that can't follow that command.
    pub(super) fn confused(&mut self, step: Step, raw: &RawReply, reply: Reply, log: &mut Transcript) {
        let mut bytes = raw.status.to_string().into_bytes();
        bytes.push(b' ');
        bytes.extend(raw.lines.first().into_iter().flatten().take(120));
        log.note(Note::NotUnderstood { awaiting: step.phase(), bytes });
        self.break_off(trouble::not_understood(&self.settings, step.phase()).with_reply(reply), Cause::Trouble, log);
    }

    /// A reply to nothing that was said.
    pub(super) fn unasked(&mut self, raw: &RawReply, log: &mut Transcript) {
        // A mail's outcome stands with its last reply: what comes behind that, in the same read, changes nothing of it.
        if matches!(&self.stage, Stage::Mailing(transaction) if transaction.is_answered()) {
            self.mail_is_over(log);
            return self.reply(raw, 0, log);
        }
        let reply = Reply::new(raw, log);
        match (&mut self.stage, self.task.is_some()) {
            // In the middle of the content only a refusal makes sense; the rest of the mail would go for nothing.
            (Stage::Mailing(transaction), _) if raw.status >= 400 && raw.status != 421 && transaction.is_open() => {
                transaction.refuse(reply);
                self.mail_is_over(log);
            }
            // Between two tasks nobody asks why: the connection is not used again.
            (Stage::Ready, false) => self.stage = Stage::Gone,
            (_, _) if raw.status == 421 => {
                log.note(Note::ServiceClosing { during: self.phase() });
                self.break_off(advice::closing(self.phase(), reply), Cause::Dismissed, log);
            }
            _ => self.confused(self.awaited().unwrap_or(Step::Mail), raw, reply, log),
        }
    }

    /// What came is no reply.
    pub(super) fn fault(&mut self, fault: Fault, log: &mut Transcript) {
        let phase = self.phase();
        let error = match fault {
            Fault::Tls => {
                self.reader = Reader::default();
                log.note(Note::TlsOnPlainPort);
                trouble::tls_on_plain_port(&self.settings)
            }
            Fault::NotAReply(bytes) => {
                log.note(Note::NotUnderstood { awaiting: phase, bytes });
                trouble::not_understood(&self.settings, phase)
            }
            Fault::TooLong => {
                log.note(Note::ReplyTooLong { awaiting: phase, limit: REPLY_LIMIT as u64 });
                trouble::too_long(&self.settings, phase, REPLY_LIMIT)
            }
        };
        match self.stage {
            _ if self.is_idle() => self.stage = Stage::Gone,
            Stage::Leaving => self.stage = Stage::Gone,
            _ => self.break_off(error, Cause::Trouble, log),
        }
    }

    /// Whether the first bytes of a plain connection are a TLS alert or handshake. RFC 8446 section 5.1.
    pub(super) fn is_tls(&self, bytes: &[u8]) -> bool {
        let may_be = matches!(self.stage, Stage::Opening(Step::Greeting)) && self.tls.is_none();
        may_be && matches!(bytes, [0x15 | 0x16, 0x03, ..])
    }

    /// The server ended the connection.
    pub fn closed(&mut self, log: &mut Transcript) {
        self.lost(None, log);
    }

    /// The connection failed.
    pub fn failed(&mut self, failure: Failure, log: &mut Transcript) {
        self.lost(Some(failure), log);
    }

    fn lost(&mut self, failure: Option<Failure>, log: &mut Transcript) {
        let was_writing = self.wire.is_writing();
        match &self.stage {
            Stage::Gone => {}
            _ if self.is_idle() => self.stage = Stage::Gone,
            Stage::Leaving => self.stage = Stage::Gone,
            // Why a server cuts a mail off stands in what it said before.
            Stage::Mailing(_) if was_writing && self.last_words.is_none() => {
                self.last_words = Some(failure);
                return;
            }
            _ => {
                let failure = self.last_words.take().flatten().or(failure);
                self.reader.abandon(log);
                let phase = self.phase();
                log.note(Note::Lost { awaiting: phase, failure: failure.clone() });
                let mut error = trouble::lost(&self.settings, phase, failure.as_ref());
                error.message = log.mask(&error.message);
                self.break_off(error, Cause::Lost, log);
            }
        }
        self.reader.abandon(log);
    }

    /// The patience is over: so many milliseconds were waited.
    pub fn timed_out(&mut self, waited_ms: u32, log: &mut Transcript) {
        if self.last_words.is_some() {
            return self.lost(None, log);
        }
        if self.is_idle() || matches!(self.stage, Stage::Gone) {
            return;
        }
        self.reader.abandon(log);
        let phase = self.phase();
        let (limit_ms, name) = self.limit(waited_ms);
        log.note(Note::TimedOut { awaiting: phase, limit_ms });
        if matches!(self.stage, Stage::Leaving) {
            self.stage = Stage::Gone;
            return;
        }
        self.break_off(trouble::timed_out(&self.settings, phase, limit_ms, name), Cause::Trouble, log);
    }

    /// A task for a connection that has ended since the last one.
    pub(super) fn refuse_to_start(&mut self, task: Task) {
        self.outcome = Some(Outcome::Failed(trouble::lost(&self.settings, Phase::MailFrom, None)));
        self.undone = Some(task);
    }
}
