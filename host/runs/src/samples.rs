//! Records, tenants and ends for the tests of this crate: a real store, and no engine.

mod commands;
mod installation;
mod lines;
mod watching;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use encargo_model::{
    Clock, CommandError, Ended, ErrorCode, Failure, FailureKind, Language, Outcome, Receipt, Report, Run, RunId,
    Tenant, Timestamp,
};
use encargo_store::{Store, ToRead};
use tokio::runtime::Runtime;

pub(crate) use commands::{prepared, request, without_threads};
pub(crate) use installation::Installation;
pub(crate) use lines::lines;
pub(crate) use watching::Watching;

use crate::records::Records;
use crate::start::Prepared;
use crate::{Observer, liveness};

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

    /// Records a run whose id is that of a later time, as a process with another clock does.
    pub(crate) fn record_later(&self, prepared: &Prepared) -> RunId {
        let fresh = self.records.fresh(prepared, None, None, String::new());
        let later = Run { id: RunId(1 << 52), ..fresh };
        let observer: Arc<dyn Observer> = Arc::new(Watching::default());
        self.records.begin(prepared, later, false, &observer).unwrap().0.id
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
