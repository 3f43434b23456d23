//! How fast a phase of a run goes.

use std::time::{Duration, Instant};

use encargo_model::Progress;

/// More than this is no estimate.
const LONGEST: Duration = Duration::from_secs(1_000 * 3_600);

/// A phase as it was when it began; everything is counted from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The phase's number.
    pub(super) phase: u64,
    at: Instant,
    done: u64,
    /// The first of [`Progress::part`].
    part: u64,
}

/// How fast a phase has gone so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::output) struct Speed {
    /// Units in a second.
    pub(in crate::output) rate: Option<f64>,
    /// How long the rest takes when it goes on so; none at the end, and where nobody can tell.
    pub(in crate::output) left: Option<Duration>,
}

impl Pace {
    /// Begins a phase.
    pub(super) fn begin(progress: &Progress, at: Instant) -> Self {
        let part = progress.part().map_or(0, |(part, _)| part);
        Self { phase: progress.number, at, done: progress.done, part }
    }

    /// How fast it has gone until now.
    pub(super) fn speed(&self, progress: &Progress, now: Instant) -> Speed {
        let seconds = now.saturating_duration_since(self.at).as_secs_f64();
        let over = |amount: u64| (amount > 0 && seconds > 0.0).then_some(amount as f64);
        let left = progress.part().filter(|(part, total)| part < total).and_then(|(part, total)| {
            let went = over(part.saturating_sub(self.part))?;
            Duration::try_from_secs_f64(seconds * (total - part) as f64 / went).ok().filter(|left| *left < LONGEST)
        });
        Speed { rate: over(progress.done.saturating_sub(self.done)).map(|went| went / seconds), left }
    }
}
