//! The SMTP session of one connection: no socket, no clock, no randomness in it. RFC 5321.
//!
//! A driver starts a [`Task`], asks what the session [`Want`]s, brings that, and asks again, until the want is
//! [`Want::Idle`] or [`Want::Close`]; then [`Session::outcome`] says what came of it. An idle session takes the next
//! task on the same connection. What leads where is in `table.rs`.
//!
//! ```
//! use smtp_guest::log::{Language, Transcript};
//! use smtp_guest::session::{Host, Outcome, Session, Settings, Task, Want};
//!
//! let mut settings = Settings::new(Host::parse("mail.example")?);
//! settings.accept_unsecure = true;
//! let mut log = Transcript::new(Language::English);
//! let mut session = Session::new(settings.into(), [192, 0, 2, 1].into(), "a nonce".to_owned(), None);
//! session.start(Task::Check, 0);
//! for (server, client) in [
//!     ("220 mail.example\r\n", "EHLO [192.0.2.1]\r\n"),
//!     ("250 mail.example\r\n", "NOOP\r\n"),
//! ] {
//!     assert_eq!(session.want(&mut log), Want::Read);
//!     session.received(server.as_bytes(), &mut log);
//!     assert_eq!(session.want(&mut log), Want::Write(client.as_bytes()));
//!     session.wrote();
//! }
//! session.received(b"250 OK\r\n", &mut log);
//! assert_eq!(session.want(&mut log), Want::Idle);
//! assert!(matches!(session.outcome(), Some(Outcome::Checked(reply)) if reply.status == 250));
//! # Ok::<(), smtp_guest::Error>(())
//! ```
//!
//! # A kept connection that is dead
//! Before the next task on an idle connection the driver reads what is there, without waiting, and passes it on
//! ([`Session::received`], [`Session::closed`]); a connection that the server has ended is then no longer
//! [`Session::is_live`], and the task begins on a new one. Where it dies later, before the first reply of the task,
//! [`Session::reclaim`] gives the task back, to be started once more on a new connection. That is never done where the
//! last byte of the content was handed out, whatever the odds: then the delivery is unknown. The exception is a server
//! that says 421: it has told that it took nothing.

mod address;
mod advice;
mod auth;
mod capabilities;
mod command;
mod domain;
mod ending;
mod envelope;
mod framer;
mod input;
mod opening;
mod outcome;
mod overlap;
mod patience;
mod plan;
mod reader;
mod reply;
mod settings;
mod table;
mod transaction;
mod trouble;
mod verdict;
mod wire;

use core::net::IpAddr;
use std::rc::Rc;

pub use address::{Address, ReversePath};
pub use capabilities::{Capabilities, Limits};
pub use domain::{Domain, EhloName, Host};
pub use envelope::{
    Body, DeliverBy, Envelope, EnvelopeId, Notify, Options, Original, Priority, Recipient, ReturnContent, Shape,
};
pub use outcome::{Outcome, Patience, Sent, Task, Unsent, Want};
pub use reply::Reply;
pub use settings::Settings;
pub use trouble::{lost, tls_failed};

use crate::error::Error;
use crate::log::{Failure, TlsFacts, TlsFailure, Transcript};
use auth::Auth;
use command::Command;
use overlap::Overlap;
use patience::Clock;
use reader::{Fault, RawReply, Reader};
use table::{Move, Step};
use transaction::{Need, Transaction};
use wire::Wire;

/// One connection.
pub struct Session {
    settings: Rc<Settings>,
    name: EhloName,
    nonce: String,
    tls: Option<TlsFacts>,
    wire: Wire,
    reader: Reader,
    stage: Stage,
    capabilities: Capabilities,
    /// The task that the connection is being made ready for.
    task: Option<Task>,
    outcome: Option<Outcome>,
    overlap: Overlap,
    /// The task that a dead connection did not do.
    undone: Option<Task>,
    clock: Clock,
    /// Mails that were begun on this connection.
    mails: u32,
    /// A mail was left half said: RSET goes before the next one.
    needs_reset: bool,
    /// Writing failed; what the server said before that is read, then the connection is lost: why.
    last_words: Option<Option<Failure>>,
}

