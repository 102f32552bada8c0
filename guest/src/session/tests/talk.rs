//! Conversations as a person writes them down, replayed whole, by line and by byte.
//!
//! `S:` is a line of the server, `C:` one of the client; `C:` lines without anything between them are one write, and
//! `--` stands between two writes. `!tls` wants TLS and gets it, `!tls-refused` does not; `!close`, `!reset` and
//! `!silence` happen to a read, `!write-fails` to a write; `S.` and `C.` are without CRLF behind them, and `␊` in `S.`
//! is a LF.

use std::rc::Rc;

use crate::log::{Certificate, Check, Failure, Language, TlsFacts, TlsFailure, Transcript};
use crate::session::{
    Address, Envelope, Host, Options, Outcome, Patience, ReversePath, Session, Settings, Shape, Task, Want,
};

/// What a conversation is held with.
#[derive(Clone)]
pub struct Setup {
    pub settings: Settings,
    pub tls: Option<TlsFacts>,
    pub tasks: Vec<What>,
    pub content: Vec<u8>,
    pub shape: Shape,
    /// The content comes in pieces of this size.
    pub piece: usize,
    /// The content fails after so many bytes.
    pub fails_after: Option<usize>,
}

#[derive(Clone)]
pub enum What {
    Check,
    Mail(Envelope),
    Quit,
}

/// What came of it.
#[derive(Debug, PartialEq)]
pub struct Heard {
    /// One for each task that began.
    pub outcomes: Vec<Outcome>,
    pub log: Vec<String>,
    pub is_live: bool,
    pub is_replaceable: bool,
}

impl Heard {
    pub fn last(&self) -> &Outcome {
        self.outcomes.last().expect("an outcome")
    }

    pub fn error(&self) -> &crate::Error {
        match self.last() {
            Outcome::Failed(error) => error,
            other => panic!("no failure: {other:?}"),
        }
    }

    pub fn sent(&self) -> &crate::session::Sent {
        match self.last() {
            Outcome::Sent(sent) => sent,
            other => panic!("not sent: {other:?}"),
        }
    }

    /// The events of the log.
    pub fn events(&self) -> Vec<&str> {
        self.log.iter().filter_map(|line| line.strip_prefix("### ")).collect()
    }
}

pub const SMALL: &[u8] = b"Subject: hi\r\n\r\n.dot\r\n";

pub fn facts() -> TlsFacts {
    TlsFacts { version: "TLSv1.3".to_owned(), cipher: "TLS13_AES_256_GCM_SHA384".to_owned(), ..TlsFacts::default() }
}

pub fn envelope(to: &[&str]) -> Envelope {
    let recipients = to.iter().map(|to| Address::parse(to).unwrap().into()).collect();
    Envelope::new(ReversePath::parse("a@x.example").unwrap(), recipients, Options::default()).unwrap()
}

impl Setup {
    /// In the clear, without authentication: nothing in it but the tasks.
    pub fn plain(tasks: Vec<What>) -> Setup {
        let mut settings = Settings::new(Host::parse("mx.example").unwrap());
        settings.accept_unsecure = true;
        let content = SMALL.to_vec();
        Setup { settings, tls: None, tasks, content, shape: Shape::default(), piece: usize::MAX, fails_after: None }
    }

    pub fn mail(to: &[&str]) -> Setup {
        Setup::plain(vec![What::Mail(envelope(to))])
    }

    pub fn check() -> Setup {
        Setup::plain(vec![What::Check])
    }

    pub fn with(mut self, change: impl FnOnce(&mut Setup)) -> Setup {
        change(&mut self);
        self
    }

    /// Replays in every split; all of them must come to the same.
    pub fn hold(self, script: &str) -> Heard {
        let whole = Talk::new(self.clone(), script).run(Split::Whole);
        for split in [Split::Lines, Split::Bytes] {
            assert_eq!(Talk::new(self.clone(), script).run(split), whole, "{split:?}");
        }
        whole
    }
}

