//! So many a second, and so many more at once.

use encargo_model::Timestamp;

/// Of one in a second, what it takes of a whole one.
const MICROS: u128 = 1_000_000;

/// A bucket of tokens: each use takes one, and those that are missing come back by the second.
#[derive(Debug)]
pub(crate) struct Rate {
    per_second: u64,
    /// How many there are at most.
    burst: u64,
    /// How many are missing, in millionths.
    missing: u128,
    /// When this was last reckoned.
    at: Option<Timestamp>,
    /// The most that were missing.
    peak: u64,
}

impl Rate {
    pub(crate) const fn new(per_second: u64, burst: u64) -> Self {
        Self { per_second, burst, missing: 0, at: None, peak: 0 }
    }

    /// Takes one at this instant, and answers whether there was one. A clock that is put back neither gives nor takes.
    pub(crate) fn take(&mut self, now: Timestamp) -> bool {
        let passed = self.at.replace(now).map_or(0, |at| u64::try_from(now.0.saturating_sub(at.0)).unwrap_or(0));
        self.missing = self.missing.saturating_sub(u128::from(passed) * u128::from(self.per_second));
        if self.missing + MICROS > u128::from(self.burst) * MICROS {
            return false;
        }
        self.missing += MICROS;
        self.peak = self.peak.max(u64::try_from(self.missing.div_ceil(MICROS)).unwrap_or(u64::MAX));
        true
    }

    /// The most that were missing at a time, begun ones as whole ones.
    pub(crate) const fn peak(&self) -> u64 {
        self.peak
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    fn taken(rate: &mut Rate, at: i64, tries: usize) -> usize {
        (0..tries).filter(|_| rate.take(Timestamp(at))).count()
    }

    #[test]
    fn a_burst_is_used_up_and_comes_back_by_the_second() {
        let mut rate = Rate::new(200, 1_000);
        assert_eq!((taken(&mut rate, 0, 2_000), rate.peak()), (1_000, 1_000));
        assert_eq!(taken(&mut rate, SECOND, 2_000), 200);
        assert_eq!(taken(&mut rate, SECOND + SECOND / 200 - 1, 9), 0, "a microsecond early");
        assert_eq!(taken(&mut rate, SECOND + SECOND / 200, 9), 1);
        assert_eq!(taken(&mut rate, 3_600 * SECOND, 2_000), 1_000, "no more than a burst comes back");
    }

    #[test]
    fn what_keeps_to_the_rate_is_never_short_of_one() {
        let mut rate = Rate::new(200, 1);
        assert!((0..5_000).all(|line| rate.take(Timestamp(line * SECOND / 200))));
        assert_eq!(rate.peak(), 1);
    }

    #[test]
    fn a_clock_that_is_put_back_stops_nothing_for_longer() {
        let mut rate = Rate::new(1, 2);
        assert_eq!(taken(&mut rate, 100 * SECOND, 9), 2);
        assert_eq!(taken(&mut rate, 10 * SECOND, 9), 0);
        assert_eq!(taken(&mut rate, 11 * SECOND, 9), 1);
    }

    #[test]
    fn a_rate_without_an_end_takes_all() {
        let mut rate = Rate::new(u64::MAX, u64::MAX);
        assert_eq!(taken(&mut rate, i64::MAX, 99) + taken(&mut rate, i64::MIN, 1) + taken(&mut rate, i64::MAX, 1), 101);
    }
}
