//! A server that answers as it is told, and says in the end what it took.

use std::collections::VecDeque;
use std::rc::Rc;

use super::talk::SMALL;
use crate::log::{Language, Transcript};
use crate::session::{Body, Envelope, Host, Outcome, Session, Settings, Shape, Task, Want};

/// What it answers where nothing is wrong with the order of the commands.
#[derive(Clone, Debug)]
pub struct Answers {
    pub mail: u16,
    pub recipients: Vec<u16>,
    pub content: u16,
    /// Gives 354 although nobody was accepted.
    pub always_354: bool,
}

#[derive(Default)]
pub struct Server {
    pub extensions: &'static [&'static str],
    pub answers: VecDeque<Answers>,
    pub delivered: Vec<(Vec<String>, Vec<u8>)>,
    pub commands: Vec<String>,
    pub out: Vec<u8>,
    input: Vec<u8>,
    sender: bool,
    accepted: Vec<String>,
    asked: usize,
    content: Vec<u8>,
    state: State,
    /// A chunk was refused: RFC 3030 wants RSET before anything else.
    spoilt: bool,
    /// The mails overlap: each MAIL that is begun has the next answers.
    pub by_mail: bool,
    /// How many writes came.
    pub writes: usize,
    begun: bool,
}

#[derive(Default)]
enum State {
    #[default]
    Commands,
    Data,
    Chunk(usize, bool),
}

impl Server {
    pub fn new(extensions: &'static [&'static str], answers: Vec<Answers>) -> Server {
        Server { extensions, answers: answers.into(), out: b"220 x\r\n".to_vec(), ..Server::default() }
    }

    fn say(&mut self, code: u16) {
        self.out.extend(format!("{code} said\r\n").bytes());
    }

    pub fn hear(&mut self, bytes: &[u8]) {
        self.writes += 1;
        let input = [core::mem::take(&mut self.input).as_slice(), bytes].concat();
        let mut rest = input.as_slice();
        loop {
            match self.state {
                State::Chunk(size, last) => {
                    let Some((chunk, behind)) = rest.split_at_checked(size) else { break };
                    rest = behind;
                    self.content.extend_from_slice(chunk);
                    self.state = State::Commands;
                    self.chunk(last);
                }
                State::Commands | State::Data => {
                    let Some(end) = memchr::memmem::find(rest, b"\r\n") else { break };
                    let (line, behind) = rest.split_at(end + 2);
                    rest = behind;
                    if matches!(self.state, State::Data) {
                        self.line(line);
                    } else {
                        self.command(String::from_utf8(line[..end].to_vec()).expect("a command"));
                    }
                }
            }
        }
        self.input = rest.to_vec();
    }

    fn line(&mut self, line: &[u8]) {
        if line == b".\r\n" {
            self.state = State::Commands;
            return self.end();
        }
        self.content.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
    }

    fn end(&mut self) {
        let code = if self.accepted.is_empty() { 554 } else { self.answers[0].content };
        if code == 250 {
            self.delivered.push((core::mem::take(&mut self.accepted), core::mem::take(&mut self.content)));
            self.clear();
            if !self.by_mail {
                self.answers.pop_front();
            }
        } else {
            self.spoilt = true;
        }
        self.say(code);
    }

    fn chunk(&mut self, last: bool) {
        match (self.sender && !self.accepted.is_empty() && !self.spoilt, last) {
            (false, _) => {
                self.content.clear();
                self.say(503);
            }
            (true, true) => self.end(),
            (true, false) => self.say(250),
        }
    }

    fn clear(&mut self) {
        self.sender = false;
        self.spoilt = false;
        self.accepted.clear();
        self.content.clear();
        self.asked = 0;
    }

    fn command(&mut self, line: String) {
        self.commands.push(line.clone());
        let word = line.split([' ', ':']).next().unwrap_or_default().to_owned();
        match word.as_str() {
            "EHLO" => {
                self.out.extend(b"250-mx\r\n");
                self.extensions.iter().for_each(|word| self.out.extend(format!("250-{word}\r\n").bytes()));
                self.out.extend(b"250 HELP\r\n");
            }
            "RSET" => {
                self.clear();
                self.say(250);
            }
            "MAIL" if self.by_mail && core::mem::replace(&mut self.begun, true) => {
                self.answers.pop_front();
                self.asked = 0;
                self.command_of(line);
            }
            _ => self.command_of(line),
        }
    }

    fn command_of(&mut self, line: String) {
        let word = line.split([' ', ':']).next().unwrap_or_default().to_owned();
        match word.as_str() {
            "MAIL" if self.sender || self.spoilt => self.say(503),
            "MAIL" => {
                self.sender = self.answers[0].mail == 250;
                self.say(self.answers[0].mail);
                if !self.sender {
                    self.refused();
                }
            }
            "RCPT" if !self.sender => self.say(503),
            "RCPT" => {
                let code = self.answers[0].recipients[self.asked];
                self.asked += 1;
                if code == 250 {
                    self.accepted.push(line);
                }
                self.say(code);
            }
            "DATA" if self.sender && (!self.accepted.is_empty() || self.answers[0].always_354) => {
                self.state = State::Data;
                self.say(354);
            }
            "DATA" => self.say(503),
            "BDAT" => {
                let mut words = line.split(' ').skip(1);
                let size = words.next().and_then(|size| size.parse().ok()).expect("a size");
                self.state = State::Chunk(size, words.next().is_some());
            }
            other => panic!("what is {other}?"),
        }
    }

    /// A refused sender leaves nothing behind; the commands that were sent ahead meet an empty stage.
    fn refused(&mut self) {
        self.clear();
    }
}