/// Replays whole alone: where it matters what comes in one read.
pub fn whole(setup: Setup, script: &str) -> Heard {
    Talk::new(setup, script).run(Split::Whole)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Split {
    Whole,
    Lines,
    Bytes,
}

enum Event {
    Server(Vec<Vec<u8>>),
    Client(Vec<u8>),
    Special(String),
}

struct Talk {
    setup: Setup,
    session: Session,
    log: Transcript,
    lines: Vec<String>,
    events: std::collections::VecDeque<Event>,
    sent: usize,
}

impl Talk {
    fn new(setup: Setup, script: &str) -> Talk {
        setup.settings.check().expect("good settings");
        let session =
            Session::new(Rc::new(setup.settings.clone()), [192, 0, 2, 1].into(), "n0nce".to_owned(), setup.tls.clone());
        let mut log = Transcript::new(Language::English);
        log.record(true, false);
        Talk { setup, session, log, lines: Vec::new(), events: events(script), sent: 0 }
    }

    fn run(mut self, split: Split) -> Heard {
        let tasks = core::mem::take(&mut self.setup.tasks);
        let mut outcomes = Vec::new();
        for task in tasks {
            self.sent = 0;
            let task = match task {
                What::Check => Task::Check,
                What::Mail(envelope) => Task::Mail(envelope),
                What::Quit => Task::Quit,
            };
            self.session.start(task, 0);
            self.drive(split);
            self.lines.extend(self.log.take_regular());
            let is_replaceable = self.session.is_replaceable();
            outcomes.extend(self.session.outcome());
            if is_replaceable {
                break;
            }
            // What the driver does before the next task: it looks what there is.
            self.skip();
            while let Some(Event::Server(lines)) = self.events.front() {
                if !self.session.is_live() {
                    break;
                }
                let bytes = lines.concat();
                self.events.pop_front();
                self.session.received(&bytes, &mut self.log);
            }
        }
        let left = self.events.len();
        assert_eq!(left, 0, "the script goes on; so far: {:#?}\n{outcomes:#?}", self.lines);
        let is_replaceable = self.session.is_replaceable();
        Heard { outcomes, log: self.lines, is_live: self.session.is_live(), is_replaceable }
    }

    fn drive(&mut self, split: Split) {
        for _ in 0..1_000_000 {
            let patience = self.session.patience(0);
            assert!(patience.timeout_ms > 0);
            self.lines.extend(self.log.take_regular());
            if !matches!(self.session.want(&mut self.log), Want::Idle | Want::Close) {
                self.skip();
            }
            match self.session.want(&mut self.log) {
                Want::Idle | Want::Close => return,
                Want::Another => unreachable!("nothing overlaps here"),
                Want::Write(bytes) => {
                    let bytes = bytes.to_vec();
                    self.written(&bytes);
                }
                Want::Read => self.read(split, patience),
                Want::StartTls => match self.special().as_str() {
                    "!tls" => self.session.secured(facts(), &mut self.log),
                    "!tls-refused" => {
                        let (check, detail) = (Check::Expired, "expired".to_owned());
                        let certificate = Some(Certificate::default());
                        let failure = TlsFailure::Certificate { check, detail, certificate };
                        self.session.tls_failed(&failure, &mut self.log);
                    }
                    other => panic!("TLS is wanted, not {other}"),
                },
                Want::Prepare(_) => {
                    let mut shape = self.setup.shape.clone();
                    shape.size = shape.size.or(Some(self.setup.content.len() as u64));
                    self.session.prepared(Ok(shape), &mut self.log);
                }
                Want::Content { at_most } => {
                    let rest = &self.setup.content[self.sent..];
                    if self.setup.fails_after.is_some_and(|most| self.sent >= most) {
                        self.session.content_failed("the disk is gone", &mut self.log);
                        continue;
                    }
                    let size = at_most.min(self.setup.piece).min(rest.len());
                    self.sent += size;
                    self.session.content(&rest[..size], size == rest.len());
                }
            }
        }
        panic!("no end");
    }

    /// `--` did its work when the script was read.
    fn skip(&mut self) {
        if matches!(self.events.front(), Some(Event::Special(what)) if what == "--") {
            self.events.pop_front();
        }
    }

    fn special(&mut self) -> String {
        match self.events.pop_front() {
            Some(Event::Special(what)) => what,
            Some(Event::Server(lines)) => panic!("not awaited: {:?}", String::from_utf8_lossy(&lines.concat())),
            Some(Event::Client(bytes)) => panic!("not said: {:?}", String::from_utf8_lossy(&bytes)),
            None => panic!("the script is over: {:#?}", self.lines),
        }
    }

    fn written(&mut self, bytes: &[u8]) {
        match self.events.pop_front() {
            Some(Event::Client(expected)) => {
                assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&expected), "{:#?}", self.lines);
                if matches!(self.events.front(), Some(Event::Special(what)) if what == "!write-fails") {
                    self.events.pop_front();
                    self.session.failed(Failure::Reset, &mut self.log);
                } else {
                    self.session.wrote();
                }
            }
            _ => panic!("not awaited: {:?}\n{:#?}", String::from_utf8_lossy(bytes), self.lines),
        }
    }

    fn read(&mut self, split: Split, patience: Patience) {
        if !matches!(self.events.front(), Some(Event::Server(_))) {
            match self.special().as_str() {
                "!close" => self.session.closed(&mut self.log),
                "!reset" => self.session.failed(Failure::Reset, &mut self.log),
                "!silence" => self.session.timed_out(patience.timeout_ms, &mut self.log),
                other => panic!("a reply is awaited, not {other}; {:#?}", self.lines),
            }
            return;
        }
        let Some(Event::Server(mut lines)) = self.events.pop_front() else { return };
        let rest = match split {
            Split::Whole => Vec::new(),
            Split::Lines => lines.split_off(1),
            Split::Bytes => {
                let mut rest = lines.split_off(1);
                if lines[0].len() > 1 {
                    rest.insert(0, lines[0].split_off(1));
                }
                rest
            }
        };
        if !rest.is_empty() {
            self.events.push_front(Event::Server(rest));
        }
        self.session.received(&lines.concat(), &mut self.log);
        // A session that is gone reads nothing more.
        if !self.session.is_live() && matches!(self.session.want(&mut self.log), Want::Close) {
            while matches!(self.events.front(), Some(Event::Server(_))) {
                self.events.pop_front();
            }
        }
    }
}

