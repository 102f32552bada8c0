//! One mail: MAIL, RCPT, DATA or BDAT, and its content. A value of its own that knows what it has said and which
//! replies it awaits, so that a second one could stand behind it in line.

use std::collections::VecDeque;

use super::command::Command;
use super::ending::Cause;
use super::envelope::{Envelope, Shape};
use super::framer::Framer;
use super::outcome::Unsent;
use super::plan::Plan;
use super::reply::Reply;
use super::table::{Move, Standing, Step, Turn, after_envelope};
use super::verdict::Verdict;
use super::wire::Wire;
use crate::error::RecipientResult;
use crate::log::{Note, Transcript};

/// Content up to this goes with the envelope; larger content waits for the recipients' replies. Also a chunk of BDAT.
pub(super) const CHUNK: usize = 64 << 10;
/// From this on what is in the wire is written before more is put there.
const FULL: usize = 48 << 10;
/// So many chunks may be without reply: enough for a long way, and few to be refused in vain.
const WINDOW: usize = 16;
/// So many commands may be without reply: their replies fit into what the host reads while it writes.
const AHEAD: usize = 500;

/// A mail on its way.
pub(super) struct Transaction {
    pub envelope: Envelope,
    pub shape: Shape,
    pub plan: Plan,
    /// What became of the mail; the first word counts.
    pub verdict: Option<Verdict>,
    /// Bytes of content that went into the wire, before dot-stuffing.
    pub bytes: u64,
    /// MAIL was said.
    pub is_begun: bool,
    course: Course,
    awaited: VecDeque<Step>,
    /// Content that was read and is not framed yet.
    gathered: Vec<u8>,
    /// Nothing comes behind what is gathered.
    is_whole: bool,
    /// What is gathered stays although it went out: another connection may need it, until the first reply.
    is_spare: bool,
    /// The last byte of the content went into the wire.
    is_complete: bool,
    needs_reset_first: bool,
    /// By recipient; none where the reply is not in.
    results: Vec<Option<Reply>>,
    accepted: usize,
}

/// What is to be said next.
enum Course {
    /// A small content is read before anything is said, to go with the envelope.
    Gathering,
    /// What another mail left behind is cleared.
    Resetting,
    Sender,
    /// RCPT, from this recipient on.
    Recipients(usize),
    /// Everybody is named.
    Turning,
    /// DATA was said.
    Asked,
    /// Content by DATA.
    Lines(Framer),
    /// Content by BDAT.
    Chunks,
    /// The server awaits a content that it must not get, and an empty one is harmless.
    EmptyDot,
    /// The same where it is not: there is nothing right to say.
    Stuck,
    Over,
}

/// What a transaction needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// What is in the wire written, before anything else.
    Write,
    Reply,
    Content(usize),
    /// Nothing: it is over.
    Nothing,
    /// Nothing, and the connection can't be used any more.
    Break,
}

impl Transaction {
    /// `needs_reset_first`: an earlier mail was left half said. `is_spare`: the connection is an old one.
    pub fn new(unsent: Unsent, shape: Shape, plan: Plan, needs_reset_first: bool, is_spare: bool) -> Transaction {
        let Unsent { envelope, content, is_whole, .. } = unsent;
        // Reading ahead is for content that may go with the envelope.
        let is_large = shape.size.is_some_and(|size| size > CHUNK as u64);
        let may_go_along = plan.chunked && plan.pipelined && !is_large && !all_or_none(&envelope);
        Transaction {
            course: if may_go_along { Course::Gathering } else { Course::Resetting },
            results: plan.unasked.clone(),
            envelope,
            shape,
            plan,
            verdict: None,
            bytes: 0,
            is_begun: false,
            awaited: VecDeque::new(),
            gathered: content,
            is_whole,
            is_spare,
            is_complete: false,
            needs_reset_first,
            accepted: 0,
        }
    }

