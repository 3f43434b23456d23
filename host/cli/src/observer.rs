//! Watches runs for the caller: log, progress, questions, passwords and signals.

mod prompt;
mod signals;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use encargo_model::{
    Board, Description, Effect, Ended, LogLevel, LogLine, Progress, Run, RunStatus, Signal, Worded, text,
};
use encargo_runs::{Observer, StoreError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::error::Problem;
use crate::output::{Output, Verbosity, Word, status_name};

pub(crate) use prompt::{ask_password, confirm};
use signals::Signals;

/// The caller at a terminal, or the log of whatever started the process.
#[derive(Debug)]
pub(crate) struct Caller {
    output: Arc<Output>,
    signals: Signals,
    /// Of the command: with which arguments a run leaves something behind that is worth going on with.
    description: Description,
    /// Whether the caller was told how to end at once.
    told: AtomicBool,
    /// Whether anyone may be asked anything.
    asks: bool,
    /// The file of the configuration.
    configuration: Option<PathBuf>,
    /// Whether the caller was told that nothing is recorded: once for all shares.
    told_unrecorded: AtomicBool,
    /// One question at a time; tenants run side by side.
    asking: Mutex<()>,
}

impl Caller {
    /// Watches a run of a command, and for signals from here on.
    pub(crate) fn new(
        output: Arc<Output>,
        description: &Description,
        asks: bool,
        configuration: Option<PathBuf>,
    ) -> Result<Self, Problem> {
        let signals = Signals::listen().map_err(|error| {
            Problem::new(
                encargo_model::Exit::Failed,
                text!("signals cannot be watched: {error}", "no se pueden vigilar las señales: {error}"),
            )
        })?;
        Ok(Self {
            output,
            signals,
            description: description.clone(),
            told: AtomicBool::new(false),
            asks,
            configuration,
            told_unrecorded: AtomicBool::new(false),
            asking: Mutex::new(()),
        })
    }
}

impl Observer for Caller {
    fn compiling(&self, command: &str) {
        self.output.note(&Word::Compiling.with(self.output.language, &[&command]));
    }

    fn started(&self, run: &Run) {
        if self.output.verbosity >= Verbosity::DETAILED {
            self.output.note(&Word::RunStarted.with(self.output.language, &[&run.id, &run.command]));
        }
    }

    fn log(&self, run: &Run, line: &LogLine) {
        self.output.log(run, line);
    }

    fn least_level(&self) -> LogLevel {
        self.output.verbosity.least_level()
    }

    fn progress(&self, run: &Run, progress: &Progress) {
        self.output.progress(run, progress);
    }

    fn show(&self, run: &Run, board: &Board) {
        self.output.board(run, board);
    }

    fn confirm(&self, run: &Run, question: &str, is_over: &dyn Fn() -> bool) -> bool {
        let _one_at_a_time = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        let question = match run.tenant.as_deref().filter(|_| run.parent.is_some()) {
            Some(tenant) => format!("{tenant}: {question}"),
            None => question.to_owned(),
        };
        self.asks && confirm(&self.output, &question, || is_over() || self.signals.seen().is_some())
    }

    fn signal(&self) -> Option<Signal> {
        let signal = self.signals.seen()?;
        if signal == Signal::Interrupt && !self.told.swap(true, Ordering::Relaxed) {
            self.output.note(Word::Stopping.get(self.output.language));
        }
        Some(signal)
    }

    fn configuration(&self, include_secrets: bool) -> Option<String> {
        self.configuration.as_deref().and_then(|file| crate::config::secrets::text_of(file, include_secrets))
    }

    fn can_show_password(&self) -> bool {
        let can_show = prompt::can_show();
        if !can_show {
            self.output.note(Word::NoTerminalForPassword.get(self.output.language));
        }
        can_show
    }

    fn show_password(&self, email: &str, password: &str) {
        self.output.remark(&Word::PasswordShown.with(self.output.language, &[&email, &password]));
    }

    fn show_key(&self, path: &std::path::Path, key: &str) {
        if prompt::can_show() {
            self.output.remark(&Word::KeyShown.with(self.output.language, &[&key, &path.display()]));
        }
    }

    fn could_resume(&self, earlier: &[Run]) {
        let language = self.output.language;
        // One that failed by itself would most likely fail again at the same place.
        let leaves_work = |run: &Run| self.description.effect_with(&run.arguments) != Effect::ReadOnly;
        let worth = earlier.iter().filter(|run| leaves_work(run) && run.status != RunStatus::Failed);
        match worth.collect::<Vec<_>>()[..] {
            [] => {}
            [run] => {
                self.output.warning(&Word::CouldResume.with(language, &[&run.id, &status_name(run.status, language)]));
            }
            ref several => self.output.warning(&Word::CouldResumeSeveral.with(language, &[&several.len()])),
        }
    }

    fn unrecorded(&self, _run: &Run, why: &StoreError) {
        let language = self.output.language;
        let why = match why {
            StoreError::Full { lack, .. } => lack.text(),
            _ => Word::StoreReadOnly.text(&[]),
        };
        if !self.told_unrecorded.swap(true, Ordering::Relaxed) {
            self.output.warning(&Word::Unrecorded.with(language, &[&why.get(language)]));
        }
    }

    fn finished(&self, run: &Run) {
        self.output.progress_ended(run);
    }

    fn abandoned(&self, run: &Run, ended: &Ended) {
        let Err(failure) = &ended.result else { return };
        let label = Word::Error.get(self.output.language);
        let line = format!("{label}: {} (`{}`, {})\n", failure.error.message, run.command, run.id);
        // The output may be what the run is stuck in: nothing of it is locked, and nothing is written that would wait.
        let stderr = std::io::stderr();
        let mut ready = [PollFd::new(&stderr, PollFlags::OUT)];
        if poll(&mut ready, Some(&Timespec::default())).is_ok_and(|ready| ready > 0) {
            let _ = rustix::io::write(&stderr, line.as_bytes());
        }
    }
}
