//! Mails that overlap: the next one's commands leave in the same flight as the content of the last, so that a server
//! which is far away is waited for once for many mails. RFC 2920 and RFC 3030 allow it; some servers die of it, so the
//! caller asks for it.
//!
//! Replies come in the order of the commands, so they belong to the first mail that awaits one. A mail that has said
//! everything stands in line; the one that is speaking is the session's stage.

use std::collections::VecDeque;

use super::ending::Cause;
use super::outcome::{Outcome, Task};
use super::reply::Reply;
use super::table::{Move, Step};
use super::transaction::Transaction;
use super::verdict::{Verdict, result, tell_outcome};
use super::{Session, Stage, trouble};
use crate::error::{Delivery, Error};
use crate::log::Transcript;

/// So many mails may be without reply. Their replies fit into what the host reads while it writes.
const WINDOW: usize = 16;
/// What is in the wire is written before another mail is put there: memory is bounded, and the server gets to work.
const FULL: usize = 48 << 10;

/// The line of mails.
#[derive(Default)]
pub(super) struct Overlap {
    is_on: bool,
    /// The caller has no further mail.
    is_last: bool,
    /// Mails that have said everything, the first of them first.
    line: VecDeque<(usize, Box<Transaction>)>,
    /// The number of the mail that is speaking, until it has an outcome.
    speaking: Option<usize>,
    outcomes: Vec<(usize, Outcome)>,
}

impl Session {
    /// Lets mails overlap from the task on that was just started, which is the mail of this number.
    pub fn overlap(&mut self, number: usize) {
        self.overlap.is_on = true;
        self.overlap.is_last = false;
        self.overlap.speaking = Some(number);
    }

    /// Begins the mail that [`super::Want::Another`] asks for.
    pub fn start_behind(&mut self, number: usize, task: Task, now_ms: u64) {
        self.clock.go_on(now_ms);
        if let Stage::Mailing(transaction) = core::mem::replace(&mut self.stage, Stage::Ready)
            && let Some(speaking) = self.overlap.speaking.take()
        {
            self.overlap.line.push_back((speaking, transaction));
        }
        self.overlap.speaking = Some(number);
        self.task = Some(task);
    }

    /// There is no mail to be begun behind this one.
    pub fn none_behind(&mut self) {
        self.overlap.is_last = true;
    }

    /// What came of the mails by now: their numbers and outcomes.
    pub fn outcomes(&mut self) -> Vec<(usize, Outcome)> {
        core::mem::take(&mut self.overlap.outcomes)
    }

    /// Whether the next mail may be begun although this one has no answer.
    pub(super) fn may_begin_another(&self) -> bool {
        let overlap = &self.overlap;
        let is_said = match &self.stage {
            Stage::Mailing(transaction) => transaction.is_said() && transaction.plan.pipelined,
            Stage::Draining => true,
            _ => false,
        };
        // RFC 9422 section 4.1.
        let is_welcome = self.capabilities.limits.mail_max.is_none_or(|most| self.mails < most);
        overlap.is_on
            && !overlap.is_last
            && is_said
            && is_welcome
            && self.last_words.is_none()
            && overlap.line.len() + 1 < WINDOW
            && self.wire.len() < FULL
    }

    /// Whether a mail stands in line. What it leaves behind is not known yet, so RSET goes before the next: RFC 3030 section
    /// 4.2 wants it behind a refused chunk, and a MAIL of which no recipient was accepted is still open.
    pub(super) fn has_line(&self) -> bool {
        !self.overlap.line.is_empty()
    }

    /// The command of the first mail in line whose reply comes next.
    pub(super) fn awaited_in_line(&self) -> Option<Step> {
        self.overlap.line.front().and_then(|(_, transaction)| transaction.awaited())
    }

    /// A reply to the first mail in line.
    pub(super) fn reply_in_line(&mut self, step: Step, to: Move, reply: Reply, log: &mut Transcript) {
        let Some((_, transaction)) = self.overlap.line.front_mut() else { return };
        transaction.reply(step, to, reply, log);
        if transaction.awaited().is_some() {
            return;
        }
        if let Some((number, mut transaction)) = self.overlap.line.pop_front() {
            let outcome = conclude(&mut transaction, log);
            self.overlap.outcomes.push((number, outcome));
        }
        if self.overlap.line.is_empty() && matches!(self.stage, Stage::Draining) {
            self.end_of_line(log);
        }
    }

    /// The outcome of the task, or of the mail that was speaking. True where others stand in line: then the session is
    /// not done.
    pub(super) fn tell(&mut self, outcome: Outcome) -> bool {
        match self.overlap.speaking.take().filter(|_| self.overlap.is_on) {
            Some(number) => self.overlap.outcomes.push((number, outcome)),
            None => self.outcome = Some(outcome),
        }
        if self.has_line() {
            self.stage = Stage::Draining;
        }
        self.has_line()
    }

    /// The connection is gone: so are the mails in line.
    pub(super) fn break_line(&mut self, error: &Error, cause: Cause, log: &mut Transcript) {
        for (number, mut transaction) in core::mem::take(&mut self.overlap.line) {
            let mut error = error.clone();
            error.phase = transaction.awaited().map_or(error.phase, Step::phase);
            if cause != Cause::Dismissed && transaction.is_in_doubt(&self.wire) {
                error = trouble::in_doubt(error);
            }
            error.warnings.append(&mut transaction.plan.warnings);
            error.recipients = transaction.recipients();
            let status = error.reply.as_ref().map_or(0, |reply| reply.status);
            if transaction.is_begun {
                tell_outcome(error.delivery, if status >= 400 { status } else { 0 }, &error.recipients, log);
            }
            self.overlap.outcomes.push((number, Outcome::Failed(error)));
        }
    }
}

/// The outcome of a mail whose replies are all in, and its event.
pub(super) fn conclude(transaction: &mut Transaction, log: &mut Transcript) -> Outcome {
    // A content that failed has an outcome even where not a word was said of the mail: somebody meant to send it.
    let is_told = transaction.is_begun || matches!(transaction.verdict, Some(Verdict::ContentFailed(_)));
    let result = result(transaction);
    let (delivery, status, recipients) = match &result {
        Ok(sent) => (Delivery::Accepted, sent.reply.status, &sent.recipients),
        Err(error) => (error.delivery, error.reply.as_ref().map_or(0, |reply| reply.status), &error.recipients),
    };
    if is_told {
        tell_outcome(delivery, status, recipients, log);
    }
    result.map_or_else(Outcome::Failed, Outcome::Sent)
}