fn events(script: &str) -> std::collections::VecDeque<Event> {
    let mut events = std::collections::VecDeque::new();
    for line in script.lines().map(str::trim_start).filter(|line| !line.is_empty()) {
        let (kind, text) = line.split_at(line.len().min(2));
        let text = text.strip_prefix(' ').unwrap_or(text);
        match (kind, events.back_mut()) {
            ("S:", Some(Event::Server(lines))) => lines.push(format!("{text}\r\n").into_bytes()),
            ("S:", _) => events.push_back(Event::Server(vec![format!("{text}\r\n").into_bytes()])),
            ("S.", Some(Event::Server(lines))) => lines.push(text.replace('␊', "\n").into_bytes()),
            ("S.", _) => events.push_back(Event::Server(vec![text.replace('␊', "\n").into_bytes()])),
            ("C:", Some(Event::Client(bytes))) => bytes.extend(format!("{text}\r\n").bytes()),
            ("C:", _) => events.push_back(Event::Client(format!("{text}\r\n").into_bytes())),
            ("C.", Some(Event::Client(bytes))) => bytes.extend(text.bytes()),
            ("C.", _) => events.push_back(Event::Client(text.as_bytes().to_vec())),
            ("--", _) => events.push_back(Event::Special("--".to_owned())),
            _ => events.push_back(Event::Special(line.to_owned())),
        }
    }
    events
}
