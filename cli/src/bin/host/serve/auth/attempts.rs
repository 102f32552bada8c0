//! Failed logins by address: after some, the address has to wait.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures within [`WINDOW`] that are let pass.
const MOST: u32 = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// Addresses that are remembered; beyond, the oldest are forgotten.
const ADDRESSES: usize = 10_000;

#[derive(Default)]
pub struct Attempts(Mutex<HashMap<IpAddr, Count>>);

struct Count {
    since: Instant,
    failures: u32,
}

impl Attempts {
    /// How long the address has to wait, where it has to.
    pub fn wait(&self, address: IpAddr) -> Option<Duration> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&key(address)).filter(|count| count.failures >= MOST)?;
        WINDOW.checked_sub(count.since.elapsed()).filter(|wait| !wait.is_zero())
    }

    pub fn failed(&self, address: IpAddr) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= ADDRESSES {
            counts.retain(|_, count| count.since.elapsed() < WINDOW);
        }
        if counts.len() >= ADDRESSES {
            let oldest = counts.iter().min_by_key(|(_, count)| count.since).map(|(address, _)| *address);
            oldest.and_then(|address| counts.remove(&address));
        }
        let now = Instant::now();
        let count = counts.entry(key(address)).or_insert(Count { since: now, failures: 0 });
        if count.since.elapsed() >= WINDOW {
            *count = Count { since: now, failures: 0 };
        }
        count.failures += 1;
    }
}

/// Whoever has an IPv6 address has 2^64 of them.
fn key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_some_failures_there_is_a_wait() {
        let attempts = Attempts::default();
        let [one, same, other] = ["2001:db8::1", "2001:db8::2", "192.0.2.1"].map(|text| text.parse().unwrap());
        for _ in 0..MOST {
            assert_eq!(attempts.wait(one), None);
            attempts.failed(one);
        }
        assert!(attempts.wait(same).is_some_and(|wait| wait <= WINDOW));
        assert_eq!(attempts.wait(other), None);
    }
}
