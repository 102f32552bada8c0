//! One server, one connection to it, and the conversation on that connection: the session driven over sockets.
//!
//! Everything here is generic over [`Network`] and [`Logs`], so the same code runs in the component, in tests with a
//! scripted network, and in a native program.

mod connect;
mod content;
mod many;
mod network;
mod receipt;

use std::rc::Rc;

pub use content::{Content, Draft, More, Pushed};
pub use network::{Attempt, ConnectError, Logs, Moment, Network, Socket, SocketError};
pub use receipt::{Failed, Receipt, TlsSummary};

use crate::Error;
use crate::error::{Delivery, Kind, Phase, Retry};
use crate::log::{Failure, Language, Note, Transcript};
use crate::message::Offer;
use crate::session::{Capabilities, Envelope, Outcome, Reply, Sent, Session, Settings, Shape, Task, Want};

/// How much is read from the network, and asked of a mail's content, at once.
const PIECE: usize = 64 * 1024;

/// Why a mail that its caller dropped was not completed.
const GIVEN_UP: &str = "the caller gave the message up";

/// A connection and what is being said on it.
struct Live<S> {
    socket: S,
    session: Session,
    /// Whether a task was finished on it before.
    used: bool,
}

/// A source of random bytes.
pub type Entropy = Box<dyn FnMut() -> [u8; 16]>;

/// One server and at most one connection to it.
pub struct Transporter<N: Network, L: Logs> {
    settings: Rc<Settings>,
    network: N,
    logs: L,
    transcript: Transcript,
    entropy: Entropy,
    live: Option<Live<N::Socket>>,
    /// What the log could not take.
    warnings: Vec<String>,
    /// Of these, what was said of a content before it went, and to which offer.
    early: Option<(Offer, Vec<String>)>,
    /// What the current or the last connection agreed on.
    tls: Option<TlsSummary>,
    /// Of mails that overlapped on a connection that is gone: their numbers and outcomes.
    outcomes: Vec<(usize, Outcome)>,
}

/// What a run of the session came to.
enum Run {
    /// The task is over.
    Over(Outcome),
    /// The caller has to push content.
    Hungry,
    /// The caller may begin another mail, or say that there is none.
    Another,
    /// The connection was dead before anything of the mail was said.
    Dead,
}

impl<N: Network, L: Logs> Transporter<N, L> {
    /// Opens no connection. `settings` were checked.
    pub fn new(settings: Settings, language: Language, network: N, logs: L, entropy: Entropy) -> Self {
        let mut transcript = Transcript::new(language);
        if let Some(credentials) = &settings.credentials {
            credentials.password.iter().chain(&credentials.token).for_each(|secret| transcript.learn(secret));
        }
        Transporter {
            settings: Rc::new(settings),
            network,
            logs,
            transcript,
            entropy,
            live: None,
            warnings: Vec::new(),
            early: None,
            tls: None,
            outcomes: Vec::new(),
        }
    }

    /// The network it was made with.
    pub fn network(&self) -> &N {
        &self.network
    }

    /// Its logs.
    pub fn logs(&self) -> &L {
        &self.logs
    }

    /// Random bytes of its source.
    pub fn entropy(&mut self) -> [u8; 16] {
        (self.entropy)()
    }

    /// Hands one mail over.
    pub fn send(&mut self, envelope: Envelope, content: &mut dyn Content) -> Result<Receipt, Failed> {
        self.begin(envelope)?;
        match self.go_on(content)? {
            Some(receipt) => Ok(receipt),
            None => Err(self.failed(internal("the mail's content stopped without an end"))),
        }
    }

    /// Starts a mail whose content is not all there yet; [`go_on`](Self::go_on) drives it.
    pub fn begin(&mut self, envelope: Envelope) -> Result<(), Failed> {
        self.warnings.clear();
        self.start(Task::Mail(envelope))
    }

