//! A conversation that is not over yet.

use super::command::Command;
use super::content::Passing;
use crate::Stamp;
use crate::conversation::{
    Authentication, Beginning, Cause, Content, Conversation, Delivery, Ending, LONGEST_TEXT, LineRef, MOST_MAILS,
    MOST_STEPS, MOST_TROUBLES, Mail, Phase, Phases, Process, Reply, Step, StepKind, Tls, Trouble, Wait,
};
use crate::event::{Event, kept};
use crate::line::{Line, Statement};
use std::collections::VecDeque;

/// Commands that may wait for a reply; the client has at most 500 on their way.
const MOST_AWAITED: usize = 1024;
/// Waits that are kept.
const MOST_WAITS: usize = 5;

/// Whether a conversation goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Open,
    Over,
}

/// A reply that is waited for.
pub(super) struct Awaited {
    pub phase: Phase,
    /// The recipient: its place in the mail's list, or its name where the list is full.
    pub recipient: Option<Result<usize, Box<str>>>,
    /// The reply decides what becomes of the mail.
    pub decides: bool,
    /// The mail that was being said: others may follow before the reply is in.
    pub mail: Option<usize>,
}

impl Awaited {
    pub fn reply(phase: Phase) -> Awaited {
        Awaited { phase, recipient: None, decides: false, mail: None }
    }
}

/// The lines of a reply so far.
#[derive(Default)]
pub(super) struct Gathered {
    pub code: u16,
    pub text: String,
}

pub(super) struct Open {
    pub conversation: Conversation,
    pub awaited: VecDeque<Awaited>,
    pub passing: Option<Passing>,
    pub gathered: Gathered,
    /// The sentence of the event that is being read.
    pub sentence: String,
    /// The last reply, where it was 421.
    pub dismissal: Option<Reply>,
    /// Since when the next reply is waited for.
    pub since: Option<Stamp>,
    /// When the last line was written.
    pub previous: Option<Stamp>,
    /// The server asked for more of an authentication.
    pub in_exchange: bool,
    /// STARTTLS was granted, and the handshake is not over.
    pub in_handshake: bool,
    /// A connection came about.
    pub is_connected: bool,
    /// The client was heard to speak a command: what it says is understood.
    pub is_understood: bool,
    /// For each trouble, whether it still is one.
    pub stands: Vec<bool>,
    /// The mail that replies belong to, where one is on its way.
    pub in_mail: bool,
    /// The mail that the server's last line was about, where it is not decided yet. None while the client talks.
    pub answered: Option<usize>,
    pub keeps_steps: bool,
    /// The first line of this part has not come yet.
    pub is_fresh: bool,
    /// Bytes on the heap, in about.
    pub heap: usize,
}

impl Open {
    pub fn new(number: u64, process: Process, at: LineRef, keeps_steps: bool) -> Open {
        let conversation = Conversation {
            number,
            part: 1,
            process,
            lines: 0,
            first: at,
            last: at,
            beginning: Beginning::Whole,
            ending: Ending::LogEnds,
            server: None,
            greeting: None,
            ehlo_name: None,
            extensions: Vec::new(),
            tls: Tls::Unknown,
            authentication: Authentication::None,
            attempts: Vec::new(),
            mails: Vec::new(),
            troubles: Vec::new(),
            failures: Vec::new(),
            decisive: None,
            phases: Phases::default(),
            waits: Vec::new(),
            lines_lost: 0,
            damaged: false,
            steps: Vec::new(),
            steps_left_out: 0,
        };
        Open {
            conversation,
            awaited: VecDeque::new(),
            passing: None,
            gathered: Gathered::default(),
            sentence: String::new(),
            dismissal: None,
            since: None,
            previous: None,
            in_exchange: false,
            in_handshake: false,
            is_connected: false,
            is_understood: false,
            stands: Vec::new(),
            in_mail: false,
            answered: None,
            keeps_steps,
            is_fresh: true,
            heap: 0,
        }
    }