    /// The command whose reply comes next.
    pub fn awaited(&self) -> Option<Step> {
        self.awaited.front().copied()
    }

    /// Says whatever may be said now, and what it takes to go on.
    pub fn pump(&mut self, wire: &mut Wire, log: &mut Transcript) -> Need {
        loop {
            if wire.len() >= FULL {
                return Need::Write;
            }
            if let Some(need) = self.say(wire, log) {
                let can_wait = matches!(need, Need::Content(_));
                return if wire.is_empty() || can_wait { need } else { Need::Write };
            }
        }
    }

    /// One thing; none where there may be another.
    fn say(&mut self, wire: &mut Wire, log: &mut Transcript) -> Option<Need> {
        match self.course {
            Course::Gathering => {
                let room = CHUNK.saturating_sub(self.gathered.len());
                if !self.is_whole && room > 0 {
                    return Some(Need::Content(room));
                }
                self.course = Course::Resetting;
            }
            Course::Resetting | Course::Sender | Course::Recipients(_) | Course::Chunks if self.verdict.is_some() => {
                if matches!(self.course, Course::Chunks) {
                    log.content_abandoned();
                }
                self.course = Course::Over;
            }
            Course::Resetting => {
                if self.needs_reset_first {
                    wire.say(Command::Rset, log);
                    self.awaited.push_back(Step::Rset);
                }
                self.course = Course::Sender;
            }
            Course::Sender | Course::Recipients(_) if !self.may_go_ahead() => return Some(Need::Reply),
            Course::Sender => {
                wire.say(Command::Mail(&self.plan.mail(&self.envelope, &self.shape)), log);
                self.awaited.push_back(Step::Mail);
                self.is_begun = true;
                self.course = Course::Recipients(0);
            }
            Course::Recipients(next) => match self.envelope.recipients.get(next) {
                Some(recipient) => {
                    if self.plan.unasked[next].is_none() {
                        wire.say(Command::Rcpt(&self.plan.rcpt(&self.envelope, recipient)), log);
                        self.awaited.push_back(Step::Rcpt(next));
                    }
                    self.course = Course::Recipients(next + 1);
                }
                None => self.course = Course::Turning,
            },
            Course::Turning => match after_envelope(self.standing()) {
                Turn::Wait => return Some(Need::Reply),
                Turn::Stop => self.course = Course::Over,
                Turn::Go if self.plan.chunked => self.course = Course::Chunks,
                Turn::Go => {
                    wire.say(Command::Data, log);
                    self.awaited.push_back(Step::Data);
                    self.course = Course::Asked;
                }
            },
            Course::Asked => return Some(Need::Reply),
            Course::Lines(_) if self.is_whole || !self.gathered.is_empty() => self.line_up(wire, log),
            Course::Lines(_) => return Some(Need::Content(CHUNK)),
            Course::Chunks => return self.chunk(wire, log),
            Course::EmptyDot => {
                wire.say(Command::Dot, log);
                self.awaited.push_back(Step::EmptyDot);
                self.course = Course::Over;
            }
            Course::Stuck => return Some(Need::Break),
            Course::Over if self.awaited.is_empty() => return Some(Need::Nothing),
            Course::Over => return Some(Need::Reply),
        }
        None
    }

    fn may_go_ahead(&self) -> bool {
        self.awaited.is_empty() || self.plan.pipelined && self.awaited.len() < AHEAD
    }

    fn standing(&mut self) -> Standing {
        let answered = self.awaited.is_empty();
        if answered {
            self.judge();
        }
        Standing {
            pipelined: self.plan.pipelined,
            is_content: self.plan.chunked,
            is_small: self.is_whole,
            all_or_none: all_or_none(&self.envelope),
            answered,
            refused: self.verdict.is_some(),
        }
    }

    /// What the replies to RCPT come to, all of which are in.
    fn judge(&mut self) {
        let somebody_is_refused = self.results.iter().flatten().any(|reply| !reply.is_positive());
        if self.verdict.is_none() && (self.accepted == 0 || self.envelope.options.require_all && somebody_is_refused) {
            self.verdict = Some(Verdict::RecipientsRefused);
        }
    }