/// How far the connection is. What is of use in one stage only lives in it.
enum Stage {
    /// A command of the opening awaits its reply.
    Opening(Step),
    /// STARTTLS was agreed on.
    Encrypting,
    Authenticating(Auth),
    /// Greeted and let in; between two tasks, or before one begins.
    Ready,
    /// NOOP was said.
    Checking,
    Preparing(Unsent),
    Mailing(Box<Transaction>),
    /// No mail is speaking; others await their replies.
    Draining,
    /// QUIT was said.
    Leaving,
    Gone,
}

impl Session {
    /// A connection that is up. `tls`: what was agreed on where TLS started at once. `nonce`: random, printable, no
    /// comma; for SCRAM.
    pub fn new(settings: Rc<Settings>, local_ip: IpAddr, nonce: String, tls: Option<TlsFacts>) -> Session {
        Session {
            name: settings.ehlo_name.clone().unwrap_or_else(|| local_ip.into()),
            settings,
            nonce,
            tls,
            wire: Wire::default(),
            reader: Reader::default(),
            stage: Stage::Opening(Step::Greeting),
            capabilities: Capabilities::default(),
            task: None,
            outcome: None,
            overlap: Overlap::default(),
            undone: None,
            clock: Clock::default(),
            mails: 0,
            needs_reset: false,
            last_words: None,
        }
    }

    /// Begins a task, on a connection that is new or idle. `now_ms`: since the connection was begun.
    pub fn start(&mut self, task: Task, now_ms: u64) {
        self.clock.start(now_ms, 0);
        self.begin(task);
    }

    /// Begins, on a new connection, a task that took `spent_ms` on one that died of it: its limit is one and the same.
    pub fn start_again(&mut self, task: Task, spent_ms: u64) {
        self.clock.start(0, spent_ms);
        self.begin(task);
    }

    fn begin(&mut self, task: Task) {
        self.outcome = None;
        self.overlap = Overlap::default();
        self.undone = None;
        match (&self.stage, &task) {
            (Stage::Gone, Task::Quit) => self.outcome = Some(Outcome::Quit),
            // Nothing was said yet, so there is nothing to take leave of.
            (Stage::Opening(Step::Greeting), Task::Quit) => {
                self.outcome = Some(Outcome::Quit);
                self.stage = Stage::Gone;
            }
            (Stage::Gone, _) => self.refuse_to_start(task),
            _ => self.task = Some(task),
        }
    }

