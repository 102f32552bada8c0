//! The mails that were taken: a bounded shelf in memory.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes of content kept in all.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// One mail as the server got it.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// The queue ID that the client was told.
    pub id: String,
    /// The reverse-path; empty for `<>`.
    pub from: String,
    /// Those recipients that were accepted.
    pub to: Vec<String>,
    /// The parameters of MAIL as they were given, `SIZE=512`.
    pub params: Vec<String>,
    /// The parameters of each RCPT, in the order of `to`.
    pub recipient_params: Vec<Vec<String>>,
    /// The content, dots unstuffed.
    pub content: Vec<u8>,
    /// Who had authenticated.
    pub user: Option<String>,
    /// `TLSv1.3`, `TLSv1.2`, or none for plain text.
    pub tls: Option<&'static str>,
    /// Whether the content came by BDAT.
    pub chunked: bool,
}

impl Received {
    /// The content for the eye: what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.content).into_owned()
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("id", &self.id)
            .field("from", &self.from)
            .field("to", &self.to)
            .field("params", &self.params)
            .field("recipient_params", &self.recipient_params)
            .field("content", &self.text())
            .field("user", &self.user)
            .field("tls", &self.tls)
            .field("chunked", &self.chunked)
            .finish()
    }
}

#[derive(Default)]
pub(super) struct Mailbox(Mutex<VecDeque<Received>>);

impl Mailbox {
    /// Puts one mail in, and the oldest ones out where there are more than `most` or too many bytes.
    pub(super) fn put(&self, mail: Received, most: usize) {
        let mut mails = self.lock();
        mails.push_back(mail);
        let mut bytes: usize = mails.iter().map(|mail| mail.content.len()).sum();
        while mails.len() > most.max(1) || (bytes > KEPT_BYTES && mails.len() > 1) {
            bytes -= mails.pop_front().map_or(0, |mail| mail.content.len());
        }
    }

    pub(super) fn all(&self) -> Vec<Received> {
        self.lock().iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Received>> {
        // Nothing in here can be left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
