//! How far runs are: bars on a terminal, a line now and then elsewhere, or JSON.

mod due;
mod pace;
mod told;

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use encargo_model::{Progress, Run, RunId};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::Output;
use super::json::ProgressRecord;

pub(super) use pace::Speed;

use due::Due;
use pace::Pace;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProgressMode {
    Bar,
    Plain,
    Json,
    None,
}

/// A run that ends sooner has no bar, unless it was asked for: one that only flashes is read by nobody.
const NO_BAR_FOR: Duration = Duration::from_millis(300);

/// The progress of every run under way.
#[derive(Debug)]
pub(super) struct ProgressView {
    mode: ProgressMode,
    no_bar_for: Duration,
    /// Made at the first progress: most runs have none.
    bars: OnceLock<MultiProgress>,
    runs: Mutex<BTreeMap<RunId, Shown>>,
    boards: Mutex<BTreeMap<RunId, ProgressBar>>,
}

/// What is shown of one run.
#[derive(Debug)]
struct Shown {
    first_at: Instant,
    pace: Pace,
    due: Due,
    bar: Option<ProgressBar>,
}

impl ProgressView {
    /// Shows progress in the mode that the caller asked for, else in the usual one.
    pub(super) fn new(asked: Option<ProgressMode>, usual: ProgressMode) -> Self {
        let no_bar_for = if asked.is_some() { Duration::ZERO } else { NO_BAR_FOR };
        let mode = asked.unwrap_or(usual);
        Self { mode, no_bar_for, bars: OnceLock::new(), runs: Mutex::default(), boards: Mutex::default() }
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
        if shown.pace.phase != progress.number {
            shown.pace = Pace::begin(progress, now);
        }
        if self.mode == ProgressMode::Bar {
            let is_seen = now.saturating_duration_since(shown.first_at) >= self.no_bar_for;
            if is_seen && shown.due.has_bar(progress, now) {
                let speed = shown.pace.speed(progress, now);
                let add = || self.bars.get_or_init(MultiProgress::new).add(terminal_line());
                // It is drawn as one text, so no part of an earlier one is ever seen beside it.
                let bar = shown.bar.get_or_insert_with(add);
                bar.set_message(told::bar(tenant(run), progress, speed, output.language));
            }
            return;
        }
        if !shown.due.has_line(progress, now) {
            return;
        }
        let speed = shown.pace.speed(progress, now);
        drop(runs);
        match self.mode {
            ProgressMode::Json => output.record(&ProgressRecord::of(run, progress, speed)),
            _ => {
                let who = tenant(run).unwrap_or(&run.command);
                output.remark(&told::line(Some(who), progress, speed, output.language));
            }
        }
    }

    /// Whether there is a terminal on which something stays where it is.
    pub(super) fn has_bars(&self) -> bool {
        self.mode == ProgressMode::Bar
    }

    /// Draws a run's board in the place of the one before; its lines are cut to the terminal already.
    pub(super) fn draw_board(&self, run: &Run, board: String) {
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        let add = || self.bars.get_or_init(MultiProgress::new).add(lines_of_the_terminal());
        boards.entry(run.id).or_insert_with(add).set_message(board);
    }

    pub(super) fn end(&self, run: &Run) {
        if let Some(board) = self.boards.lock().unwrap_or_else(PoisonError::into_inner).remove(&run.id) {
            board.finish_and_clear();
        }
        let ended = self.runs.lock().unwrap_or_else(PoisonError::into_inner).remove(&run.id);
        if let Some(bar) = ended.and_then(|shown| shown.bar) {
            bar.finish_and_clear();
        }
    }
}

impl Shown {
    fn new(progress: &Progress, now: Instant) -> Self {
        Self { first_at: now, pace: Pace::begin(progress, now), due: Due::new(now), bar: None }
    }
}

/// The tenant, where several tenants' progress mixes.
fn tenant(run: &Run) -> Option<&str> {
    run.tenant.as_deref().filter(|_| run.parent.is_some())
}

/// Lines of the terminal, as many as the message has.
fn lines_of_the_terminal() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg}").expect("the template is well-formed");
    ProgressBar::new_spinner().with_style(style)
}

/// A line of the terminal, cut at its width.
fn terminal_line() -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_msg}").expect("the template is well-formed");
    ProgressBar::new_spinner().with_style(style)
}
