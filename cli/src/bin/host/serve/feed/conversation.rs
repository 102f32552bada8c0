//! One mail or check on its way: what the list shows of it, and where its lines stand.

use serde::Serialize;
use smtp_host::types::{Receipt, Reply, SendError};
use std::sync::Arc;
use std::time::Instant;

use super::failure::Failed;

/// Characters of a text of others that are kept.
const LONGEST: usize = 300;

/// Mail or check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Mail,
    Check,
}

/// How it ended, or that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Running,
    /// Taken for all recipients; a check: the server answers.
    Accepted,
    /// Taken for some recipients.
    Partly,
    /// Not taken.
    Failed,
    /// All was sent, and no answer came.
    Unknown,
}

impl Outcome {
    pub const ALL: [Outcome; 5] =
        [Outcome::Running, Outcome::Accepted, Outcome::Partly, Outcome::Failed, Outcome::Unknown];

    /// As in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Running => "running",
            Outcome::Accepted => "accepted",
            Outcome::Partly => "partly",
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
        }
    }

    pub fn parse(word: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// What a job is, before it has a line.
#[derive(Clone, Debug)]
pub struct Job {
    pub kind: Kind,
    pub transporter: Arc<str>,
    pub from: String,
    pub to: String,
    pub recipients: usize,
    pub subject: String,
}

/// A byte of the log: the file's number, and the place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    pub file: u32,
    pub byte: u64,
}

/// One entry of the list.
#[derive(Clone, Debug)]
pub struct Conversation {
    pub id: u64,
    pub kind: Kind,
    pub transporter: Arc<str>,
    pub from: Box<str>,
    /// The first recipient.
    pub to: Box<str>,
    pub recipients: u32,
    pub subject: Box<str>,
    /// The stamp of its first line.
    pub started: Box<str>,
    pub begun: Instant,
    pub milliseconds: Option<u32>,
    pub outcome: Outcome,
    pub status: u16,
    pub status_text: Box<str>,
    pub failed: Option<Box<Failed>>,
    pub lines: u32,
    pub first: At,
    /// Behind its last line.
    pub end: At,
    /// Field 4 of its lines.
    pub process: u64,
}

/// The same for others to read.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary<'a> {
    pub id: u64,
    pub kind: Kind,
    pub transporter: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub recipients: u32,
    pub subject: &'a str,
    pub started: &'a str,
    pub milliseconds: Option<u32>,
    pub outcome: Outcome,
    pub status: u16,
    pub status_text: &'a str,
}

impl Job {
    /// The entry, when the first line is there.
    pub fn begin(&self, id: u64, process: u64, started: &str, first: At, begun: Instant) -> Conversation {
        Conversation {
            id,
            kind: self.kind,
            transporter: self.transporter.clone(),
            from: cut(&self.from),
            to: cut(&self.to),
            recipients: u32::try_from(self.recipients).unwrap_or(u32::MAX),
            subject: cut(&self.subject),
            started: started.into(),
            begun,
            milliseconds: None,
            outcome: Outcome::Running,
            status: 0,
            status_text: "".into(),
            failed: None,
            lines: 0,
            first,
            end: first,
            process,
        }
    }
}

impl Conversation {
    pub fn summary(&self) -> Summary<'_> {
        Summary {
            id: self.id,
            kind: self.kind,
            transporter: &self.transporter,
            from: &self.from,
            to: &self.to,
            recipients: self.recipients,
            subject: &self.subject,
            started: &self.started,
            milliseconds: self.milliseconds,
            outcome: self.outcome,
            status: self.status,
            status_text: &self.status_text,
        }
    }

    /// Its end.
    pub fn finish(&mut self, result: &Finished<'_>) {
        self.milliseconds = Some(u32::try_from(self.begun.elapsed().as_millis()).unwrap_or(u32::MAX));
        let reply = match result {
            Finished::Sent(receipt) => {
                let all = receipt.recipients.iter().all(|recipient| recipient.accepted);
                self.outcome = if all { Outcome::Accepted } else { Outcome::Partly };
                Some(&receipt.reply)
            }
            Finished::Checked(reply) => {
                self.outcome = Outcome::Accepted;
                Some(*reply)
            }
            Finished::Failed(error) => {
                let unknown = error.delivery == smtp_host::types::Delivery::Unknown;
                self.outcome = if unknown { Outcome::Unknown } else { Outcome::Failed };
                self.failed = Some(Box::new(Failed::of(error)));
                error.reply.as_ref()
            }
        };
        if let Some(reply) = reply {
            self.status = reply.status;
            self.status_text = cut(&reply.text);
        }
    }

    /// Whether a text stands in what the list shows of it; `needle` in lower case.
    pub fn contains(&self, needle: &str) -> bool {
        [&self.from, &self.to, &self.subject, &self.status_text].iter().any(|text| text.to_lowercase().contains(needle))
    }
}

/// How a job ended.
pub enum Finished<'a> {
    Sent(&'a Receipt),
    Checked(&'a Reply),
    Failed(&'a SendError),
}

/// The text, or its beginning.
pub fn cut(text: &str) -> Box<str> {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text.into(),
    }
}
