//! Plain values for the tests of this crate: a job, an answer, and a host that keeps what it is given.

mod attempt;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use encargo_model::{
    Artefact, Damage, DamageKind, Ended, Exit, FixedClock, Language, Limits, LogLevel, LogLine, Progress, RunId,
    Signal, Tenant, Text, Tier, Timestamp,
};

use crate::bindings::exports::encargo::command::command;
use crate::host::RunHost;
use crate::job::Job;

pub(crate) use attempt::Attempt;

/// A job of system scope without arguments.
pub(crate) fn job() -> Job {
    Job {
        run: RunId(1),
        command: "sample".to_owned(),
        tier: Tier::Packaged,
        tenant: None,
        selected: None,
        started_at: Timestamp(0),
        attempt: 1,
        dry_run: false,
        language: Language::En,
        environment: "test".to_owned(),
        verbosity: 1,
        arguments: Vec::new(),
        requested: BTreeSet::new(),
        granted: BTreeSet::new(),
        limits: Limits::default(),
        spent: Duration::ZERO,
        resume_key: "key".to_owned(),
        resume: false,
        settings: serde_json::Value::Null,
        tenant_folder: false,
        overwrite: false,
    }
}

pub(crate) fn tenant(slug: &str) -> Tenant {
    Tenant { id: 1, slug: slug.to_owned(), name: slug.to_owned(), language: Language::En, time_zone: "UTC".to_owned() }
}

/// A report of six bytes.
pub(crate) fn answer() -> command::Report {
    command::Report {
        outcome: "ok".to_owned(),
        summary: "done".to_owned(),
        counts: Vec::new(),
        tables: Vec::new(),
        notes: Vec::new(),
        details: None,
    }
}

/// A clock that stands still.
pub(crate) fn clock() -> Arc<dyn encargo_model::Clock> {
    Arc::new(FixedClock(Timestamp(42)))
}

/// A host that keeps what it is told, has a signal and a password where it was given one, and answers every question
/// alike.
#[derive(Default)]
pub(crate) struct FakeHost {
    pub(crate) lines: Mutex<Vec<LogLine>>,
    pub(crate) signal: Option<Signal>,
    pub(crate) yes: bool,
    pub(crate) password: Option<String>,
    /// The questions, whether it was too late for them, the progress, the files and the passwords that it was told of.
    pub(crate) told: Mutex<Vec<String>>,
    pub(crate) abandoned: Mutex<Vec<Ended>>,
    pub(crate) left: Mutex<Vec<Exit>>,
}

impl FakeHost {
    /// The messages so far.
    pub(crate) fn messages(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|line| line.message.clone()).collect()
    }

    fn tell(&self, what: String) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    /// What it was told of since it was last asked, beside the log.
    pub(crate) fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl RunHost for FakeHost {
    fn log(&self, line: LogLine) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    fn log_enabled(&self, level: LogLevel) -> bool {
        level >= LogLevel::Info
    }

    fn progress(&self, progress: Progress) {
        self.tell(format!("progress {}", progress.done));
    }

    fn artefact(&self, artefact: &Artefact) {
        self.tell(format!("file {}", artefact.name));
    }

    fn published_before(&self, path: &str) -> Vec<String> {
        vec![format!("hash of {path}")]
    }

    fn publishing(&self, _: &str, _: &str) {}

    fn confirm(&self, question: &str, is_over: &dyn Fn() -> bool) -> bool {
        self.tell(format!("confirm {question} {}", is_over()));
        self.yes
    }

    fn signal(&self) -> Option<Signal> {
        self.signal
    }

    fn admin_password(&self) -> Option<String> {
        self.password.clone()
    }

    fn configuration(&self, include_secrets: bool) -> Option<String> {
        Some(if include_secrets { "token = \"t\"\n" } else { "" }.to_owned())
    }

    fn can_show_password(&self) -> bool {
        self.yes
    }

    fn show_password(&self, email: &str, password: &str) {
        self.tell(format!("password {email} {}", password.len()));
    }

    fn show_key(&self, _: &std::path::Path, _: &str) {}

    fn others_at_work(&self) -> Result<Vec<(String, RunId)>, Text> {
        Ok(Vec::new())
    }

    fn adopt_engine_store(&self, _: &std::path::Path) -> Result<(), Text> {
        Ok(())
    }

    fn command_damage(&self) -> Result<Vec<Damage>, Text> {
        let detail = Text::both("it is gone", "no está");
        Ok(vec![Damage { kind: DamageKind::Grant, subject: "hello".to_owned(), detail, count: 1 }])
    }

    fn abandoned(&self, ended: &Ended) {
        self.abandoned.lock().unwrap_or_else(PoisonError::into_inner).push(ended.clone());
    }

    fn leave(&self, exit: Exit) {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).push(exit);
    }
}
