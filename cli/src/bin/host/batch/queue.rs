//! The lines that wait for a connection: filled by the reader, emptied by the connections, and never longer than a window.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

use super::line::Line;

/// So many lines may be read ahead of the first one without a result.
const LINES: u64 = 4096;
/// And so many bytes of lines may be held.
const BYTES: usize = 64 << 20;

#[derive(Default)]
pub struct Queue {
    state: Mutex<State>,
    /// A line came, or none will come any more.
    wake: Notify,
    /// There is room for another line.
    room: Condvar,
}

#[derive(Default)]
struct State {
    lines: VecDeque<Line>,
    bytes: usize,
    pushed: u64,
    /// Results that went out, in order.
    printed: u64,
    /// Lines that are with a connection.
    taken: usize,
    has_ended: bool,
    is_stopped: bool,
    /// The reader waits for room.
    is_full: bool,
}

impl State {
    /// Whether a part of the window this large is free, in halves of it.
    fn has_room(&self, halves: u64) -> bool {
        self.pushed - self.printed < LINES / 2 * halves && self.bytes < BYTES / 2 * halves as usize
    }

    /// Whether the reader is to be woken: not for each line, since that costs more than the line.
    fn wakes_reader(&mut self) -> bool {
        let wakes = self.is_full && self.has_room(1);
        self.is_full &= !wakes;
        wakes
    }
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room; false where nobody will take the line any more.
    pub fn push(&self, line: Line) -> bool {
        let mut state = self.state();
        state.is_full = !state.has_room(2);
        while !state.is_stopped && state.is_full {
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_stopped {
            return false;
        }
        state.pushed += 1;
        state.bytes += line.text.len();
        state.lines.push_back(line);
        drop(state);
        self.wake.notify_one();
        true
    }

    /// A place among the results for a line that no connection will see.
    pub fn skip(&self) {
        self.state().pushed += 1;
    }

    /// There are no more lines.
    pub fn end(&self) {
        self.state().has_ended = true;
        self.wake.notify_waiters();
    }

    /// No line is begun any more.
    pub fn stop(&self) {
        self.state().is_stopped = true;
        self.wake.notify_waiters();
        self.room.notify_all();
    }

    pub fn is_stopped(&self) -> bool {
        self.state().is_stopped
    }

    /// Whether no line will be taken any more.
    pub fn is_over(&self) -> bool {
        let state = self.state();
        state.is_stopped || state.has_ended && state.lines.is_empty() && state.taken == 0
    }

    /// The next lines, `most` at most; none where it is over.
    pub async fn take(&self, most: usize) -> Vec<Line> {
        loop {
            let woken = self.wake.notified();
            tokio::pin!(woken);
            woken.as_mut().enable();
            {
                let mut state = self.state();
                if !state.is_stopped && !state.lines.is_empty() {
                    let count = most.min(state.lines.len());
                    state.taken += count;
                    return state.lines.drain(..count).collect();
                }
                // What others have taken may come back.
                if state.is_stopped || state.has_ended && state.taken == 0 {
                    return Vec::new();
                }
            }
            woken.await;
        }
    }

    /// Lines that were taken and not begun.
    pub fn give_back(&self, lines: Vec<Line>) {
        let mut state = self.state();
        state.taken -= lines.len();
        for line in lines.into_iter().rev() {
            state.lines.push_front(line);
        }
        drop(state);
        self.wake.notify_waiters();
    }

    /// A line has its result.
    pub fn done(&self, bytes: usize) {
        let mut state = self.state();
        state.taken -= 1;
        state.bytes -= bytes;
        let is_last = state.has_ended && state.taken == 0;
        let wakes_reader = state.wakes_reader();
        drop(state);
        if wakes_reader {
            self.room.notify_one();
        }
        if is_last {
            self.wake.notify_waiters();
        }
    }

    /// So many results went out.
    pub fn printed(&self, count: u64) {
        let mut state = self.state();
        state.printed += count;
        let wakes_reader = state.wakes_reader();
        drop(state);
        if wakes_reader {
            self.room.notify_one();
        }
    }

    /// The numbers of the lines that were read and never begun; true where the input was not read to its end.
    pub fn left(&self) -> (Vec<u64>, bool) {
        let state = self.state();
        (state.lines.iter().map(|line| line.number).collect(), !state.has_ended)
    }
}
