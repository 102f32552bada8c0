//! What the session is to do, what it wants, and what came of it.

use super::capabilities::Capabilities;
use super::envelope::{Envelope, Shape};
use super::reply::Reply;
use crate::error::{Error, Phase, RecipientResult};

/// What a connection is for.
#[derive(Debug)]
pub enum Task {
    /// Greets, authenticates, says NOOP.
    Check,
    /// Hands a mail over.
    Mail(Envelope),
    /// A mail that a dead connection did not take, with what was read of its content: see
    /// [`super::Session::reclaim`].
    Again(Box<Unsent>),
    /// Says QUIT.
    Quit,
}

/// A mail on its way from a dead connection to a new one.
#[derive(Debug)]
pub struct Unsent {
    pub(super) envelope: Envelope,
    /// Where the mail has chosen its encodings already, that can't be undone.
    pub(super) shape: Option<Shape>,
    pub(super) content: Vec<u8>,
    pub(super) is_whole: bool,
}

/// What the session needs to go on, and the calls that bring it.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub enum Want<'a> {
    /// These bytes written, all of them → `wrote`, or `closed`, `failed`, `timed_out`.
    Write(&'a [u8]),
    /// Bytes from the server → `received`, or `closed`, `failed`, `timed_out`.
    Read,
    /// TLS on this connection → `secured`, `tls_failed`.
    StartTls,
    /// The content must now choose its encodings → `prepared`.
    Prepare(&'a Capabilities),
    /// The next bytes of the content → `content`, `content_failed`.
    Content {
        /// So many, please.
        at_most: usize,
    },
    /// Another mail, whose commands leave with what is waiting to be written → `start_behind`, `none_behind`. Only where
    /// [`super::Session::overlap`] was called.
    Another,
    /// The task is over: take the outcome. The connection lives.
    Idle,
    /// The task is over: take the outcome. The socket is to be closed.
    Close,
}

/// How long the present want may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// At least 1.
    pub timeout_ms: u32,
    /// What is awaited.
    pub awaiting: Phase,
}

/// What came of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server answers and lets us in: its reply to NOOP.
    Checked(Reply),
    /// The server has the mail.
    Sent(Sent),
    /// It did not work.
    Failed(Error),
    /// QUIT was said.
    Quit,
}

/// A mail that the server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The reply to the content.
    pub reply: Reply,
    /// Bytes of content, before dot-stuffing.
    pub bytes: u64,
    /// In the order given; at least one is accepted.
    pub recipients: Vec<RecipientResult>,
    /// The mail's Message-ID.
    pub message_id: Option<String>,
    /// What went less than well.
    pub warnings: Vec<String>,
}
