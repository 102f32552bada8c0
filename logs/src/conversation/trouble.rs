//! Something that went wrong, and the line that shows it.

use super::{Conversation, LineRef, Phase, Reply};
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
    /// The same as the input of a diagnosis; `told` is the conversation that it is of.
    pub fn failure<'a>(&'a self, told: &'a Conversation) -> causes::Failure<'a> {
        let symptom = match &self.cause {
            Cause::Reply(reply) => {
                causes::Symptom::Reply { code: reply.code, enhanced: reply.enhanced, text: &reply.text }
            }
            Cause::Event(event) => causes::Symptom::Event { event: event.symptom(), text: event.words() },
        };
        let server = told.server.as_ref().map(|server| server.host.as_str());
        let greeting = told.greeting.as_ref().map(|greeting| greeting.text.as_str());
        causes::Failure { phase: self.phase.into(), symptom, server, greeting }
    }
}
