//! The server of a script, its clock and both logs.

use smtp_guest::log::{Failure, TlsFailure};
use smtp_guest::transporter::{ConnectError, SocketError};

use super::script::Script;
use super::step::{Step, attempt};

/// How the server's bytes come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    Whole,
    Lines,
    Bytes,
}

/// No client may listen longer than this to a server that never stops.
const LONGEST_SPEECH: usize = 64 << 20;

pub struct World {
    port: u16,
    steps: Vec<Step>,
    /// The step that comes next.
    at: usize,
    /// How much of that step is said already.
    said: usize,
    /// What the client said that is no whole line yet.
    heard: Vec<u8>,
    feed: Feed,
    pub clock_ms: u64,
    /// Where the client left the script, first of all.
    pub fault: Option<String>,
    /// How often the client waited for the network, a handshake included.
    pub round_trips: usize,
    pub writes: usize,
    /// The client spoke since it last waited.
    spoke: bool,
    connections: usize,
    log_is_on: bool,
    pub regular: Vec<String>,
    pub extended: Vec<String>,
}

impl World {
    pub fn new(script: Script, feed: Feed) -> World {
        World {
            port: script.number("port", 587) as u16,
            steps: script.steps,
            at: 0,
            said: 0,
            heard: Vec::new(),
            feed,
            clock_ms: 0,
            fault: None,
            round_trips: 0,
            writes: 0,
            spoke: false,
            connections: 0,
            log_is_on: true,
            regular: Vec::new(),
            extended: Vec::new(),
        }
    }

    pub fn connect(&mut self, tls: bool, patience_ms: u32) -> Result<(), ConnectError> {
        self.switch_log();
        self.round_trips += if tls { 2 } else { 1 };
        self.spoke = true;
        self.connections += 1;
        self.clock_ms = 0;
        match self.steps.get(self.at) {
            Some(&Step::Connect(takes_ms, None)) if takes_ms > u64::from(patience_ms) => {
                self.at += 1;
                let failure = Failure::TimedOut(patience_ms);
                let attempts = vec![attempt("192.0.2.25", failure)];
                Err(self.at_port(ConnectError { error: SocketError::Unreachable, attempts }))
            }
            Some(Step::Connect(takes_ms, failure)) => {
                self.at += 1;
                self.clock_ms += takes_ms;
                failure.clone().map_or(Ok(()), |failure| Err(self.at_port(failure)))
            }
            _ if self.connections == 1 => Ok(()),
            _ => {
                self.blame("the client connects again");
                Err(ConnectError { error: SocketError::Lost, attempts: Vec::new() })
            }
        }
    }

    /// A proxy is there where it fails.
    pub fn has_proxy(&self) -> bool {
        let is_proxy = |step: &Step| matches!(step, Step::Connect(_, Some(failed)) if matches!(failed.error, SocketError::Proxy(_)));
        self.steps.iter().any(is_proxy)
    }

    /// The failure as it was on the port of this script.
    fn at_port(&self, mut failure: ConnectError) -> ConnectError {
        failure.attempts.iter_mut().for_each(|attempt| attempt.port = self.port);
        failure
    }

    pub fn start_tls(&mut self, patience_ms: u32) -> Result<(), TlsFailure> {
        let waiting: usize = self.steps[self.at..].iter().map_while(Step::spoken).sum();
        if waiting > 0 {
            return Err(TlsFailure::InjectedBytes((waiting - self.said) as u32));
        }
        self.round_trips += 1;
        self.spoke = true;
        if self.waits(patience_ms) {
            return Err(TlsFailure::Connection(Failure::TimedOut(patience_ms)));
        }
        match self.steps.get(self.at) {
            Some(Step::StartTls(failure)) => {
                self.at += 1;
                failure.clone().map_or(Ok(()), Err)
            }
            _ => {
                self.blame("the client starts TLS");
                Err(TlsFailure::Lost)
            }
        }
    }

    pub fn write(&mut self, bytes: &[u8], patience_ms: u32) -> Result<(), SocketError> {
        self.switch_log();
        match self.steps.get(self.at) {
            Some(Step::Stuck) => {
                self.clock_ms += u64::from(patience_ms);
                return Err(SocketError::Failed(Failure::TimedOut(patience_ms)));
            }
            Some(Step::Cut) => return Err(SocketError::Failed(Failure::Reset)),
            // The other side has closed: the first write still goes well.
            Some(Step::Close) => return Ok(()),
            _ => {}
        }
        self.writes += 1;
        self.spoke = true;
        self.heard.extend_from_slice(bytes);
        self.compare();
        Ok(())
    }

    /// Takes what was heard off the script.
    fn compare(&mut self) {
        loop {
            self.switch_log();
            let Some(Step::Client(expected)) = self.steps.get(self.at) else {
                if !self.heard.is_empty() {
                    self.blame(&format!(
                        "the client says {:?}",
                        String::from_utf8_lossy(&self.heard[..self.heard.len().min(200)])
                    ));
                }
                return;
            };
            let mut expected = expected.clone();
            expected.extend(b"\r\n");
            let common = expected.len().min(self.heard.len());
            if expected[..common] != self.heard[..common] {
                let heard = self.heard.split(|&byte| byte == b'\n').next().unwrap_or_default();
                self.blame(&format!("the client says {:?}", String::from_utf8_lossy(heard)));
                return;
            }
            if common < expected.len() {
                return;
            }
            self.heard.drain(..common);
            self.at += 1;
        }
    }

