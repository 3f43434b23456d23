//! Fixed times, so many microseconds apart from one beginning on: what is late does not move those behind it.

use std::time::Duration;

/// The fixed times, and which of them is next.
#[derive(Debug, Clone)]
pub struct Schedule {
    interval: Duration,
    /// How many there are behind the first one.
    last: u64,
    /// The next one; the first is 0.
    next: u64,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing for so long.
    In(Duration),
    /// This one, and so many before it were missed.
    Now {
        /// Which one.
        tick: u64,
        /// How many were missed since the one before.
        missed: u64,
    },
    /// There are no more.
    Over,
}

impl Schedule {
    /// Fixed times from now on, an interval apart, for at most this long.
    pub fn new(interval: Duration, span: Duration) -> Self {
        let last = span.as_nanos().checked_div(interval.as_nanos()).unwrap_or(0);
        Self { interval, last: u64::try_from(last).unwrap_or(u64::MAX), next: 0 }
    }

    /// What is due this long after the beginning. What was due and is passed counts as missed, but for the last one that
    /// was: it is taken late.
    pub fn due(&mut self, elapsed: Duration) -> Due {
        if self.next > self.last {
            return Due::Over;
        }
        let passed = elapsed.as_nanos().checked_div(self.interval.as_nanos()).unwrap_or(0);
        let passed = u64::try_from(passed).unwrap_or(u64::MAX).min(self.last);
        if passed < self.next {
            return Due::In(self.at(self.next).saturating_sub(elapsed));
        }
        let missed = passed - self.next;
        self.next = passed + 1;
        Due::Now { tick: passed, missed }
    }

    fn at(&self, tick: u64) -> Duration {
        let nanoseconds = self.interval.as_nanos().saturating_mul(u128::from(tick));
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn each_one_is_an_interval_behind_the_one_before_however_late_that_was_taken() {
        let mut schedule = Schedule::new(ms(100), ms(350));
        for (elapsed, due) in [
            (0, Due::Now { tick: 0, missed: 0 }),
            (7, Due::In(ms(93))),
            (102, Due::Now { tick: 1, missed: 0 }),
            // Taken 2 ms late, and the next one is due no later for that.
            (103, Due::In(ms(97))),
            (299, Due::Now { tick: 2, missed: 0 }),
            (299, Due::In(ms(1))),
            (300, Due::Now { tick: 3, missed: 0 }),
            (301, Due::Over),
        ] {
            assert_eq!(schedule.due(ms(elapsed)), due, "{elapsed}");
        }
    }

    #[test]
    fn what_was_missed_is_counted_and_not_made_up_for() {
        let mut schedule = Schedule::new(ms(100), ms(1_000));
        assert_eq!(schedule.due(ms(0)), Due::Now { tick: 0, missed: 0 });
        assert_eq!(schedule.due(ms(550)), Due::Now { tick: 5, missed: 4 });
        assert_eq!(schedule.due(ms(550)), Due::In(ms(50)));
        // A machine that slept beyond the end has the last one late.
        assert_eq!(schedule.due(ms(90_000)), Due::Now { tick: 10, missed: 4 });
        assert_eq!(schedule.due(ms(90_000)), Due::Over);
    }

    #[test]
    fn an_hour_of_late_samples_has_none_more_and_none_less() {
        let mut schedule = Schedule::new(ms(1_000), Duration::from_secs(3_600));
        let (mut elapsed, mut taken) = (ms(0), 0);
        loop {
            match schedule.due(elapsed) {
                Due::In(wait) => elapsed += wait + Duration::from_micros(700),
                Due::Now { missed, .. } => {
                    assert_eq!(missed, 0);
                    taken += 1;
                    elapsed += ms(3);
                }
                Due::Over => break,
            }
        }
        assert_eq!(taken, 3_601);
        assert!(elapsed < Duration::from_millis(3_600_010), "{elapsed:?}");
    }
}