    /// Bytes that it takes, in about.
    pub fn weight(&self) -> usize {
        size_of::<Open>() + self.heap + self.gathered.text.capacity() + self.awaited.capacity() * size_of::<Awaited>()
    }

    /// Whether this event begins another conversation of the same process.
    pub fn is_overtaken_by(&self, event: &Event) -> bool {
        let begins = matches!(
            event,
            Event::Connected { .. }
                | Event::AttemptFailed { .. }
                | Event::NotResolved { .. }
                | Event::Denied { .. }
                | Event::ProxyFailed { .. }
                | Event::NotConnected { .. }
        );
        begins && self.is_connected
    }

    /// Whether this line is one too many for one telling.
    pub fn is_full_before(&self, line: &Line<'_>) -> bool {
        let Statement::Client(text) = line.statement else { return false };
        self.conversation.mails.len() >= MOST_MAILS
            && self.passing.is_none()
            && matches!(Command::parse(text), Some(Command::Mail { .. }))
    }

    /// The last line so far: that of its content counts.
    pub fn last(&self) -> LineRef {
        let of_content = self.passing.as_ref().and_then(|passing| passing.last);
        of_content
            .filter(|last| (last.file, last.number) > (self.conversation.last.file, self.conversation.last.number))
            .unwrap_or(self.conversation.last)
    }

    /// Takes any other line. `event` is what it says if it is one.
    pub fn line(&mut self, line: &Line<'_>, event: Option<Event>, missing: u64, at: LineRef) -> Fate {
        if std::mem::take(&mut self.is_fresh) {
            self.conversation.first = at;
            if self.conversation.part == 1 && !event.as_ref().is_some_and(begins) {
                self.conversation.beginning = Beginning::Middle;
                self.is_connected = true;
            }
        }
        self.conversation.lines += 1;
        self.conversation.last = at;
        if let Some(last) = self.passing.as_ref().and_then(|passing| passing.last) {
            self.previous = last.stamp.or(self.previous);
        }
        let gap = match (at.stamp, self.previous) {
            (Some(now), Some(before)) => now.since(before),
            _ => 0,
        };
        let fate = match line.statement {
            Statement::Client(text) => {
                self.client(text, missing, at, gap);
                Fate::Open
            }
            Statement::Server(text) => {
                self.server(text, at, gap);
                Fate::Open
            }
            Statement::Event(sentence) => {
                self.sentence.clear();
                self.sentence.push_str(&kept(&String::from_utf8_lossy(sentence)));
                event.map_or(Fate::Open, |event| self.event(event, at, gap))
            }
            Statement::Unknown(_) => {
                self.step(StepKind::Event, None, at);
                Fate::Open
            }
        };
        self.previous = at.stamp.or(self.previous);
        fate
    }

    /// What is told now, and what goes on.
    pub fn split(self) -> (Conversation, Open) {
        let told = &self.conversation;
        let mut rest = Open::new(told.number, told.process, told.last, self.keeps_steps);
        rest.conversation.part = told.part.saturating_add(1);
        rest.conversation.beginning = Beginning::Continued;
        rest.conversation.server = told.server.clone();
        rest.conversation.ehlo_name = told.ehlo_name.clone();
        rest.conversation.extensions = told.extensions.clone();
        rest.conversation.tls = told.tls.clone();
        rest.conversation.authentication = told.authentication.clone();
        rest.heap = 2 * LONGEST_TEXT;
        rest.since = self.since;
        rest.previous = self.previous;
        rest.is_connected = true;
        rest.is_understood = true;
        (self.finish(Ending::Continued), rest)
    }

    /// The mail that is on its way.
    pub fn mail(&mut self) -> Option<&mut Mail> {
        let place = self.mail_place()?;
        self.conversation.mails.get_mut(place)
    }

    /// Its place.
    pub fn mail_place(&self) -> Option<usize> {
        let last = || if self.in_mail { self.conversation.mails.len().checked_sub(1) } else { None };
        self.answered.or_else(last)
    }

