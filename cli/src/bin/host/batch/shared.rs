//! What the reader and all connections of a batch share.

use smtp_cli::mail_json::{Letter, Paths};
use smtp_host::types::{Delivery, Receipt, Retry, SendError};
use std::sync::{Mutex, PoisonError};

use super::governor::Governor;
use super::journal::Journal;
use super::judge;
use super::line::Line;
use super::queue::Queue;
use super::report::{Fate, Report};
use crate::exit::{Exit, Failure};
use crate::result::Outcome;
use crate::terminal;

pub struct Shared {
    pub queue: Queue,
    pub governor: Governor,
    pub report: Report,
    pub journal: Option<Journal>,
    pub defaults: Letter,
    pub paths: Paths,
    /// What ended the batch before its end.
    halted: Mutex<Option<Halt>>,
}

/// Why no further mail is begun.
#[derive(Clone)]
pub struct Halt {
    pub exit: Exit,
    /// A sentence; none where the person knows it, who pressed Ctrl-C.
    pub why: Option<String>,
}

impl Shared {
    pub fn new(governor: Governor, report: Report, journal: Option<Journal>, defaults: Letter, paths: Paths) -> Shared {
        Shared { queue: Queue::default(), governor, report, journal, defaults, paths, halted: Mutex::new(None) }
    }

    /// Ends the batch: what is in flight is finished. The first reason counts.
    pub fn halt(&self, failure: Failure) {
        self.halt_for(Halt { exit: failure.exit, why: Some(failure.message) });
    }

    pub fn halt_for(&self, halt: Halt) {
        self.halted.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(halt);
        self.queue.stop();
    }

    pub fn halted(&self) -> Option<Halt> {
        self.halted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The server has the mail.
    pub fn sent(&self, line: &Line, receipt: &Receipt) {
        self.result(line, Outcome::sent(receipt), Fate::Sent, None);
    }

    /// The transporter could not send it.
    pub fn failed(&self, line: &Line, error: &SendError, message_id: Option<&str>) {
        let fate = match error.delivery {
            Delivery::Unknown => Fate::Unknown,
            _ => Fate::Failed(Exit::from(error)),
        };
        let is_final = error.retry != Retry::Later && !judge::is_about_the_server(error.phase);
        let refused = is_final.then(|| Exit::from(error));
        self.result(line, Outcome::failed(error).with_message_id(message_id), fate, refused);
    }

    /// Nothing of it was said to the server.
    pub fn not_begun(&self, line: &Line, failure: &Failure) {
        // A file that is missing may be there the next time.
        let refused = (failure.exit == Exit::Data).then_some(failure.exit);
        self.result(line, Outcome::not_begun(failure), Fate::Failed(failure.exit), refused);
    }

    /// An earlier run began it, and was ended before it knew the result.
    pub fn unknown_since_an_earlier_run(&self, line: &Line) {
        let text = "An earlier run handed this mail to the server and was ended before the answer came: it may have \
                    arrived. Look first; --resend-unknown sends it again.";
        let json = Outcome::unknown(text).json();
        self.put(line, json, Fate::Unknown);
    }

    /// The results that `work` brings are printed at once.
    pub fn together(&self, work: impl FnOnce()) {
        self.printed(self.report.together(work));
    }

    fn result(&self, line: &Line, outcome: Outcome<'_>, fate: Fate, refused: Option<Exit>) {
        let json = outcome.json().map(|json| numbered(line.number, &json));
        if let (Some(journal), Ok(json)) = (&self.journal, &json)
            && let Err(failure) = journal.result(line, json, refused)
        {
            self.halt(failure);
        }
        self.print(line, json, fate);
        self.queue.done(line.text.len());
    }

    fn put(&self, line: &Line, json: Result<String, Failure>, fate: Fate) {
        self.print(line, json.map(|json| numbered(line.number, &json)), fate);
    }

    fn print(&self, line: &Line, json: Result<String, Failure>, fate: Fate) {
        self.printed(json.and_then(|json| self.report.result(line, terminal::safe_json(&json), fate)));
    }

    fn printed(&self, count: Result<u64, Failure>) {
        match count {
            Ok(count) => self.queue.printed(count),
            Err(failure) => self.halt(failure),
        }
    }
}

/// The object with the line's number as its first member.
fn numbered(number: u64, json: &str) -> String {
    format!("{{\"line\":{number},{}", json.strip_prefix('{').unwrap_or(json))
}
