//! An observer that keeps what it hears.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use encargo_model::{Ended, LogLevel, LogLine, Progress, Run, Signal};
use encargo_store::StoreError;

use crate::Observer;

/// A watcher that may have a signal, and that keeps what it hears.
pub(crate) struct Watching {
    pub(crate) signal: OnceLock<Signal>,
    /// How often it was asked for one.
    pub(crate) asked: AtomicUsize,
    pub(crate) earlier: Mutex<Vec<usize>>,
    pub(crate) least: LogLevel,
    /// What it answers to every question.
    pub(crate) yes: bool,
    pub(crate) heard: Mutex<Vec<String>>,
}

impl Default for Watching {
    fn default() -> Self {
        Self {
            signal: OnceLock::new(),
            asked: AtomicUsize::new(0),
            earlier: Mutex::default(),
            least: LogLevel::Error,
            yes: false,
            heard: Mutex::default(),
        }
    }
}

impl Watching {
    fn hear(&self, what: String) {
        self.heard.lock().unwrap().push(what);
    }

    /// What it heard since it was last asked.
    pub(crate) fn heard(&self) -> Vec<String> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

impl Observer for Watching {
    fn started(&self, run: &Run) {
        self.hear(format!("started {}", run.status));
    }

    fn log(&self, _: &Run, line: &LogLine) {
        self.hear(format!("log {}", line.message));
    }

    fn least_level(&self) -> LogLevel {
        self.least
    }

    fn progress(&self, _: &Run, progress: &Progress) {
        self.hear(format!("progress {}", progress.done));
    }

    fn confirm(&self, _: &Run, question: &str, is_over: &dyn Fn() -> bool) -> bool {
        self.hear(format!("confirm {question} {}", is_over()));
        self.yes
    }

    fn signal(&self) -> Option<Signal> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.signal.get().copied()
    }

    fn can_show_password(&self) -> bool {
        self.yes
    }

    fn show_password(&self, email: &str, password: &str) {
        self.hear(format!("password {email} {password}"));
    }

    fn could_resume(&self, earlier: &[Run]) {
        self.earlier.lock().unwrap().push(earlier.len());
    }

    fn unrecorded(&self, run: &Run, _: &StoreError) {
        self.hear(format!("unrecorded {}", run.status));
    }

    fn finished(&self, run: &Run) {
        self.hear(format!("finished {}", run.status));
    }

    fn abandoned(&self, _: &Run, ended: &Ended) {
        self.hear(format!("abandoned {}", ended.status()));
    }
}
