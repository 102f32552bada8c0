//! Something that went wrong, and the line that shows it.

use super::{LineRef, Phase, Reply};
use crate::causes;
use crate::event::Event;
use serde::Serialize;

/// Something that went wrong. Not every trouble is a failure: a mail goes on where one of two recipients is refused.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    /// What was being done.
    pub phase: Phase,
    /// What the log shows.
    #[serde(flatten)]
    pub cause: Cause,
    /// The line that shows it.
    pub at: LineRef,
    /// What that line says: its statement.
    pub text: String,
    /// The mail that it befell: its place in the conversation's `mails`.
    pub mail: Option<usize>,
    /// The recipient that it is about.
    pub recipient: Option<String>,
}

/// What the log shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// The server refused.
    Reply(Reply),
    /// An event.
    Event(Event),
}

impl Trouble {
    /// The same as the input of a diagnosis; `server` is the name of the server, where it is known.
    pub fn failure<'a>(&'a self, server: Option<&'a str>) -> causes::Failure<'a> {
        let symptom = match &self.cause {
            Cause::Reply(reply) => {
                causes::Symptom::Reply { code: reply.code, enhanced: reply.enhanced, text: &reply.text }
            }
            Cause::Event(event) => causes::Symptom::Event { event: event.symptom(), text: event.words() },
        };
        causes::Failure { phase: self.phase.into(), symptom, server }
    }
}
