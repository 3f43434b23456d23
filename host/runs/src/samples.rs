//! Records, commands and observers for the tests of this crate: a real store, and no engine.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use encargo_catalog::{Command, Source};
use encargo_engine::{Job, PlatformError, RunHost};
use encargo_model::{
    Clock, Digest, Ended, Language, Limits, LogLevel, LogLine, Outcome, Progress, Receipt, Report, Run, Signal, Tenant,
    Tier, Timestamp, Trigger,
};
use encargo_store::Store;
use tokio::runtime::Runtime;

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
    _folder: tempfile::TempDir,
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
        Self { records, clock, _folder: folder, _runtime: runtime }
    }

    pub(crate) fn runs(&self) -> Vec<Run> {
        let all = crate::RunFilter { limit: 100, ..crate::RunFilter::default() };
        self.records.handle.block_on(self.records.store.list_runs(&all)).unwrap()
    }
}

/// A watcher that may have a signal.
#[derive(Default)]
pub(crate) struct Watching {
    pub(crate) signal: OnceLock<Signal>,
    /// How often it was asked for one.
    pub(crate) asked: AtomicUsize,
    pub(crate) earlier: Mutex<Vec<usize>>,
}

impl Observer for Watching {
    fn log(&self, _: &Run, _: &LogLine) {}

    fn least_level(&self) -> LogLevel {
        LogLevel::Error
    }

    fn progress(&self, _: &Run, _: &Progress) {}

    fn confirm(&self, _: &Run, _: &str, _: &dyn Fn() -> bool) -> bool {
        false
    }

    fn signal(&self) -> Option<Signal> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.signal.get().copied()
    }

    fn can_show_password(&self) -> bool {
        false
    }

    fn show_password(&self, _: &str, _: &str) {}

    fn could_resume(&self, earlier: &[Run]) {
        self.earlier.lock().unwrap().push(earlier.len());
    }

    fn finished(&self, _: &Run) {}
}

type Body = dyn Fn(&Job, &Arc<dyn RunHost>) -> Ended + Send + Sync;

struct Fake {
    body: Box<Body>,
    refused: &'static str,
}

impl Execute for Fake {
    fn check(&self, tenant: Option<&Tenant>, _: bool) -> Result<(), PlatformError> {
        match tenant {
            Some(tenant) if tenant.slug == self.refused => Err(PlatformError::Corrupt { path: "2.db".into() }),
            _ => Ok(()),
        }
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
        work: Box::new(Fake { body: Box::new(body), refused: "refused" }),
        compiled_for: Duration::ZERO,
        arguments: vec![],
        input: String::new(),
        granted: std::collections::BTreeSet::new(),
    }
}

fn request() -> StartRequest {
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

/// An end with this outcome.
pub(crate) fn ended(outcome: Outcome) -> Ended {
    let report =
        Report { outcome, summary: String::new(), counts: vec![], tables: vec![], notes: vec![], details: None };
    Ended { result: Ok(report), receipt: Receipt::default() }
}
