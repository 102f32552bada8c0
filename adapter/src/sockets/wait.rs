//! Every wait has an end: what is waited for is polled together with a clock.

use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::io::poll::{Pollable, poll};

/// A moment of the monotonic clock, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(u64);

impl Instant {
    pub(super) fn now() -> Instant {
        Instant(monotonic_clock::now())
    }

    /// So many milliseconds later.
    pub(super) fn plus(self, ms: u32) -> Instant {
        Instant(self.0.saturating_add(u64::from(ms) * 1_000_000))
    }

    /// Milliseconds since then.
    pub(super) fn elapsed_ms(self) -> u64 {
        monotonic_clock::now().saturating_sub(self.0) / 1_000_000
    }

    pub(super) fn is_past(self) -> bool {
        monotonic_clock::now() >= self.0
    }
}

/// Waits for any of these. Their indexes, in order; empty where the time was up first.
pub(super) fn any(of: &[&Pollable], deadline: Instant) -> Vec<usize> {
    let clock = monotonic_clock::subscribe_instant(deadline.0);
    let mut all = of.to_vec();
    all.push(&clock);
    let ready = poll(&all).into_iter().map(|index| index as usize);
    let mut ready: Vec<usize> = ready.filter(|index| *index < of.len()).collect();
    ready.sort_unstable();
    ready
}

/// Waits for one thing; false where the time was up first.
pub(super) fn one(thing: &Pollable, deadline: Instant) -> bool {
    !any(&[thing], deadline).is_empty()
}
