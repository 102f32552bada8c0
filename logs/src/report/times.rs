//! How many mails there were, by time, in constant memory: the longer the log, the coarser.

use crate::conversation::Delivery;
use std::collections::BTreeMap;

/// Bars at most.
const MOST: usize = 96;
/// Widths of a bar, in milliseconds: a second to thirty days.
const WIDTHS: [i64; 15] = [
    1_000,
    5_000,
    15_000,
    60_000,
    300_000,
    900_000,
    1_800_000,
    3_600_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    604_800_000,
    2_592_000_000,
];

/// Mails in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// Accepted.
    pub accepted: u64,
    /// Not accepted.
    pub failed: u64,
    /// Unknown, or not decided.
    pub unknown: u64,
}

impl Bar {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.accepted + self.failed + self.unknown
    }

    fn add(&mut self, other: Bar) {
        self.accepted += other.accepted;
        self.failed += other.failed;
        self.unknown += other.unknown;
    }
}

/// The bars of a chart over time.
#[derive(Clone, Debug, Default)]
pub struct Times {
    width: usize,
    bars: BTreeMap<i64, Bar>,
}

impl Times {
    /// Counts a mail, or what stands for one: an attempt that did not get so far.
    pub fn add(&mut self, ms: i64, delivery: Delivery) {
        let bar = match delivery {
            Delivery::Accepted => Bar { accepted: 1, ..Bar::default() },
            Delivery::NotAccepted => Bar { failed: 1, ..Bar::default() },
            Delivery::Unknown | Delivery::Unfinished => Bar { unknown: 1, ..Bar::default() },
            Delivery::MovedOn => return,
        };
        self.bars.entry(ms.div_euclid(self.width_ms())).or_default().add(bar);
        while self.span() > MOST as i64 && self.width + 1 < WIDTHS.len() {
            let old = self.width_ms();
            self.width += 1;
            for (place, bar) in std::mem::take(&mut self.bars) {
                self.bars.entry(place.saturating_mul(old).div_euclid(self.width_ms())).or_default().add(bar);
            }
        }
        // Broken clocks: a log of more than eight years keeps its latest bars.
        while self.bars.len() > MOST {
            self.bars.pop_first();
        }
    }

    /// How long a bar is, in milliseconds.
    pub fn width_ms(&self) -> i64 {
        WIDTHS[self.width]
    }

    /// The bars with their beginnings, those without mails too.
    pub fn bars(&self) -> Vec<(i64, Bar)> {
        let Some((first, last)) = self.bars.first_key_value().zip(self.bars.last_key_value()) else {
            return Vec::new();
        };
        let (first, last) = (*first.0, *last.0);
        let all = first.max(last.saturating_sub(MOST as i64 - 1))..=last;
        all.map(|place| (place.saturating_mul(self.width_ms()), self.bars.get(&place).copied().unwrap_or_default()))
            .collect()
    }

    fn span(&self) -> i64 {
        match (self.bars.first_key_value(), self.bars.last_key_value()) {
            (Some((first, _)), Some((last, _))) => last.saturating_sub(*first).saturating_add(1),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_grow_with_the_log_and_lose_no_mail() {
        let mut times = Times::default();
        for minute in 0..10_000 {
            times.add(minute * 60_000, if minute % 10 == 0 { Delivery::NotAccepted } else { Delivery::Accepted });
        }
        let bars = times.bars();
        assert!((24..=MOST).contains(&bars.len()), "{}", bars.len());
        assert_eq!(bars.iter().map(|(_, bar)| bar.total()).sum::<u64>(), 10_000);
        assert_eq!(bars.iter().map(|(_, bar)| bar.failed).sum::<u64>(), 1_000);
    }

    #[test]
    fn clocks_may_be_wrong() {
        let mut times = Times::default();
        for ms in [i64::MIN, -1, 0, 1, i64::MAX] {
            times.add(ms, Delivery::Unknown);
            assert!(times.bars().len() <= MOST);
        }
    }
}