    /// What the session needs now.
    pub fn want(&mut self, log: &mut Transcript) -> Want<'_> {
        // Before anything else: what could not be written is not written any more.
        if matches!(self.stage, Stage::Gone) {
            return Want::Close;
        }
        if self.last_words.is_some() && self.is_live() {
            return Want::Read;
        }
        if self.wire.is_writing() {
            return Want::Write(self.wire.hand_out());
        }
        let need = self.go_on(log);
        match (&self.stage, need) {
            (Stage::Gone, _) => Want::Close,
            (_, Need::Content(at_most)) => Want::Content { at_most },
            _ if self.may_begin_another() => Want::Another,
            // Before what mails that it overlaps with left in the wire is written: many small mails are one write.
            (Stage::Preparing(_), _) => Want::Prepare(&self.capabilities),
            _ if !self.wire.is_empty() => Want::Write(self.wire.hand_out()),
            (Stage::Encrypting, _) => Want::StartTls,
            _ if !self.clock.is_running() || matches!(self.stage, Stage::Ready) => Want::Idle,
            _ => Want::Read,
        }
    }

    /// Does what needs no reply.
    fn go_on(&mut self, log: &mut Transcript) -> Need {
        loop {
            match &mut self.stage {
                Stage::Ready => match self.task.take() {
                    None => return Need::Nothing,
                    Some(Task::Check) => {
                        self.wire.say(Command::Noop, log);
                        self.stage = Stage::Checking;
                    }
                    Some(Task::Quit) => {
                        self.outcome = Some(Outcome::Quit);
                        self.quit(log);
                    }
                    Some(Task::Mail(envelope)) => {
                        let unsent = Unsent { envelope, shape: None, content: Vec::new(), is_whole: false };
                        self.stage = Stage::Preparing(unsent);
                    }
                    Some(Task::Again(unsent)) => match &unsent.shape {
                        Some(shape) => {
                            let shape = shape.clone();
                            self.mail(*unsent, shape, log);
                        }
                        None => self.stage = Stage::Preparing(*unsent),
                    },
                },
                Stage::Mailing(transaction) => match transaction.pump(&mut self.wire, log) {
                    Need::Nothing | Need::Break => self.mail_is_over(log),
                    need => return need,
                },
                _ => return Need::Reply,
            }
        }
    }

    /// The bytes of [`Want::Write`] are written.
    pub fn wrote(&mut self) {
        self.wire.clear();
    }

    /// Bytes came from the server; none are the end of the connection.
    pub fn received(&mut self, bytes: &[u8], log: &mut Transcript) {
        if bytes.is_empty() {
            return self.closed(log);
        }
        if matches!(self.stage, Stage::Encrypting) {
            return self.injected(bytes.len(), log);
        }
        if self.reader.begun().is_empty() && self.is_tls(bytes) {
            return self.fault(Fault::Tls, log);
        }
        let mut rest = bytes;
        while !rest.is_empty() && !matches!(self.stage, Stage::Gone) {
            let (taken, reply) = self.reader.take(rest, log);
            rest = &rest[taken..];
            match reply {
                Some(Ok(reply)) => {
                    self.reply(&reply, rest.len(), log);
                    self.reader.recycle(reply);
                }
                Some(Err(fault)) => self.fault(fault, log),
                None if self.is_tls(self.reader.begun()) => self.fault(Fault::Tls, log),
                // Half a line that nobody asked for would be taken for the reply to the next command.
                None if self.is_idle() => {
                    self.reader.abandon(log);
                    self.stage = Stage::Gone;
                }
                None => {}
            }
        }
    }

    /// One whole reply; so many bytes came behind it at once.
    fn reply(&mut self, raw: &RawReply, behind: usize, log: &mut Transcript) {
        let awaited = self.awaited();
        let step = match awaited {
            // What comes before QUIT was even written is not the reply to it.
            Some(Step::Quit) if !self.wire.is_out() => return,
            Some(step) if self.wire.is_out() => step,
            _ => return self.unasked(raw, log),
        };
        let to = table::after(step, raw.status);
        if to != Move::Closing {
            self.clock.heard();
        }
        let reply = match (step, to) {
            // Nobody asks what it said, and there is one for every mail.
            (Step::Rset | Step::Mail, Move::Next) => Reply::default(),
            _ => Reply::new(raw, log),
        };
        let is_in_line = self.has_line();
        match (to, &mut self.stage) {
            (Move::Left, _) => self.stage = Stage::Gone,
            (Move::Closing, _) => self.closing(step, reply, log),
            (Move::Confused, _) => self.confused(step, raw, reply, log),
            (Move::Checked, _) => {
                self.stage = Stage::Ready;
                self.finish(Outcome::Checked(reply), log);
            }
            _ if is_in_line => self.reply_in_line(step, to, reply, log),
            (_, Stage::Mailing(transaction)) => {
                transaction.reply(step, to, reply, log);
                if self.last_words.is_some() && transaction.verdict.is_some() {
                    self.mail_is_over(log);
                }
            }
            (Move::Refused, Stage::Checking) => self.fail(advice::check_refused(reply), log),
            (Move::Refused, _) => self.fail(advice::refused(step.phase(), reply), log),
            _ => self.open(to, raw, reply, behind, log),
        }
    }

    /// Between two tasks.
    fn is_idle(&self) -> bool {
        matches!(self.stage, Stage::Ready) && self.task.is_none()
    }

    /// The command whose reply comes next.
    fn awaited(&self) -> Option<Step> {
        if self.has_line() {
            return self.awaited_in_line();
        }
        match &self.stage {
            Stage::Opening(step) => Some(*step),
            Stage::Authenticating(auth) => Some(auth.awaited()),
            Stage::Checking => Some(Step::Noop),
            Stage::Mailing(transaction) => transaction.awaited(),
            Stage::Leaving => Some(Step::Quit),
            Stage::Encrypting | Stage::Ready | Stage::Preparing(_) | Stage::Draining | Stage::Gone => None,
        }
    }

    /// The content has chosen its encodings, or can't be sent to this server.
    pub fn prepared(&mut self, shape: Result<Shape, Error>, log: &mut Transcript) {
        match core::mem::replace(&mut self.stage, Stage::Ready) {
            Stage::Preparing(unsent) => match shape {
                Ok(shape) => self.mail(unsent, shape, log),
                Err(error) => self.finish(Outcome::Failed(error), log),
            },
            other => self.stage = other,
        }
    }

    fn mail(&mut self, unsent: Unsent, shape: Shape, log: &mut Transcript) {
        self.stage = Stage::Ready;
        let secured = self.tls.is_some();
        match plan::plan(&unsent.envelope, &shape, &self.capabilities, &self.settings, secured, log) {
            Ok(plan) => {
                self.mails = self.mails.saturating_add(1);
                let needs_reset = core::mem::take(&mut self.needs_reset) || self.has_line();
                let is_spare = self.clock.is_old() && !self.has_line();
                let transaction = Transaction::new(unsent, shape, plan, needs_reset, is_spare);
                self.stage = Stage::Mailing(Box::new(transaction));
            }
            Err(error) => self.finish(Outcome::Failed(error), log),
        }
    }

    /// The next bytes of the content; `is_last` with the last of them, which may be none.
    pub fn content(&mut self, bytes: &[u8], is_last: bool) {
        if let Stage::Mailing(transaction) = &mut self.stage {
            transaction.content(bytes, is_last);
        }
    }

    /// The same, taken from a buffer which afterwards holds anything.
    pub fn take_content(&mut self, bytes: &mut Vec<u8>, is_last: bool) {
        if let Stage::Mailing(transaction) = &mut self.stage {
            transaction.take_content(bytes, is_last);
        }
    }

    /// The content can't be read to its end: the mail is not delivered.
    pub fn content_failed(&mut self, reason: &str, log: &mut Transcript) {
        if let Stage::Mailing(transaction) = &mut self.stage {
            transaction.content_failed(log.mask(reason), false, log);
        }
    }

    /// The caller gives the mail up before its content is complete: the connection is to be closed at once.
    pub fn give_up(&mut self, reason: &str, log: &mut Transcript) {
        if let Stage::Mailing(transaction) = &mut self.stage {
            transaction.content_failed(log.mask(reason), true, log);
            self.mail_is_over(log);
        }
    }

    /// TLS is up after [`Want::StartTls`].
    pub fn secured(&mut self, facts: TlsFacts, log: &mut Transcript) {
        self.encrypted(facts, log);
    }

    /// TLS did not come about after [`Want::StartTls`].
    pub fn tls_failed(&mut self, failure: &TlsFailure, log: &mut Transcript) {
        self.not_encrypted(failure, log);
    }

    /// What came of the task, once.
    pub fn outcome(&mut self) -> Option<Outcome> {
        self.outcome.take()
    }

    /// Whether the connection can take another task.
    pub fn is_live(&self) -> bool {
        !matches!(self.stage, Stage::Gone | Stage::Leaving)
    }

    /// What TLS agreed on; none in the clear.
    pub fn tls(&self) -> Option<&TlsFacts> {
        self.tls.as_ref()
    }

    /// What the server offers, as far as it said.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Whether a kept connection turned out dead before the first reply of the task, so that the task may be done on
    /// a new one.
    pub fn is_replaceable(&self) -> bool {
        self.undone.is_some()
    }

    /// The task that is to be started once more on a new connection, where [`Session::is_replaceable`]; its outcome
    /// here is of no account then. What of the content was read comes along.
    pub fn reclaim(&mut self) -> Option<Task> {
        let task = self.undone.take()?;
        self.outcome = None;
        Some(task)
    }
}

#[cfg(test)]
mod tests;