/// Sends the envelopes one after the other; their outcomes, and the number of times that the client waited.
pub fn send(server: &mut Server, envelopes: Vec<Envelope>, content: &[u8]) -> (Vec<Outcome>, usize) {
    let (mut session, mut log) = session();
    let (mut outcomes, mut waits) = (Vec::new(), 0);
    for envelope in envelopes {
        session.start(Task::Mail(envelope), 0);
        let mut sent = 0;
        for _ in 0..100_000 {
            match session.want(&mut log) {
                Want::Idle | Want::Close => break,
                Want::Another => unreachable!("nothing overlaps here"),
                _ => waits += step(&mut session, server, content, &mut sent, &mut log),
            }
        }
        outcomes.push(session.outcome().expect("an outcome"));
        server.asked = 0;
        if !matches!(outcomes.last(), Some(Outcome::Sent(_))) {
            server.answers.pop_front();
        }
        log.take_regular();
    }
    (outcomes, waits)
}

/// Sends them with overlap.
pub fn send_overlapping(server: &mut Server, envelopes: Vec<Envelope>, content: &[u8]) -> (Vec<Outcome>, usize) {
    server.by_mail = true;
    let (mut session, mut log) = session();
    let count = envelopes.len();
    let mut envelopes = envelopes.into_iter().enumerate();
    let mut outcomes = Vec::new();
    let mut waits = 0;
    while let Some((number, envelope)) = envelopes.next() {
        session.start(Task::Mail(envelope), 0);
        session.overlap(number);
        let mut sent = 0;
        for _ in 0..100_000 {
            match session.want(&mut log) {
                Want::Idle | Want::Close => break,
                Want::Another => match envelopes.next() {
                    Some((number, envelope)) => {
                        session.start_behind(number, Task::Mail(envelope), 0);
                        sent = 0;
                    }
                    None => session.none_behind(),
                },
                _ => waits += step(&mut session, server, content, &mut sent, &mut log),
            }
        }
        outcomes.append(&mut session.outcomes());
        log.take_regular();
    }
    outcomes.sort_by_key(|(number, _)| *number);
    assert!(outcomes.iter().map(|(number, _)| *number).eq(0..count), "each mail has one outcome: {outcomes:?}");
    (outcomes.into_iter().map(|(_, outcome)| outcome).collect(), waits)
}

fn session() -> (Session, Transcript) {
    let mut settings = Settings::new(Host::parse("mx.example").unwrap());
    settings.accept_unsecure = true;
    let session = Session::new(Rc::new(settings), [192, 0, 2, 1].into(), String::new(), None);
    let mut log = Transcript::new(Language::English);
    log.record(true, false);
    (session, log)
}

/// Brings what the session wants; 1 where that was a wait.
fn step(session: &mut Session, server: &mut Server, content: &[u8], sent: &mut usize, log: &mut Transcript) -> usize {
    match session.want(log) {
        Want::Write(bytes) => {
            server.hear(bytes);
            session.wrote();
        }
        Want::Read => {
            assert!(!server.out.is_empty(), "a reply is awaited that never comes: {:#?}", server.commands);
            let out = core::mem::take(&mut server.out);
            session.received(&out, log);
            return 1;
        }
        Want::Prepare(_) => {
            let shape = Shape { body: Body::SevenBit, size: None, ..Shape::default() };
            session.prepared(Ok(shape), log);
        }
        Want::Content { at_most } => {
            let size = at_most.min(content.len() - *sent);
            session.content(&content[*sent..*sent + size], *sent + size == content.len());
            *sent += size;
        }
        Want::StartTls | Want::Idle | Want::Close | Want::Another => unreachable!("not brought here"),
    }
    0
}

pub fn small() -> &'static [u8] {
    SMALL
}
