//! So many mails a second, evenly spread.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// When the next mail may begin.
pub(super) struct Pace {
    interval: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// None where the number means no limit.
    pub(super) fn new(per_second: f64) -> Option<Pace> {
        if per_second.is_nan() || per_second <= 0.0 {
            return None;
        }
        // A mail in a day is slow enough for everybody.
        let interval = Duration::from_secs_f64((1.0 / per_second).clamp(0.0, 86_400.0));
        Some(Pace { interval, next: Mutex::new(None) })
    }

    /// Waits for its turn; turns are given in the order of the calls.
    pub(super) async fn next(&self) {
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let turn = next.map_or(now, |next| next.max(now));
            *next = Some(turn + self.interval);
            turn
        };
        sleep_until(turn).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_are_spread() {
        let pace = Pace::new(1000.0).unwrap();
        let start = Instant::now();
        for _ in 0..20 {
            pace.next().await;
        }
        assert!(start.elapsed() >= Duration::from_millis(19));
    }

    #[test]
    fn no_limit() {
        for count in [0.0, -1.0, f64::NAN] {
            assert!(Pace::new(count).is_none());
        }
        assert_eq!(Pace::new(f64::MIN_POSITIVE).unwrap().interval, Duration::from_secs(86_400));
        assert_eq!(Pace::new(f64::INFINITY).unwrap().interval, Duration::ZERO);
    }
}