    /// Drives the mail that was begun as far as its content goes: none means that more has to be pushed.
    pub fn go_on(&mut self, content: &mut dyn Content) -> Result<Option<Receipt>, Failed> {
        match self.run(content)? {
            None => Ok(None),
            Some(Outcome::Sent(sent)) => {
                // All of the content has been seen by now: what was said of its beginning is said again, of the whole.
                if let Some((offer, early)) = self.early.take() {
                    self.warnings.retain(|warning| !early.contains(warning));
                    self.warnings.extend(content.warnings(offer));
                }
                let receipt = self.receipt(sent);
                self.rest();
                Ok(Some(receipt))
            }
            Some(Outcome::Failed(error)) => Err(self.failed(error)),
            Some(_) => Err(self.failed(internal("the session answered another question"))),
        }
    }

    fn receipt(&mut self, sent: Sent) -> Receipt {
        let mut warnings = sent.warnings;
        warnings.append(&mut self.warnings);
        Receipt {
            reply: sent.reply,
            message_id: sent.message_id,
            bytes: sent.bytes,
            recipients: sent.recipients,
            tls: self.tls.clone(),
            warnings,
        }
    }

    /// Gives up the mail that was begun: the connection is cut, so that the server can't take it.
    pub fn abandon(&mut self) {
        self.listen();
        if let Some(live) = &mut self.live {
            live.session.give_up(GIVEN_UP, &mut self.transcript);
        }
        self.hang_up();
        self.commit();
    }

    /// Ends the mail that was begun, since there will be no more of its content: `reason`. The server does not get it.
    pub fn fail_content(&mut self, reason: &str) -> Failed {
        if let Some(live) = &mut self.live {
            live.session.content_failed(reason, &mut self.transcript);
        }
        match self.run(&mut Nothing) {
            Ok(Some(Outcome::Failed(error))) => self.failed(error),
            Ok(_) => self.failed(internal("the session completed a mail without its content")),
            Err(failed) => failed,
        }
    }

    /// Writes down that a mail came to nothing before it was begun; none: its caller gave it up.
    pub fn never_begun(&mut self, reason: Option<&str>) {
        self.listen();
        let reason = self.transcript.mask(reason.unwrap_or(GIVEN_UP));
        self.transcript.note(Note::ContentFailed { reason });
        let delivery = Delivery::NotAccepted;
        self.transcript.note(Note::Outcome { delivery, status: 0, accepted: 0, refused: 0 });
        self.flush();
    }

    /// Connects, authenticates, says NOOP.
    pub fn check(&mut self) -> Result<Reply, Failed> {
        self.warnings.clear();
        self.start(Task::Check)?;
        match self.run(&mut Nothing)? {
            Some(Outcome::Checked(reply)) => {
                self.commit();
                self.rest();
                Ok(reply)
            }
            Some(Outcome::Failed(error)) => Err(self.failed(error)),
            _ => Err(self.failed(internal("the session answered another question"))),
        }
    }

    /// Says QUIT and closes. Whatever goes wrong here changes nothing for anybody.
    pub fn close(&mut self) {
        if let Some(live) = &mut self.live {
            live.session.start(Task::Quit, live.socket.now().elapsed_ms);
            let _ = self.drive(&mut Nothing);
        }
        self.hang_up();
        self.commit();
    }

    /// Makes sure of a connection and gives it the task.
    fn start(&mut self, task: Task) -> Result<(), Failed> {
        self.listen();
        self.peek();
        if self.live.is_none() {
            self.connect(0)?;
        }
        if let Some(live) = &mut self.live {
            // The limit of a mail counts its connection's set-up too.
            let since = if live.used { live.socket.now().elapsed_ms } else { 0 };
            live.session.start(task, since);
        }
        Ok(())
    }

    /// Drives the task to its end, replacing a dead connection once.
    fn run(&mut self, content: &mut dyn Content) -> Result<Option<Outcome>, Failed> {
        match self.drive(content) {
            Run::Over(outcome) => Ok(Some(outcome)),
            Run::Hungry | Run::Another => Ok(None),
            Run::Dead => {
                self.replace()?;
                match self.drive(content) {
                    Run::Over(outcome) => Ok(Some(outcome)),
                    Run::Hungry | Run::Another => Ok(None),
                    Run::Dead => Err(self.failed(internal("a fresh connection called itself stale"))),
                }
            }
        }
    }

