//! What is counted over a whole log, in constant memory.

use super::entry::{Causes, Entry};
use super::histogram::Histogram;
use super::times::Times;
use crate::conversation::{Conversation, Delivery, Outcome, Phase};
use serde::Serialize;
use std::collections::BTreeMap;

/// Waits that are named.
const MOST_WAITS: usize = 10;
/// Servers that are named.
const MOST_SERVERS: usize = 1000;

/// The numbers of a log.
#[derive(Default)]
pub struct Summary {
    /// Conversations, by outcome.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Conversations.
    pub conversations: u64,
    /// Lines that belong to one.
    pub lines: u64,
    /// Mails, those that were moved to another connection not counted.
    pub mails: u64,
    /// Of these accepted.
    pub accepted: u64,
    /// Not accepted.
    pub not_accepted: u64,
    /// Nobody knows.
    pub unknown: u64,
    /// Bytes of the mails that were accepted.
    pub bytes: u64,
    /// Recipients that a server took.
    pub recipients: u64,
    /// That it refused.
    pub refused: u64,
    /// First and last moment.
    pub span: Option<(String, String)>,
    /// Kinds of failure: name, title, how often, and the number of the first conversation.
    pub causes: BTreeMap<&'static str, (&'static str, u64, u64)>,
    /// Conversations by server; of the first thousand.
    pub servers: BTreeMap<String, u64>,
    /// Lines that the log says are missing.
    pub lines_lost: u64,
    /// Conversations with a torn or broken line.
    pub damaged: u64,
    /// The longest waits: milliseconds, phase, conversation, line.
    pub waits: Vec<SlowWait>,
    pub(super) times: Times,
    pub(super) phases: BTreeMap<usize, (&'static str, Histogram)>,
    pub(super) durations: Histogram,
}

/// A long wait.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SlowWait {
    /// Milliseconds.
    pub ms: u64,
    /// What was waited for.
    pub phase: Phase,
    /// In which conversation.
    pub conversation: u64,
    /// With whom.
    pub server: Option<String>,
    /// The line that ended it.
    pub line: u64,
    /// What is usual.
    pub usual: u64,
}

/// The phases of the charts, in the order of a conversation. What the client itself takes is none of the server's.
const PHASES: [&str; 10] =
    ["connect", "greeting", "ehlo", "starttls", "tls", "auth", "envelope", "data", "reply", "quit"];

impl Summary {
    pub(super) fn add(&mut self, conversation: &Conversation, entry: &Entry, causes: &Causes) {
        self.conversations += 1;
        self.lines += conversation.lines;
        self.lines_lost += conversation.lines_lost;
        self.damaged += u64::from(conversation.damaged);
        *self.outcomes.entry(outcome_name(entry.outcome)).or_default() += 1;
        self.count_mails(conversation);
        if let Some(ms) = entry.duration {
            self.durations.add(ms);
        }
        for (name, ms) in &entry.phases {
            if let Some(place) = PHASES.iter().position(|phase| phase == name) {
                self.phases.entry(place).or_insert_with(|| (name, Histogram::default())).1.add(*ms);
            }
        }
        for failure in &entry.failures {
            let cause = &causes.list()[failure.cause];
            self.causes.entry(cause.class).or_insert((cause.title, 0, entry.number)).1 += 1;
        }
        if let Some(server) = &entry.server
            && (self.servers.len() < MOST_SERVERS || self.servers.contains_key(server))
        {
            *self.servers.entry(server.clone()).or_default() += 1;
        }
        self.note_waits(conversation, entry);
    }

    fn count_mails(&mut self, conversation: &Conversation) {
        for mail in conversation.mails.iter().filter(|mail| mail.delivery != Delivery::MovedOn) {
            self.mails += 1;
            self.recipients += if mail.delivery == Delivery::Accepted { mail.accepted } else { 0 };
            self.refused += mail.refused;
            match mail.delivery {
                Delivery::Accepted => {
                    self.accepted += 1;
                    self.bytes += mail.content.size.unwrap_or(0);
                }
                Delivery::NotAccepted => self.not_accepted += 1,
                _ => self.unknown += 1,
            }
            if let Some(stamp) = mail.first.stamp {
                self.times.add(stamp.ms, mail.delivery);
            }
        }
        let (Some(first), Some(last)) = (conversation.first.stamp, conversation.last.stamp) else { return };
        if conversation.mails.is_empty() && conversation.outcome() == Outcome::Failed {
            // A mail that did not get so far as to be begun.
            self.times.add(first.ms, Delivery::NotAccepted);
        }
        let (first, last) = (first.to_string(), last.to_string());
        self.span = Some(match self.span.take() {
            None => (first, last),
            Some((begin, end)) => (begin.min(first), end.max(last)),
        });
    }

    fn note_waits(&mut self, conversation: &Conversation, entry: &Entry) {
        for wait in &conversation.waits {
            if self.waits.len() == MOST_WAITS && self.waits.last().is_some_and(|least| least.ms >= wait.ms) {
                break;
            }
            let place = self.waits.partition_point(|other| other.ms >= wait.ms);
            let slow = SlowWait {
                ms: wait.ms,
                phase: wait.phase,
                conversation: entry.number,
                server: entry.server.clone(),
                line: wait.at.number,
                usual: wait.phase.usual_ms(),
            };
            self.waits.insert(place, slow);
            self.waits.truncate(MOST_WAITS);
        }
    }

    /// Conversations with this outcome.
    pub fn with(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(outcome_name(outcome)).copied().unwrap_or(0)
    }

    /// The numbers that other programs get.
    pub fn numbers(&self) -> serde_json::Value {
        let causes: serde_json::Map<_, _> =
            self.causes.iter().map(|(class, (_, count, _))| ((*class).to_owned(), (*count).into())).collect();
        let phases: serde_json::Map<_, _> = self
            .phases
            .values()
            .map(|(name, times)| {
                let at = |share| times.quantile(share);
                let value = serde_json::json!({
                    "count": times.total(), "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": times.longest(),
                });
                ((*name).to_owned(), value)
            })
            .collect();
        serde_json::json!({
            "conversations": self.conversations, "lines": self.lines, "mails": self.mails, "accepted": self.accepted,
            "notAccepted": self.not_accepted, "unknown": self.unknown, "bytes": self.bytes,
            "recipientsAccepted": self.recipients, "recipientsRefused": self.refused, "outcomes": self.outcomes,
            "from": self.span.as_ref().map(|span| &span.0), "to": self.span.as_ref().map(|span| &span.1),
            "causes": causes, "phases": phases, "slowestWaits": self.waits, "servers": self.servers,
            "linesLost": self.lines_lost, "damaged": self.damaged,
        })
    }
}

/// As in JSON.
pub(super) fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::Partly => "partly",
        Outcome::Failed => "failed",
        Outcome::Unknown => "unknown",
        Outcome::Checked => "checked",
        Outcome::Unfinished => "unfinished",
    }
}
