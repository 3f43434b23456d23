//! Records, commands and observers for the tests of this crate: a real store, and no engine.

mod installation;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use encargo_catalog::{Command, Source};
use encargo_engine::{Job, PlatformError, RunHost};
use encargo_model::{
    Clock, CommandError, Digest, Ended, ErrorCode, Failure, FailureKind, Language, Limits, LogLevel, LogLine, Outcome,
    Progress, Receipt, Report, Run, Signal, Tenant, Tier, Timestamp, Trigger,
};
use encargo_store::{Store, StoreError, ToRead};
use tokio::runtime::Runtime;

pub(crate) use installation::Installation;

use crate::execution::Execute;
use crate::records::Records;
use crate::start::Prepared;
use crate::{Fallbacks, Observer, StartRequest, liveness};

/// A clock that is moved by hand.
#[derive(Debug)]
pub(crate) struct Hands(pub(crate) Mutex<i64>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp(*self.0.lock().unwrap())
    }
}

/// Records in a folder of their own.
pub(crate) struct Place {
    pub(crate) records: Records,
    pub(crate) clock: Arc<Hands>,
    folder: tempfile::TempDir,
    _runtime: Runtime,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::with_lease(Duration::from_secs(3_000))
    }

    pub(crate) fn with_lease(lease: Duration) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        let store = runtime.block_on(async {
            Store::migrate(&path).await.unwrap();
            Store::open(&path).await.unwrap()
        });
        let clock = Arc::new(Hands(Mutex::new(1_795_000_000_000_000)));
        let worker = liveness::this_process();
        let handle = runtime.handle().clone();
        let records = Records { store, clock: Arc::clone(&clock) as Arc<dyn Clock>, handle, worker, lease };
        Self { records, clock, folder, _runtime: runtime }
    }

    /// The same records where nothing can be written.
    pub(crate) fn unwritable(&self) -> Records {
        let path = self.folder.path().join("engine.db");
        let to_read = ToRead { file: path.clone(), as_it_lies: false };
        let store = self.records.handle.block_on(Store::open_to_read(&path, &to_read)).unwrap();
        Records { store, ..self.records.clone() }
    }

    /// All runs are found lost, whose leases are over by now.
    pub(crate) fn lose_all(&self) -> usize {
        *self.clock.0.lock().unwrap() += 86_400_000_000;
        self.records.handle.block_on(self.records.store.mark_lost(&self.records.liveness())).unwrap().len()
    }

    pub(crate) fn runs(&self) -> Vec<Run> {
        let all = crate::RunFilter { limit: 100, ..crate::RunFilter::default() };
        self.records.handle.block_on(self.records.store.list_runs(&all)).unwrap()
    }
}

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

type Body = dyn Fn(&Job, &Arc<dyn RunHost>) -> Ended + Send + Sync;

struct Fake {
    body: Box<Body>,
    refused: &'static str,
    stack_bytes: Option<usize>,
}

impl Execute for Fake {
    fn check(&self, tenant: Option<&Tenant>, _: bool) -> Result<(), PlatformError> {
        match tenant {
            Some(tenant) if tenant.slug == self.refused => Err(PlatformError::Corrupt { path: "2.db".into() }),
            _ => Ok(()),
        }
    }

    fn thread(&self) -> thread::Builder {
        self.stack_bytes.map_or_else(thread::Builder::new, |bytes| thread::Builder::new().stack_size(bytes))
    }

    fn execute(&self, job: Job, host: &Arc<dyn RunHost>) -> Ended {
        (self.body)(&job, host)
    }
}

/// A command that does this, and refuses the tenant `refused`.
pub(crate) fn prepared(body: impl Fn(&Job, &Arc<dyn RunHost>) -> Ended + Send + Sync + 'static) -> Prepared {
    let description = serde_json::json!({
        "schema": 1, "name": "cleanup", "version": "1.0.0", "summary": {"en": "Clean up", "es": "Limpiar"},
        "scope": "tenant", "effect": "changes", "idempotent": true
    });
    let description = serde_json::from_value(description).unwrap();
    Prepared {
        request: request(),
        command: Command { description, tier: Tier::Packaged, source: Source::Packaged },
        digest: Digest("ab".repeat(32)),
        work: Box::new(Fake { body: Box::new(body), refused: "refused", stack_bytes: None }),
        compiled_for: Duration::ZERO,
        arguments: vec![],
        input: String::new(),
        granted: std::collections::BTreeSet::new(),
    }
}

/// A command for which no thread can be started: its stack is larger than any address space.
pub(crate) fn without_threads() -> Prepared {
    let body: Box<Body> = Box::new(|_, _| unreachable!("there is no thread"));
    let work = Fake { body, refused: "refused", stack_bytes: Some(1 << 60) };
    Prepared { work: Box::new(work), ..prepared(|_, _| ended(Outcome::Ok)) }
}

pub(crate) fn request() -> StartRequest {
    StartRequest {
        command: "cleanup".to_owned(),
        arguments: vec![],
        tenants: None,
        exclude_tenants: vec![],
        fallbacks: Fallbacks::default(),
        dry_run: false,
        resume: None,
        restart: false,
        yes: false,
        overwrite: false,
        isolated: None,
        wait_lock: None,
        timeout: None,
        parallel: None,
        fail_fast: false,
        language: Language::En,
        environment: "test".to_owned(),
        verbosity: 1,
        limits: Limits::default(),
        trigger: Trigger::Cli,
        admin_password: None,
    }
}

pub(crate) fn tenants(slugs: &[&str]) -> Vec<Tenant> {
    let tenant = |(id, slug): (i64, &&str)| Tenant {
        id,
        slug: (*slug).to_owned(),
        name: (*slug).to_owned(),
        language: Language::En,
        time_zone: "UTC".to_owned(),
    };
    (1..).zip(slugs).map(tenant).collect()
}

/// A failure of this kind.
pub(crate) fn failed(kind: FailureKind) -> Ended {
    let error = CommandError::new(ErrorCode::Invalid, "bad");
    Ended { result: Err(Failure { kind, error, backtrace: None }), receipt: Receipt::default() }
}

/// An end with this outcome.
pub(crate) fn ended(outcome: Outcome) -> Ended {
    let report =
        Report { outcome, summary: String::new(), counts: vec![], tables: vec![], notes: vec![], details: None };
    Ended { result: Ok(report), receipt: Receipt::default() }
}