    /// Another connection in the place of a dead one, on which its task begins anew, with the time that it took already.
    fn replace(&mut self) -> Result<(), Error> {
        let undone = self.live.as_mut().and_then(|live| {
            let spent_ms = live.session.spent_ms(live.socket.now().elapsed_ms);
            Some((live.session.reclaim()?, spent_ms))
        });
        self.transcript.note(Note::Reconnecting);
        self.hang_up();
        self.connect(undone.as_ref().map_or(0, |(_, spent_ms)| *spent_ms))?;
        if let (Some(live), Some((task, spent_ms))) = (&mut self.live, undone) {
            live.session.start_again(task, spent_ms);
        }
        Ok(())
    }

    /// One step after the other until the task is over or needs the caller.
    ///
    /// Bytes go out before the log is worded: the server works on the mail meanwhile.
    fn drive(&mut self, content: &mut dyn Content) -> Run {
        let mut piece = Vec::new();
        self.listen();
        loop {
            let Some(live) = &mut self.live else { return Run::Over(Outcome::Failed(internal("no connection"))) };
            // Asked here for the limit, which depends on what is wanted; and again below for what to do.
            let waits = matches!(live.session.want(&mut self.transcript), Want::Write(_) | Want::Read | Want::StartTls);
            let patience = if waits { live.session.patience(live.socket.now().elapsed_ms).timeout_ms } else { 0 };
            match live.session.want(&mut self.transcript) {
                Want::Write(bytes) => {
                    match live.socket.write(bytes, patience) {
                        Ok(()) => live.session.wrote(),
                        Err(error) => connect::broke(&mut live.session, error, &mut self.transcript),
                    }
                    self.listen();
                }
                Want::Read => {
                    self.flush();
                    let Some(live) = &mut self.live else { continue };
                    match live.socket.read(PIECE as u32, patience) {
                        Ok(bytes) if bytes.is_empty() => live.session.closed(&mut self.transcript),
                        Ok(bytes) => live.session.received(&bytes, &mut self.transcript),
                        Err(error) => connect::broke(&mut live.session, error, &mut self.transcript),
                    }
                    self.listen();
                }
                Want::StartTls => {
                    self.flush();
                    let Some(live) = &mut self.live else { continue };
                    match live.socket.start_tls(patience) {
                        Ok(facts) => {
                            self.tls = Some(TlsSummary::from(&facts));
                            live.session.secured(facts, &mut self.transcript);
                        }
                        Err(error) => live.session.tls_failed(&connect::tls_failure(error), &mut self.transcript),
                    }
                }
                Want::Prepare(offer) => {
                    let offer = offered(offer, &self.settings);
                    let shape = content.prepare(offer, live.socket.now());
                    self.early = Some((offer, content.warnings(offer)));
                    self.warnings.extend(content.warnings(offer));
                    live.session.prepared(shape, &mut self.transcript);
                }
                Want::Content { at_most } => {
                    piece.clear();
                    match content.read(&mut piece, at_most.min(PIECE)) {
                        Ok(More::Later) => {
                            self.flush();
                            return Run::Hungry;
                        }
                        Ok(more) => live.session.take_content(&mut piece, more == More::End),
                        Err(reason) => live.session.content_failed(&reason, &mut self.transcript),
                    }
                }
                Want::Another => return Run::Another,
                Want::Idle => {
                    self.flush();
                    return self.over();
                }
                Want::Close => {
                    if self.live.as_ref().is_some_and(|live| live.session.is_replaceable()) {
                        return Run::Dead;
                    }
                    let run = self.over();
                    self.hang_up();
                    self.flush();
                    return run;
                }
            }
        }
    }

