//! The course of a conversation, line by line, for who draws or prints it.

use super::{LineRef, Phase};
use serde::Serialize;

/// A line, or the whole content of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Who speaks.
    pub kind: StepKind,
    /// What it belongs to, where that is known.
    pub phase: Option<Phase>,
    /// The line; of content the first.
    pub first: LineRef,
    /// The same line; of content the last.
    pub last: LineRef,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// The client says a line.
    Client,
    /// The server says a line.
    Server,
    /// Something happens.
    Event,
    /// Lines of a mail's content, this many.
    Content(u64),
}
