//! How long the session waits, under the limits of the caller. It has no clock: the driver says what time it is.

use super::outcome::Patience;
use super::table::{BLOCK_MS, HANDSHAKE_MS, Step};
use super::{Session, Stage};
use crate::error::Phase;

/// For what a server said before it cut a write short.
const LAST_WORDS_MS: u32 = 1000;

/// When the present task began, and whether it was answered.
#[derive(Default)]
pub(super) struct Clock {
    began_ms: u64,
    /// What the task took on another connection before.
    before_ms: u64,
    tasks: u32,
    is_heard: bool,
}

impl Clock {
    pub fn start(&mut self, now_ms: u64, before_ms: u64) {
        self.began_ms = now_ms;
        self.before_ms = before_ms;
        self.tasks = self.tasks.saturating_add(1);
        self.is_heard = false;
    }

    /// What the task took until now, in milliseconds.
    pub fn spent(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.began_ms).saturating_add(self.before_ms)
    }

    /// Another mail begins while the last one is on its way.
    pub fn go_on(&mut self, now_ms: u64) {
        self.began_ms = now_ms;
        self.before_ms = 0;
    }

    pub fn is_running(&self) -> bool {
        self.tasks > 0
    }

    /// An earlier task was done on this connection.
    pub fn is_old(&self) -> bool {
        self.tasks > 1
    }

    pub fn heard(&mut self) {
        self.is_heard = true;
    }

    /// Nothing was said to the present task on a connection that was good for an earlier one.
    pub fn is_unheard(&self) -> bool {
        self.is_old() && !self.is_heard
    }
}

impl Session {
    /// How long the present want may take. `now_ms`: since the connection was begun.
    pub fn patience(&self, now_ms: u64) -> Patience {
        let (awaiting, own_ms) = self.own_patience();
        let mut left = u64::from(self.settings.send_limit_ms).saturating_sub(self.clock.spent(now_ms));
        if self.is_connecting() {
            left = left.min(u64::from(self.settings.connect_limit_ms).saturating_sub(now_ms));
        }
        let timeout_ms = u32::try_from(left).unwrap_or(u32::MAX).min(own_ms).max(1);
        Patience { timeout_ms, awaiting }
    }

    /// What the present task took until now, on this connection and on the one before. `now_ms`: since this connection was
    /// begun.
    pub fn spent_ms(&self, now_ms: u64) -> u64 {
        self.clock.spent(now_ms)
    }

    /// Until the server has greeted and, where TLS is to come by STARTTLS, until it is up.
    fn is_connecting(&self) -> bool {
        match self.stage {
            Stage::Opening(Step::Greeting) | Stage::Encrypting => true,
            Stage::Opening(Step::Ehlo | Step::Helo | Step::StartTls) => self.tls.is_none(),
            _ => false,
        }
    }

    /// The phase, and what RFC 5321 gives it.
    pub(super) fn own_patience(&self) -> (Phase, u32) {
        if self.last_words.is_some() {
            return (self.phase(), LAST_WORDS_MS);
        }
        match &self.stage {
            Stage::Encrypting => (Phase::Tls, HANDSHAKE_MS),
            Stage::Mailing(_) if self.wire.is_writing() => (self.phase(), BLOCK_MS),
            _ => (self.phase(), self.awaited().unwrap_or(Step::Mail).patience_ms()),
        }
    }

    /// What is being waited for.
    pub(super) fn phase(&self) -> Phase {
        match (&self.stage, self.awaited()) {
            (Stage::Encrypting, _) => Phase::Tls,
            (_, Some(step)) => step.phase(),
            // Content on its way, or a mail that is about to begin.
            (Stage::Mailing(transaction), None) if transaction.is_begun => Phase::Content,
            (_, None) => Phase::MailFrom,
        }
    }

    /// The limit that a wait of `waited_ms` ran into: of the phase, or of the caller, with its name.
    pub(super) fn limit(&self, waited_ms: u32) -> (u32, Option<&'static str>) {
        let (_, own_ms) = self.own_patience();
        let settings = &self.settings;
        if waited_ms >= own_ms {
            (own_ms, None)
        } else if self.is_connecting() && settings.connect_limit_ms <= settings.send_limit_ms {
            (settings.connect_limit_ms, Some("connection time-out"))
        } else {
            (settings.send_limit_ms, Some("send time-out"))
        }
    }
}