    pub fn begin_mail(&mut self, sender: Option<String>, size: Option<u64>, at: LineRef) {
        self.heap += size_of::<Mail>() + sender.as_ref().map_or(0, String::len);
        self.conversation.mails.push(Mail {
            sender,
            recipients: Vec::new(),
            accepted: 0,
            refused: 0,
            unanswered: 0,
            subject: None,
            message_id: None,
            content: Content { size, ..Content::default() },
            reply: None,
            delivery: Delivery::Unfinished,
            decisive: None,
            first: at,
            last: at,
        });
        self.in_mail = true;
    }

    /// Records that something went wrong.
    pub fn trouble(&mut self, phase: Phase, cause: Cause, at: LineRef, recipient: Option<String>) {
        self.heap += size_of::<Trouble>()
            + match &cause {
                Cause::Reply(reply) => reply.text.len(),
                Cause::Event(event) => event.words().len(),
            };
        let text = match &cause {
            Cause::Reply(reply) => {
                format!("S < \"{} {}\"", reply.code, reply.text.rsplit('\n').next().unwrap_or_default())
            }
            // An attempt is told of later.
            Cause::Event(Event::AttemptFailed { .. }) => {
                self.conversation.attempts.last().map(|attempt| attempt.text.clone()).unwrap_or_default()
            }
            Cause::Event(_) => format!("### {}", self.sentence),
        };
        self.heap += text.len();
        let trouble = Trouble { phase, cause, at, text, mail: self.mail_place(), recipient };
        if self.conversation.troubles.len() == MOST_TROUBLES {
            // The last one is the likeliest to decide.
            self.conversation.troubles.pop();
            self.stands.pop();
        }
        self.conversation.troubles.push(trouble);
        self.stands.push(true);
    }

    /// Takes back troubles that came to nothing.
    pub fn forgive(&mut self, which: impl Fn(&Trouble) -> bool) {
        for (trouble, stands) in self.conversation.troubles.iter().zip(&mut self.stands) {
            if which(trouble) {
                *stands = false;
            }
        }
    }

    /// Adds to the time of a phase.
    pub fn spend(&mut self, phase: Phase, ms: u64) {
        *self.conversation.phases.of(phase).get_or_insert(0) += ms;
    }

    /// The wait for a reply is over.
    pub fn waited(&mut self, phase: Phase, at: LineRef) {
        if let (Some(now), Some(since)) = (at.stamp, self.since) {
            let wait = Wait { phase, ms: now.since(since), at };
            let waits = &mut self.conversation.waits;
            let place = waits.partition_point(|known| known.ms >= wait.ms);
            if place < MOST_WAITS && wait.ms > 0 {
                waits.truncate(MOST_WAITS - 1);
                waits.insert(place, wait);
            }
        }
        self.since = at.stamp;
    }

    pub fn await_reply(&mut self, mut awaited: Awaited) {
        awaited.mail = self.mail_place();
        if self.awaited.len() < MOST_AWAITED {
            if let Some(Err(name)) = &awaited.recipient {
                self.heap += name.len();
            }
            self.awaited.push_back(awaited);
        }
    }

    pub fn step(&mut self, kind: StepKind, phase: Option<Phase>, at: LineRef) {
        self.steps(Step { kind, phase, first: at, last: at });
    }

    pub fn steps(&mut self, step: Step) {
        if !self.keeps_steps {
            return;
        }
        if self.conversation.steps.len() < MOST_STEPS {
            self.conversation.steps.push(step);
            self.heap += size_of::<Step>();
        } else {
            self.conversation.steps_left_out += 1;
        }
    }
}

/// Whether a conversation can begin with this event.
fn begins(event: &Event) -> bool {
    !matches!(
        event,
        Event::Closed
            | Event::Reconnecting
            | Event::Outcome { .. }
            | Event::BodyOmitted { .. }
            | Event::BodyAbandoned { .. }
            | Event::RecipientRefused { .. }
            | Event::Other { .. }
            | Event::LinesLost { .. }
    )
}