    /// Takes the outcome of the task.
    fn over(&mut self) -> Run {
        let Some(live) = &mut self.live else { return Run::Over(Outcome::Failed(internal("no connection"))) };
        live.used = true;
        self.outcomes.append(&mut live.session.outcomes());
        Run::Over(live.session.outcome().unwrap_or_else(|| Outcome::Failed(internal("the session has no outcome"))))
    }

    /// Looks whether an idle connection is still alive: a server that hung up meanwhile is noticed before anything is
    /// said to it.
    fn peek(&mut self) {
        let Some(live) = &mut self.live else { return };
        // All that is there goes to the log, in whatever pieces it came.
        let mut heard = Vec::new();
        let end = loop {
            match live.socket.read(PIECE as u32, 0) {
                Ok(bytes) if bytes.is_empty() => break Some(SocketError::Lost),
                Ok(bytes) => heard.extend(bytes),
                Err(SocketError::Failed(Failure::TimedOut(_))) => break None,
                Err(error) => break Some(error),
            }
            if heard.len() >= PIECE {
                break None;
            }
        };
        if !heard.is_empty() {
            live.session.received(&heard, &mut self.transcript);
        }
        if let Some(error) = end {
            connect::broke(&mut live.session, error, &mut self.transcript);
        }
        if live.session.is_live() {
            return;
        }
        self.transcript.note(Note::Reconnecting);
        self.hang_up();
    }

    /// After a task that went well: the connection stays, or is ended.
    fn rest(&mut self) {
        if !self.settings.keep_alive {
            self.close();
        }
    }

    fn hang_up(&mut self) {
        if self.live.take().is_some() {
            self.transcript.note(Note::Closed);
        }
    }

    /// Finishes an error: the log is on disk, its warnings are with it.
    fn failed(&mut self, mut error: Error) -> Failed {
        self.commit();
        let tls = self.tls.clone();
        if !self.settings.keep_alive {
            self.close();
        }
        error.message = self.transcript.mask(&error.message);
        error.warnings.append(&mut self.warnings);
        Failed { error, tls }
    }

    /// Asks which logs are on.
    fn listen(&mut self) {
        self.transcript.record(self.logs.regular_is_on(), self.logs.extended_is_on());
    }

    /// Hands the statements over. Those of the regular log may wait a moment before they are written.
    fn flush(&mut self) {
        let regular = self.transcript.take_regular();
        let extended = self.transcript.take_extended();
        let mut written = true;
        if !regular.is_empty() {
            written &= self.logs.append_regular(&regular);
        }
        if !extended.is_empty() {
            written &= self.logs.append_extended(&extended);
        }
        self.written(written);
    }

    /// The same, and nothing waits any more: what went wrong is on disk before anybody hears of it.
    fn commit(&mut self) {
        self.flush();
        if self.transcript.is_regular() {
            let written = self.logs.append_regular(&[]);
            self.written(written);
        }
    }

    /// Remembers that lines were lost.
    fn written(&mut self, written: bool) {
        const LOST: &str = "lines of the conversation log could not be written";
        if !written && !self.warnings.iter().any(|warning| warning == LOST) {
            self.warnings.push(LOST.to_owned());
        }
    }
}

impl<N: Network, L: Logs> Drop for Transporter<N, L> {
    fn drop(&mut self) {
        self.close();
    }
}

/// For tasks that have no content.
struct Nothing;

impl Content for Nothing {
    fn prepare(&mut self, _: Offer, _: Moment) -> Result<Shape, Error> {
        Err(internal("this task has no content"))
    }

    fn read(&mut self, _: &mut Vec<u8>, _: usize) -> Result<More, String> {
        Err("this task has no content".to_owned())
    }
}

fn internal(what: &str) -> Error {
    Error::new(Phase::Policy, Kind::Internal, Retry::Never, format!("a defect of the transporter: {what}"))
}

/// The extensions that decide how content is encoded, as far as the settings let them be used.
fn offered(capabilities: &Capabilities, settings: &Settings) -> Offer {
    Offer {
        eight_bit: capabilities.eight_bit,
        binary: capabilities.binarymime && capabilities.chunking && settings.chunking,
        utf8: capabilities.smtputf8,
    }
}
