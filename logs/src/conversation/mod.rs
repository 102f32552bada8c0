//! What a log tells of one connection: who was talked to, what was sent, how it ended, and where the time went.
//!
//! Everything here is a summary of bounded size. Texts are kept to [`LONGEST_TEXT`] bytes, lists to the numbers that
//! stand beside them; what is left out is counted. Texts are as the log has them: control characters and bytes that are
//! not UTF-8 are `\xNN`.

mod mail;
mod outcome;
mod reply;
mod step;
mod timing;
mod trouble;

pub use mail::{Content, Delivery, Mail, Recipient, Standing};
pub use outcome::Outcome;
pub use reply::{LineRef, Reply};
pub use step::{Step, StepKind};
pub use timing::{Phase, Phases, Wait};
pub use trouble::{Cause, Trouble};

use crate::Stamp;
use crate::event::Event;
use serde::Serialize;

/// Bytes of a text that are kept.
pub const LONGEST_TEXT: usize = 1024;
/// Mails of one [`Conversation`]; a connection with more of them is told in several, each [`Ending::Continued`].
pub const MOST_MAILS: usize = 32;
/// Recipients of a mail that are named; further ones are counted. The refused ones come first.
pub const MOST_RECIPIENTS: usize = 32;
/// Troubles of a conversation that are kept.
pub const MOST_TROUBLES: usize = 32;
/// Steps that are kept.
pub const MOST_STEPS: usize = 1024;

/// One connection, or one attempt to get one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Conversation {
    /// From 1, in the order in which the conversations of the input begin.
    pub number: u64,
    /// Which of several conversations this is that one connection is told in, from 1.
    pub part: u32,
    /// Fields 3 and 4 of its lines.
    pub process: Process,
    /// How many lines it has.
    pub lines: u64,
    /// Its first line.
    pub first: LineRef,
    /// Its last line. Lines of others may stand between the two.
    pub last: LineRef,
    /// How it begins.
    pub beginning: Beginning,
    /// How it ends.
    pub ending: Ending,
    /// The server, where the log names it.
    pub server: Option<Server>,
    /// What the server said first.
    pub greeting: Option<Reply>,
    /// The name that the client gave in EHLO or HELO.
    pub ehlo_name: Option<String>,
    /// What the server offers, of the last EHLO: `SIZE 35882577`. At most 32.
    pub extensions: Vec<String>,
    /// Whether the connection was encrypted.
    pub tls: Tls,
    /// Whether the client logged in.
    pub authentication: Authentication,
    /// Addresses that were tried in vain.
    pub attempts: Vec<Attempt>,
    /// Its mails, at most [`MOST_MAILS`].
    pub mails: Vec<Mail>,
    /// What went wrong, in the order of the lines, at most [`MOST_TROUBLES`].
    pub troubles: Vec<Trouble>,
    /// The troubles that decided something, as places in `troubles`: for each mail that failed or did not reach somebody,
    /// and for the connection.
    pub failures: Vec<usize>,
    /// The one of them that decided the outcome.
    pub decisive: Option<usize>,
    /// Where the time went, in milliseconds.
    pub phases: Phases,
    /// The longest waits for the server, the longest first, at most 5.
    pub waits: Vec<Wait>,
    /// Lines that the log says are missing, here or elsewhere in the file.
    pub lines_lost: u64,
    /// A line of it was torn or broken.
    pub damaged: bool,
    /// What stands in its lines, where the [`Grouper`](crate::Grouper) was told to keep it; at most [`MOST_STEPS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Steps that were left out.
    pub steps_left_out: u64,
}

/// Fields 3 and 4 of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Process {
    /// Field 3, the process ID; used again when its owner is gone.
    pub id: u64,
    /// Field 4, the unique process ID.
    pub unique: u64,
}

/// How a conversation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beginning {
    /// With the connection, or with the attempt to get one.
    Whole,
    /// In the middle: the log was switched on late, or its first lines stand in another file.
    Middle,
    /// It continues an earlier [`Conversation`] of the same connection.
    Continued,
}

/// How a conversation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The connection was closed, or never came about.
    Closed,
    /// The input ends, and it was not over.
    LogEnds,
    /// Another one of the same process begins. Its end is missing, or two programs with the same numbers write into
    /// one file; then their lines can't be told apart.
    Overtaken,
    /// It goes on in another [`Conversation`]: it has too many mails for one.
    Continued,
    /// It was given up to save memory: too many conversations were open. What follows is told as another one.
    SetAside,
}

/// The server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Server {
    /// Its name or address, as the caller gave it.
    pub host: String,
    /// Its port, where the log names it.
    pub port: Option<u16>,
}

/// Whether the connection was encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Tls {
    /// The log does not tell.
    #[default]
    Unknown,
    /// In the clear.
    Off,
    /// From the first byte.
    AtOnce,
    /// After STARTTLS.
    StartTls {
        /// `TLSv1.3`
        version: String,
        /// IANA's name of the cipher suite.
        cipher: String,
        /// The name that was asked for.
        server_name: String,
        /// Whose certificate it was.
        subject: String,
        /// Who issued it.
        issuer: String,
        /// When it expires, RFC 3339.
        expires: String,
    },
    /// It was tried and did not come about: see the troubles.
    Failed,
}

impl Tls {
    /// Whether mails went over TLS.
    pub fn is_on(&self) -> bool {
        matches!(self, Tls::AtOnce | Tls::StartTls { .. })
    }
}

/// Whether the client logged in. Its name is in no log.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Authentication {
    /// It was not tried, as far as the log goes.
    #[default]
    None,
    /// AUTH was said, and the log has no answer.
    Begun {
        /// `SCRAM-SHA-256`
        mechanism: String,
    },
    /// The server knows the user.
    Accepted {
        /// The mechanism.
        mechanism: String,
    },
    /// The server does not let the user in.
    Refused {
        /// The mechanism.
        mechanism: String,
        /// What the server said.
        reply: Reply,
    },
}

/// An address that was tried in vain.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// The address.
    pub ip: String,
    /// The port.
    pub port: u16,
    /// After how many milliseconds it was given up.
    pub elapsed_ms: u64,
    /// The event itself.
    pub event: Event,
    /// Its line's statement.
    pub text: String,
    /// Its line.
    pub at: LineRef,
}

impl Conversation {
    /// From the first line to the last, in milliseconds; `None` where a line has no valid time.
    pub fn duration_ms(&self) -> Option<u64> {
        Some(self.last.stamp?.since(self.first.stamp?))
    }

    /// When it began.
    pub fn started(&self) -> Option<Stamp> {
        self.first.stamp
    }

    /// The trouble that decided the outcome.
    pub fn failure(&self) -> Option<&Trouble> {
        self.decisive.and_then(|at| self.troubles.get(at))
    }
}
