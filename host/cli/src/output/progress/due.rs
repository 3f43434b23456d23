//! When a run's progress is shown anew, which is told far more often.

use std::time::{Duration, Instant};

use encargo_model::{Progress, Total};

/// Lines of a phase stand at least this many units apart, so that small jobs say nothing.
const LEAST_UNITS: u64 = 1_000;
/// The same in bytes of input.
const LEAST_BYTES: u64 = 256 << 10;
/// The first line when nobody knows how many units there are in all.
const LEAST_OF_UNKNOWN: u64 = 10_000;

/// A run may say so many lines at once, and another one each time this has passed: phases may follow each other for ever.
const MOST_LINES: u32 = 24;
const LINE_EVERY: Duration = Duration::from_secs(10);

/// A bar is drawn anew at most so often within a phase, and when phases follow each other.
const DRAW_EVERY: Duration = Duration::from_millis(50);
const DRAW_PHASE_EVERY: Duration = Duration::from_millis(1);

/// What was shown of one run, and when.
#[derive(Debug)]
pub(super) struct Due {
    /// The number of the phase that lines are said of.
    phase: u64,
    /// What its last line stands for, as [`line_of`] has it; 0 before the first one.
    line: u64,
    /// When all lines that were said would have been said, one after another.
    lines_until: Instant,
    /// When the bar was drawn last, and for which phase.
    drawn: Option<(Instant, u64)>,
}

impl Due {
    /// Nothing was shown yet.
    pub(super) const fn new(now: Instant) -> Self {
        Self { phase: 0, line: 0, lines_until: now, drawn: None }
    }

    /// Whether a line is said of it.
    pub(super) fn has_line(&mut self, progress: &Progress, now: Instant) -> bool {
        if self.phase != progress.number {
            (self.phase, self.line) = (progress.number, 0);
        }
        let line = line_of(progress);
        let until = self.lines_until.max(now) + LINE_EVERY;
        if line <= self.line || until > now + LINE_EVERY * MOST_LINES {
            return false;
        }
        (self.line, self.lines_until) = (line, until);
        true
    }

    /// Whether the bar is drawn anew.
    pub(super) fn has_bar(&mut self, progress: &Progress, now: Instant) -> bool {
        let apart = match self.drawn {
            Some((_, phase)) if phase == progress.number => DRAW_EVERY,
            _ => DRAW_PHASE_EVERY,
        };
        if self.drawn.is_some_and(|(at, _)| now.saturating_duration_since(at) < apart) {
            return false;
        }
        self.drawn = Some((now, progress.number));
        true
    }
}

/// What the newest line of a phase stands for: a quarter of all, two quarters, ..., or 10,000, 20,000, 50,000, 100,000, ...
/// units where nobody knows how many there are; 0 before the first line.
fn line_of(progress: &Progress) -> u64 {
    if let Some((part, total)) = progress.part() {
        let least = if matches!(progress.total, Total::Input { .. }) { LEAST_BYTES } else { LEAST_UNITS };
        return part / (total / 4).max(least);
    }
    if progress.done < LEAST_OF_UNKNOWN {
        return 0;
    }
    let power = 10_u64.pow(progress.done.ilog10());
    [5, 2].into_iter().map(|step| step * power).find(|line| progress.done >= *line).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(number: u64, done: u64, total: Total) -> Progress {
        Progress { phase: "checking".to_owned(), number, done, total, unit: "records".to_owned() }
    }

    /// How many lines a phase that comes to `last`, one after another, says within a moment.
    fn lines(last: u64, step: u64, total: impl Fn(u64) -> Total) -> usize {
        let now = Instant::now();
        let mut due = Due::new(now);
        let worth = |done: &u64| due.has_line(&progress(1, *done, total(*done)), now);
        (0..=last).step_by(usize::try_from(step).unwrap()).filter(worth).count()
    }

    #[test]
    fn a_small_phase_says_nothing_and_a_large_one_a_few_times() {
        let units = |total| move |_| Total::Units(total);
        assert_eq!(lines(999, 1, units(999)), 0);
        assert_eq!(lines(5_000, 1, units(5_000)), 4);
        assert_eq!(lines(100_000, 1, units(100_000)), 4);
        // A command that counted wrong says no more.
        assert_eq!(lines(100_000, 1, units(5_000)), 4);
        assert_eq!(lines(9_999, 1, |_| Total::Unknown), 0);
        assert_eq!(lines(1_000_000, 1, |_| Total::Unknown), 3 + 3 + 1);
        let input = |bytes| move |read| Total::Input { read, bytes };
        assert_eq!(lines(LEAST_BYTES - 1, 1, input(LEAST_BYTES - 1)), 0);
        assert_eq!(lines(LEAST_BYTES + 5, 1, input(LEAST_BYTES + 5)), 1);
        assert_eq!(lines(100 << 20, 256 << 10, input(100 << 20)), 4);
    }

    #[test]
    fn a_bar_is_drawn_now_and_then_and_when_a_phase_begins() {
        let begun = Instant::now();
        let mut due = Due::new(begun);
        let drawn = [(1, 0), (1, 1), (1, 49), (1, 50), (2, 51), (2, 52), (3, 51), (3, 52), (3, 101), (3, 102)];
        let drawn = drawn.map(|(number, milliseconds)| {
            due.has_bar(&progress(number, 0, Total::Unknown), begun + Duration::from_millis(milliseconds))
        });
        assert_eq!(drawn, [true, false, false, true, true, false, false, true, false, true]);
    }

    #[test]
    fn each_phase_has_lines_of_its_own_and_phases_without_end_do_not_flood() {
        let (begun, total) = (Instant::now(), Total::Units(10_000));
        let mut due = Due::new(begun);
        let mut phase = |number: u64, now: Instant| {
            let mut worth = |done: u64| due.has_line(&progress(number, done, total), now);
            (0..=10).filter(|done| worth(done * 1_000)).count()
        };
        assert_eq!([phase(1, begun), phase(2, begun)], [4, 4]);
        let flood: usize = (3..1_000).map(|number| phase(number, begun)).sum();
        assert_eq!(flood, MOST_LINES as usize - 8);
        let later = begun + 3 * LINE_EVERY;
        assert_eq!([phase(1_000, later), phase(1_001, later)], [3, 0]);
    }
}