    pub fn read(&mut self, max: usize, patience_ms: u32) -> Result<Vec<u8>, SocketError> {
        self.switch_log();
        let nothing = Err(SocketError::Failed(Failure::TimedOut(patience_ms)));
        if patience_ms == 0 && !self.steps.get(self.at).is_some_and(Step::is_there) {
            return nothing;
        }
        if core::mem::take(&mut self.spoke) {
            self.round_trips += 1;
        }
        if self.waits(patience_ms) {
            return nothing;
        }
        match self.steps.get(self.at) {
            Some(Step::Server(_)) => Ok(self.speak(max)),
            Some(Step::Endless(line)) => {
                let bytes: Vec<u8> =
                    line.iter().copied().cycle().skip(self.said % line.len()).take(self.piece(max)).collect();
                self.said += bytes.len();
                if self.said > LONGEST_SPEECH {
                    self.blame("the client listens for ever");
                }
                Ok(bytes)
            }
            Some(Step::Silence) => {
                self.at += 1;
                self.clock_ms += u64::from(patience_ms);
                nothing
            }
            Some(Step::Close) => Ok(Vec::new()),
            Some(Step::Cut) => Err(SocketError::Failed(Failure::Reset)),
            _ => {
                self.blame("the client waits for the server");
                Ok(Vec::new())
            }
        }
    }

    /// Lets the time pass that the server takes: whether it is more than the client's patience.
    fn waits(&mut self, patience_ms: u32) -> bool {
        let Some(Step::Wait(left_ms)) = self.steps.get_mut(self.at) else { return false };
        let waited_ms = (*left_ms).min(u64::from(patience_ms));
        self.clock_ms += waited_ms;
        *left_ms -= waited_ms;
        if *left_ms > 0 {
            return true;
        }
        self.at += 1;
        false
    }

    /// The server's next bytes.
    fn speak(&mut self, max: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Some(Step::Server(text)) = self.steps.get(self.at) {
            let rest = &text[self.said..];
            let taken = match self.feed {
                Feed::Whole => rest.len(),
                Feed::Lines => rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1),
                Feed::Bytes => 1,
            }
            .min(rest.len())
            .min(max - bytes.len());
            bytes.extend_from_slice(&rest[..taken]);
            self.said += taken;
            if self.said == text.len() {
                (self.at, self.said) = (self.at + 1, 0);
            }
            if self.feed != Feed::Whole || bytes.len() == max {
                break;
            }
        }
        bytes
    }

    fn piece(&self, max: usize) -> usize {
        // Byte by byte would be all the same and take minutes.
        if self.feed == Feed::Whole { max } else { max.min(1009) }
    }

    pub fn hang_up(&mut self) {
        while let Some(step) = self.steps.get(self.at) {
            match step {
                Step::Connect(..) => break,
                Step::Client(_) | Step::StartTls(_) => return self.blame("the client hangs up"),
                _ => (self.at, self.said) = (self.at + 1, 0),
            }
        }
        self.heard.clear();
    }

    /// Before each operation.
    pub fn begin(&mut self) {
        if let Some(&Step::Idle(ms)) = self.steps.get(self.at) {
            self.clock_ms += ms;
            self.at += 1;
        }
    }

    /// After the last operation.
    pub fn end(&mut self) {
        if self.at < self.steps.len() {
            self.blame("the client is done");
        }
    }

    pub fn log_is_on(&mut self) -> bool {
        self.switch_log();
        self.log_is_on
    }

    /// Takes the switches of the log that come next.
    fn switch_log(&mut self) {
        while let Some(&Step::Log(is_on)) = self.steps.get(self.at) {
            self.log_is_on = is_on;
            self.at += 1;
        }
    }

    /// Notes where the client left the script.
    fn blame(&mut self, what: &str) {
        if self.fault.is_none() {
            let next = self.steps.get(self.at).map_or("ends".to_owned(), |step| format!("has {}", step.describe()));
            self.fault = Some(format!("{what}, where the script {next} (step {})", self.at + 1));
        }
        // Nothing more comes.
        self.at = self.steps.len();
        self.heard.clear();
    }
}

impl Step {
    /// How many bytes the server says here.
    fn spoken(&self) -> Option<usize> {
        if let Step::Server(bytes) = self { Some(bytes.len()) } else { None }
    }

    /// Whether something is there for a client that does not wait.
    fn is_there(&self) -> bool {
        matches!(self, Step::Server(_) | Step::Endless(_) | Step::Close | Step::Cut)
    }

    fn describe(&self) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).trim_end().to_owned();
        match self {
            Step::Server(bytes) | Step::Endless(bytes) => format!("S: {}", text(bytes)),
            Step::Client(bytes) => format!("C: {}", text(bytes)),
            Step::Connect(..) => "connect".into(),
            Step::StartTls(_) => "starttls".into(),
            Step::Wait(_) => "wait".into(),
            Step::Idle(_) => "idle".into(),
            Step::Silence => "silence".into(),
            Step::Close => "close".into(),
            Step::Cut => "cut".into(),
            Step::Stuck => "stuck".into(),
            Step::Log(_) => "log".into(),
        }
    }
}
