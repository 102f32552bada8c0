//! How fast it goes: as many connections as asked for, until the server says that this is too much.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::queue::Queue;

/// The first pause; each further one in a row is twice as long.
const PAUSE: Duration = Duration::from_millis(250);
/// So often the pause is doubled: half a minute.
const DOUBLINGS: u32 = 7;
/// So many pauses in a row without a mail between them end the batch: the server does not want it.
const STRIKES: u32 = 8;
/// After so many mails that went well, one more connection is tried.
const MAILS_TO_GROW: u32 = 25;
/// How often a connection that must wait looks whether it may go on.
const LOOK: Duration = Duration::from_millis(50);

pub struct Governor {
    most: usize,
    state: Mutex<State>,
}

struct State {
    allowed: usize,
    until: Option<Instant>,
    strikes: u32,
    went_well: u32,
    has_ever_sent: bool,
}

impl Governor {
    pub fn new(connections: usize) -> Governor {
        let state = State { allowed: connections, until: None, strikes: 0, went_well: 0, has_ever_sent: false };
        Governor { most: connections, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this connection is one of those that may be open.
    pub fn allows(&self, connection: usize) -> bool {
        connection < self.state().allowed
    }

    /// Waits until this connection may send; false where there is nothing left to send.
    pub async fn admit(&self, connection: usize, queue: &Queue) -> bool {
        loop {
            let pause = {
                let state = self.state();
                let pause = state.until.map(|until| until.saturating_duration_since(Instant::now()));
                match pause.filter(|pause| !pause.is_zero()) {
                    Some(pause) => pause.min(LOOK),
                    None if connection < state.allowed => return !queue.is_over(),
                    None => LOOK,
                }
            };
            if queue.is_over() {
                return false;
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// A mail went, or was refused for its own sake: the server listens.
    pub fn went_well(&self) {
        let mut state = self.state();
        state.has_ever_sent = true;
        state.strikes = 0;
        state.went_well += 1;
        if state.went_well >= MAILS_TO_GROW && state.allowed < self.most {
            state.went_well = 0;
            state.allowed += 1;
        }
    }

    pub fn has_ever_sent(&self) -> bool {
        self.state().has_ever_sent
    }

    /// The server says that it is too much: all pause, and half of the connections go on. False where that has gone on
    /// for too long.
    pub fn slow_down(&self) -> bool {
        let mut state = self.state();
        let now = Instant::now();
        // Of several that are told at the same time, one counts.
        if state.until.is_some_and(|until| now < until) {
            return true;
        }
        state.until = Some(now + PAUSE * 2u32.pow(state.strikes.min(DOUBLINGS)));
        state.strikes += 1;
        state.allowed = (state.allowed / 2).max(1);
        state.went_well = 0;
        state.strikes <= STRIKES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_connections_go_on_and_come_back() {
        let governor = Governor::new(8);
        assert!(governor.slow_down() && governor.slow_down());
        assert!(governor.allows(3) && !governor.allows(4));
        for _ in 0..MAILS_TO_GROW {
            governor.went_well();
        }
        assert!(governor.allows(4) && !governor.allows(5));
    }

    #[test]
    fn a_server_that_never_listens_ends_it() {
        let governor = Governor::new(2);
        let strike = || {
            governor.state().until = None;
            governor.slow_down()
        };
        assert!((0..STRIKES).all(|_| strike()));
        assert!(!strike());
        assert!(governor.allows(0));
    }
}
