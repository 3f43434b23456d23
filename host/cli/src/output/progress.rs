//! How far runs are: bars on a terminal, a line now and then elsewhere, or JSON.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use encargo_model::{Progress, Run, RunId};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::json::ProgressRecord;
use super::shown::in_one_line;
use super::{Output, Word};

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProgressMode {
    Bar,
    Plain,
    Json,
    None,
}

/// Lines stand at least this many items apart, so that small jobs say nothing.
const LEAST_ITEMS: u64 = 1_000;
/// The first line when nobody knows how many there are in all.
const LEAST_OF_UNKNOWN: u64 = 10_000;

/// A run that ends sooner has no bar: one that only flashes is read by nobody.
const NO_BAR_FOR: Duration = Duration::from_millis(300);

/// The progress of every run under way.
#[derive(Debug)]
pub(super) struct ProgressView {
    mode: ProgressMode,
    /// Made at the first progress: most runs have none.
    bars: OnceLock<MultiProgress>,
    runs: Mutex<BTreeMap<RunId, Shown>>,
}

#[derive(Debug)]
struct Shown {
    first_at: Instant,
    bar: Option<ProgressBar>,
    /// The number of items that the last line stands for.
    line: u64,
}

impl ProgressView {
    pub(super) const fn new(mode: ProgressMode) -> Self {
        Self { mode, bars: OnceLock::new(), runs: Mutex::new(BTreeMap::new()) }
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
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = runs.entry(run.id).or_insert_with(|| Shown { first_at: Instant::now(), bar: None, line: 0 });
        if self.mode == ProgressMode::Bar {
            if shown.bar.is_none() && shown.first_at.elapsed() < NO_BAR_FOR {
                return;
            }
            let bars = self.bars.get_or_init(MultiProgress::new);
            let bar = shown.bar.get_or_insert_with(|| bars.add(bar_for(run, progress)));
            if let Some(total) = progress.total {
                bar.set_length(total);
            }
            bar.set_message(in_one_line(&progress.unit).into_owned());
            bar.set_position(progress.done);
            return;
        }
        let line = line_of(progress);
        if line == shown.line {
            return;
        }
        shown.line = line;
        drop(runs);
        match self.mode {
            ProgressMode::Json => output.record(&ProgressRecord::of(run, progress)),
            _ => output.remark(&text(run, progress, output)),
        }
    }

    pub(super) fn end(&self, run: &Run) {
        let ended = self.runs.lock().unwrap_or_else(PoisonError::into_inner).remove(&run.id);
        if let Some(bar) = ended.and_then(|shown| shown.bar) {
            bar.finish_and_clear();
        }
    }
}

/// The number of items that the newest line stands for: a quarter of all, two quarters, ..., or 10,000, 20,000, 50,000,
/// 100,000, ... where nobody knows how many there are; 0 before the first line.
fn line_of(progress: &Progress) -> u64 {
    if let Some(total) = progress.total {
        let apart = (total / 4).max(LEAST_ITEMS);
        return progress.done / apart * apart;
    }
    if progress.done < LEAST_OF_UNKNOWN {
        return 0;
    }
    let power = 10_u64.pow(progress.done.ilog10());
    [5, 2].into_iter().map(|step| step * power).find(|line| progress.done >= *line).unwrap_or(power)
}

fn label(run: &Run) -> &str {
    run.tenant.as_deref().filter(|_| run.parent.is_some()).unwrap_or(&run.command)
}

fn text(run: &Run, progress: &Progress, output: &Output) -> String {
    let Progress { done, total, unit } = progress;
    match total {
        Some(total) => format!("{}: {}", label(run), Word::DoneOf.with(output.language, &[done, total, unit])),
        None => format!("{}: {done} {}", label(run), in_one_line(unit)),
    }
}

fn bar_for(run: &Run, progress: &Progress) -> ProgressBar {
    let template = match progress.total {
        Some(_) => "{prefix} {bar:30} {human_pos}/{human_len} {msg} {eta}",
        None => "{prefix} {spinner} {human_pos} {msg} {elapsed}",
    };
    let style = ProgressStyle::with_template(template).expect("the two templates are well-formed");
    let bar = progress.total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    bar.with_style(style).with_prefix(in_one_line(label(run)).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_job_says_nothing_and_a_large_one_a_few_times() {
        let lines = |total: Option<u64>, last: u64| {
            let line = |done: u64| line_of(&Progress { done, total, unit: String::new() });
            (1..=last).filter(|done| line(*done) != line(done - 1)).count()
        };
        assert_eq!(lines(Some(999), 999), 0);
        assert_eq!(lines(Some(5_000), 5_000), 4);
        assert_eq!(lines(Some(100_000), 100_000), 4);
        assert_eq!(lines(None, 9_999), 0);
        assert_eq!(lines(None, 1_000_000), 3 + 3 + 1);
    }
}
