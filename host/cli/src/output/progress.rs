//! How far runs are: bars on a terminal, a line now and then elsewhere, or JSON.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use encargo_model::{Language, Progress, Run, RunId, Total};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::Output;
use super::json::ProgressRecord;
use super::pace::{Pace, told};
use super::shown::in_few_words;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProgressMode {
    Bar,
    Plain,
    Json,
    None,
}

/// Lines of a phase stand at least this many units apart, so that small jobs say nothing.
const LEAST_UNITS: u64 = 1_000;
/// The same in bytes of input.
const LEAST_BYTES: u64 = 256 << 10;
/// The first line when nobody knows how many units there are in all.
const LEAST_OF_UNKNOWN: u64 = 10_000;

/// A run may say so many lines at once, and another one each time this has passed: phases may follow each other for ever.
const MOST_LINES: u32 = 24;
const LINE_EVERY: Duration = Duration::from_secs(10);

/// A run that ends sooner has no bar, unless it was asked for: one that only flashes is read by nobody.
const NO_BAR_FOR: Duration = Duration::from_millis(300);
/// A bar is drawn anew at most so often within a phase, and when phases follow each other.
const DRAW_EVERY: Duration = Duration::from_millis(50);
const DRAW_PHASE_EVERY: Duration = Duration::from_millis(1);

/// The progress of every run under way.
#[derive(Debug)]
pub(super) struct ProgressView {
    mode: ProgressMode,
    no_bar_for: Duration,
    /// Made at the first progress: most runs have none.
    bars: OnceLock<MultiProgress>,
    runs: Mutex<BTreeMap<RunId, Shown>>,
}

/// What is shown of one run.
#[derive(Debug)]
struct Shown {
    first_at: Instant,
    pace: Pace,
    bar: Option<ProgressBar>,
    /// When the bar was drawn last, and for which phase.
    drawn: Option<(Instant, u64)>,
    /// What the phase's last line stands for, as [`line_of`] has it.
    line: u64,
    /// When all lines that were said would have been said, one after another.
    lines_until: Instant,
}

impl ProgressView {
    /// Shows progress in the mode that the caller asked for, else in the usual one.
    pub(super) fn new(asked: Option<ProgressMode>, usual: ProgressMode) -> Self {
        let no_bar_for = if asked.is_some() { Duration::ZERO } else { NO_BAR_FOR };
        let mode = asked.unwrap_or(usual);
        Self { mode, no_bar_for, bars: OnceLock::new(), runs: Mutex::new(BTreeMap::new()) }
    }

    /// Writes something while no bar is on the screen.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match self.bars.get() {
            Some(bars) => bars.suspend(write),
            None => write(),
        }
    }

    pub(super) fn show(&self, output: &Output, run: &Run, progress: &Progress) {
        if self.mode == ProgressMode::None {
            return;
        }
        let now = Instant::now();
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = runs.entry(run.id).or_insert_with(|| Shown::new(progress, now));
        shown.follow(progress, now);
        if self.mode == ProgressMode::Bar {
            if now.saturating_duration_since(shown.first_at) >= self.no_bar_for {
                let bar = || self.bars.get_or_init(MultiProgress::new).add(ProgressBar::new(0));
                shown.draw(run, progress, now, output.language, bar);
            }
            return;
        }
        if !shown.is_worth_a_line(progress, now) {
            return;
        }
        let speed = shown.pace.speed(progress, now);
        drop(runs);
        match self.mode {
            ProgressMode::Json => output.record(&ProgressRecord::of(run, progress, speed)),
            _ => {
                let label = tenant(run).unwrap_or(&run.command);
                let phase = [label, &in_few_words(&progress.phase)].join(": ");
                output.remark(&format!("{phase}: {}", told(progress, speed, output.language)));
            }
        }
    }

    pub(super) fn end(&self, run: &Run) {
        let ended = self.runs.lock().unwrap_or_else(PoisonError::into_inner).remove(&run.id);
        if let Some(bar) = ended.and_then(|shown| shown.bar) {
            bar.finish_and_clear();
        }
    }
}

impl Shown {
    fn new(progress: &Progress, now: Instant) -> Self {
        let pace = Pace::begin(progress, now);
        Self { first_at: now, pace, bar: None, drawn: None, line: 0, lines_until: now }
    }

    /// Takes up the phase that the run is in.
    fn follow(&mut self, progress: &Progress, now: Instant) {
        if self.pace.phase != progress.number {
            (self.pace, self.line) = (Pace::begin(progress, now), 0);
        }
    }

    /// Whether this is said, where not everything is.
    fn is_worth_a_line(&mut self, progress: &Progress, now: Instant) -> bool {
        let line = line_of(progress);
        let until = self.lines_until.max(now) + LINE_EVERY;
        if line <= self.line || until > now + LINE_EVERY * MOST_LINES {
            return false;
        }
        (self.line, self.lines_until) = (line, until);
        true
    }

    fn draw(
        &mut self,
        run: &Run,
        progress: &Progress,
        now: Instant,
        language: Language,
        bar: impl FnOnce() -> ProgressBar,
    ) {
        let is_new = self.drawn.is_none_or(|(_, phase)| phase != progress.number);
        let apart = if is_new { DRAW_PHASE_EVERY } else { DRAW_EVERY };
        if self.drawn.is_some_and(|(at, _)| now.saturating_duration_since(at) < apart) {
            return;
        }
        self.drawn = Some((now, progress.number));
        let bar = self.bar.get_or_insert_with(bar);
        let part = progress.part();
        if is_new {
            let phase = in_few_words(&progress.phase);
            bar.set_style(style(part.is_some()));
            bar.set_prefix(tenant(run).map_or_else(|| phase.to_string(), |tenant| format!("{tenant}: {phase}")));
        }
        if let Some((done, total)) = part {
            bar.set_length(total);
            bar.set_position(done);
        }
        bar.set_message(told(progress, self.pace.speed(progress, now), language));
        bar.tick();
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

/// The tenant, where several tenants' progress mixes.
fn tenant(run: &Run) -> Option<&str> {
    run.tenant.as_deref().filter(|_| run.parent.is_some())
}

fn style(has_share: bool) -> ProgressStyle {
    let template = if has_share { "{prefix} {bar:12} {wide_msg}" } else { "{prefix} {spinner} {wide_msg}" };
    ProgressStyle::with_template(template).expect("the two templates are well-formed")
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
        let mut shown = Shown::new(&progress(1, 0, total(0)), now);
        let worth = |done: &u64| shown.is_worth_a_line(&progress(1, *done, total(*done)), now);
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
    fn each_phase_has_lines_of_its_own_and_phases_without_end_do_not_flood() {
        let (begun, total) = (Instant::now(), Total::Units(10_000));
        let mut shown = Shown::new(&progress(1, 0, total), begun);
        let mut phase = |number: u64, now: Instant| {
            let mut worth = |done: u64| {
                let progress = progress(number, done, total);
                shown.follow(&progress, now);
                shown.is_worth_a_line(&progress, now)
            };
            (0..=10).filter(|done| worth(done * 1_000)).count()
        };
        assert_eq!([phase(1, begun), phase(2, begun)], [4, 4]);
        let flood: usize = (3..1_000).map(|number| phase(number, begun)).sum();
        assert_eq!(flood, MOST_LINES as usize - 8);
        let later = begun + 3 * LINE_EVERY;
        assert_eq!([phase(1_000, later), phase(1_001, later)], [3, 0]);
    }
}