    /// Frames what is gathered as lines of DATA.
    fn line_up(&mut self, wire: &mut Wire, log: &mut Transcript) {
        let Course::Lines(framer) = &mut self.course else { return };
        let gathered = &mut self.gathered;
        self.bytes += gathered.len() as u64;
        wire.content(log, |out| framer.push(gathered, out));
        gathered.clear();
        if self.is_whole {
            let end = core::mem::replace(framer, Framer::new());
            wire.content(log, |out| end.finish(out));
            log.content_end(&self.shape.attachments);
            wire.say(Command::Dot, log);
            self.awaited.push_back(Step::Dot);
            self.is_complete = true;
            self.course = Course::Over;
        }
    }

    /// Sends what is gathered as a chunk, once there is enough of it and the server has answered for enough others.
    fn chunk(&mut self, wire: &mut Wire, log: &mut Transcript) -> Option<Need> {
        if !self.is_whole && self.gathered.len() < CHUNK {
            return Some(Need::Content(CHUNK - self.gathered.len()));
        }
        let may_go = self.awaited.is_empty() || self.plan.pipelined && (self.is_whole || self.awaited.len() < WINDOW);
        if !may_go {
            return Some(Need::Reply);
        }
        wire.say(Command::Bdat { size: self.gathered.len(), last: self.is_whole }, log);
        wire.content(log, |out| out.extend_from_slice(&self.gathered));
        self.bytes += self.gathered.len() as u64;
        if self.is_whole {
            log.content_end(&self.shape.attachments);
            self.awaited.push_back(Step::BdatLast);
            self.is_complete = true;
            self.course = Course::Over;
        } else {
            self.awaited.push_back(Step::Bdat);
        }
        if !self.is_spare {
            self.gathered.clear();
        }
        None
    }

    /// The reply to the command that was awaited.
    pub fn reply(&mut self, step: Step, to: Move, reply: Reply, log: &mut Transcript) {
        self.awaited.pop_front();
        if core::mem::take(&mut self.is_spare) && self.is_complete {
            self.gathered = Vec::new();
        }
        match (step, to) {
            (Step::Mail, Move::Refused) => self.verdict = Some(Verdict::SenderRefused(reply)),
            (Step::Rcpt(number), _) => {
                if to == Move::Next {
                    self.accepted += 1;
                } else if self.verdict.is_none() {
                    let email = self.envelope.recipients[number].address.as_str().to_owned();
                    log.note(Note::RecipientRefused { email, status: reply.status });
                }
                self.results[number] = Some(reply);
            }
            (Step::Data, Move::SendContent) => {
                self.judge();
                self.course = match (&self.verdict, self.accepted) {
                    (None, _) => Course::Lines(Framer::new()),
                    (Some(_), 0) => Course::EmptyDot,
                    (Some(_), _) => Course::Stuck,
                };
            }
            (Step::Data, Move::Refused) => {
                self.decide(Verdict::DataRefused(reply));
                self.course = Course::Over;
            }
            // Whatever was said before: with this the server has it, if it has somebody to give it to.
            (Step::Dot | Step::BdatLast, Move::Accepted) if self.accepted > 0 => {
                self.verdict = Some(Verdict::Accepted(reply));
            }
            (Step::Dot | Step::BdatLast, Move::Accepted) => self.judge(),
            (Step::Dot | Step::BdatLast | Step::Bdat, Move::Refused) => self.decide(Verdict::ContentRefused(reply)),
            _ => {}
        }
    }

    fn decide(&mut self, verdict: Verdict) {
        self.judge();
        self.verdict.get_or_insert(verdict);
    }

    /// The next bytes of the content.
    pub fn content(&mut self, bytes: &[u8], is_last: bool) {
        if !self.is_whole {
            self.gathered.extend_from_slice(bytes);
            self.is_whole = is_last;
        }
    }

