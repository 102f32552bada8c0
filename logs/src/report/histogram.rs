//! How long something took, over any number of times, in constant memory.

/// Buckets to a factor of ten.
const PER_DECADE: usize = 10;
/// From 1 ms to 10^7 ms, about three hours.
const DECADES: usize = 7;
/// How many buckets.
pub const BUCKETS: usize = PER_DECADE * DECADES;

/// Counts of durations in buckets that grow by a quarter each: a quantile is right to 26 %.
#[derive(Clone, Debug)]
pub struct Histogram {
    counts: [u64; BUCKETS],
    total: u64,
    longest: u64,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram { counts: [0; BUCKETS], total: 0, longest: 0 }
    }
}

impl Histogram {
    /// Counts one duration, in milliseconds.
    pub fn add(&mut self, ms: u64) {
        let place = if ms <= 1 { 0 } else { ((ms as f64).log10() * PER_DECADE as f64) as usize };
        self.counts[place.min(BUCKETS - 1)] += 1;
        self.total += 1;
        self.longest = self.longest.max(ms);
    }

    /// How many were counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The longest, in milliseconds, exact.
    pub fn longest(&self) -> u64 {
        self.longest
    }

    /// The duration that `share` (0 to 1) of them do not exceed, in milliseconds.
    pub fn quantile(&self, share: f64) -> u64 {
        let wanted = (share * self.total as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (place, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return (Self::end(place) as u64).min(self.longest);
            }
        }
        self.longest
    }

    /// The counts, by bucket.
    pub fn counts(&self) -> &[u64; BUCKETS] {
        &self.counts
    }

    /// Where a bucket ends, in milliseconds.
    pub fn end(place: usize) -> f64 {
        10f64.powf((place + 1) as f64 / PER_DECADE as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_to_a_quarter() {
        let mut histogram = Histogram::default();
        assert_eq!((histogram.quantile(0.5), histogram.longest()), (0, 0));
        (1..=1000).for_each(|ms| histogram.add(ms));
        for (share, exact) in [(0.1, 100.0), (0.5, 500.0), (0.9, 900.0), (0.99, 990.0)] {
            let told = histogram.quantile(share) as f64;
            assert!((exact / 1.27..exact * 1.27).contains(&told), "{share}: {told}");
        }
        assert_eq!((histogram.quantile(1.0), histogram.longest(), histogram.total()), (1000, 1000, 1000));
        histogram.add(0);
        histogram.add(u64::MAX);
        assert_eq!(histogram.longest(), u64::MAX);
    }
}
