//! How fast a run may be, how long it may go on and how much it may do; what is left is the next run's.

use std::time;

use encargo_sdk::prelude::*;

/// Sleeps are cut into pieces of this length, between which the run may end.
const PIECE: time::Duration = time::Duration::from_millis(100);

/// The pace that the caller asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Between two transactions.
    pause: time::Duration,
    until: Option<time::Instant>,
    /// How many things of each type are done at most.
    limit: u64,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    GoOn,
    /// The time is up or enough was done.
    Stop,
}

impl Pace {
    /// From what was asked for; the time counts from now.
    pub(crate) fn new(pause: Option<Duration>, most: Option<Duration>, limit: Option<u64>) -> Self {
        let span = |span: Duration| time::Duration::from_micros(u64::try_from(span.micros()).unwrap_or(0));
        let until = most.and_then(|most| time::Instant::now().checked_add(span(most)));
        Self { pause: pause.map_or(time::Duration::ZERO, span), until, limit: limit.unwrap_or(u64::MAX) }
    }

    /// Whether to go on after so many things.
    pub(crate) fn due(&self, done: u64) -> Due {
        let is_late = self.until.is_some_and(|until| time::Instant::now() >= until);
        if is_late || done >= self.limit { Due::Stop } else { Due::GoOn }
    }

    /// How many more things may be done at all.
    pub(crate) fn left(&self, done: u64) -> u64 {
        self.limit.saturating_sub(done)
    }

    /// How many more things may be done in a transaction of at most `batch`.
    pub(crate) fn batch(&self, done: u64, batch: u32) -> u32 {
        u32::try_from(self.left(done)).unwrap_or(u32::MAX).min(batch)
    }

    /// Waits as long as was asked for, unless the run is to end.
    ///
    /// # Errors
    /// `cancelled`.
    #[expect(clippy::disallowed_methods, reason = "the pause itself is what was asked for")]
    pub(crate) fn pause(&self, run: &Run) -> Result<()> {
        let mut left = self.pause;
        while !left.is_zero() {
            run.check()?;
            let piece = left.min(PIECE);
            std::thread::sleep(piece);
            left -= piece;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_was_done_at_the_limit_and_not_before() {
        let pace = Pace::new(None, None, Some(10));
        assert_eq!((pace.due(9), pace.due(10), pace.due(11)), (Due::GoOn, Due::Stop, Due::Stop));
        assert_eq!((pace.batch(0, 4), pace.batch(7, 4), pace.batch(10, 4), pace.batch(12, 4)), (4, 3, 0, 0));
        let free = Pace::new(None, None, None);
        assert_eq!((free.due(u64::MAX - 1), free.batch(5, 1_000)), (Due::GoOn, 1_000));
    }

    #[test]
    fn no_time_at_all_is_up_at_once() {
        let pace = Pace::new(None, Some(Duration::from_micros(0)), None);
        assert_eq!(pace.due(0), Due::Stop);
    }
}