    /// The same, and it may leave another buffer in the place of theirs: nothing is copied.
    pub fn take_content(&mut self, bytes: &mut Vec<u8>, is_last: bool) {
        if !self.is_whole && self.gathered.is_empty() {
            core::mem::swap(&mut self.gathered, bytes);
            bytes.clear();
        }
        self.content(bytes, is_last);
    }

    /// There will be no more content. `cut`: the connection is given up with it, without waiting for anything.
    pub fn content_failed(&mut self, reason: String, cut: bool, log: &mut Transcript) {
        log.content_abandoned();
        log.note(Note::ContentFailed { reason: reason.clone() });
        self.verdict = Some(Verdict::ContentFailed(reason));
        self.course = match self.course {
            // A lone dot would make half a mail a whole one.
            Course::Lines(_) => Course::Stuck,
            _ if cut => Course::Stuck,
            // RFC 3030 §2: without LAST there is no mail.
            _ => Course::Over,
        };
    }

    /// Whether the last byte of the content left, or may have, and no refusal is known: the server may have the mail.
    pub fn is_in_doubt(&self, wire: &Wire) -> bool {
        let somebody_may_get_it = self.accepted > 0 || self.awaited.iter().any(|step| matches!(step, Step::Rcpt(_)));
        self.is_complete && wire.is_out() && self.verdict.is_none() && somebody_may_get_it
    }

    /// Whether all of it went into the wire, and nothing but replies is awaited.
    pub fn is_said(&self) -> bool {
        self.is_complete && matches!(self.course, Course::Over) && !self.awaited.is_empty()
    }

    /// Whether the server holds a mail half said. RFC 3030 §4.2, RFC 5321 §4.1.1.5.
    pub fn leaves_a_mess(&self) -> bool {
        let is_clean = matches!(self.verdict, Some(Verdict::Accepted(_) | Verdict::SenderRefused(_)));
        (self.is_begun || self.needs_reset_first) && !is_clean
    }

    /// Whether the server awaits more of the content by DATA.
    pub fn is_open(&self) -> bool {
        matches!(self.course, Course::Lines(_))
    }

    /// The server will not hear the content to its end.
    pub fn refuse(&mut self, reply: Reply) {
        self.decide(Verdict::ContentRefused(reply));
        self.course = Course::Stuck;
    }

    /// Whether every reply that decides is in.
    pub fn is_answered(&self) -> bool {
        self.awaited.is_empty() && matches!(self.verdict, Some(Verdict::Accepted(_) | Verdict::ContentRefused(_)))
    }

    /// Whether there is nothing right to say any more.
    pub fn is_stuck(&self) -> bool {
        matches!(self.course, Course::Stuck)
    }

    /// Whether it could begin anew on another connection: nothing of its content is lost.
    pub fn can_be_repeated(&self, wire: &Wire, cause: Cause) -> bool {
        match cause {
            _ if !self.is_complete => true,
            Cause::Dismissed => self.is_spare,
            _ => !wire.is_out(),
        }
    }

    pub fn into_unsent(self) -> Unsent {
        Unsent { envelope: self.envelope, shape: Some(self.shape), content: self.gathered, is_whole: self.is_whole }
    }

    /// What was said of each recipient, as far as it was.
    pub fn recipients(&mut self) -> Vec<RecipientResult> {
        let results = core::mem::take(&mut self.results);
        let recipients = self.envelope.recipients.iter().zip(results);
        recipients
            .filter_map(|(recipient, reply)| {
                let reply = reply?;
                let email = recipient.address.as_str().to_owned();
                Some(RecipientResult { email, accepted: reply.is_positive(), reply })
            })
            .collect()
    }
}

/// Whether a refusal must be known before anything that can't be taken back is said.
fn all_or_none(envelope: &Envelope) -> bool {
    envelope.options.require_all && envelope.recipients.len() > 1
}
