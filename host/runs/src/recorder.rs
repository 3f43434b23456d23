//! What the engine sees of a run: log lines on their way to the store and to whoever watches, and the run's end.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use encargo_catalog::Catalog;
use encargo_engine::{MetricsHost, RunHost, UpkeepHost};
use encargo_model::{
    Artefact, Board, Clock, Damage, Ended, Exit, LogLevel, LogLine, Progress, Run, RunId, RunStatus, Signal,
    StatementUse, Text, Timestamp, Worded,
};
use encargo_store::{Store, StoreError};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::execution::ended_run;
use crate::lease::Lease;
use crate::records::Records;
use crate::start::Prepared;
use crate::{Observer, journal};

/// Lines are stored at least this often.
const STORE_EVERY: Duration = Duration::from_secs(1);
/// How long the record of a stuck run may take: its process ends, recorded or not.
const LAST_RECORD: Duration = Duration::from_secs(2);
/// More lines than this are stored at once.
const MOST_PENDING: usize = 500;

/// One run's host.
pub(crate) struct Recorder {
    pub(crate) run: Run,
    /// Tells which other runs are there still.
    pub(crate) records: Records,
    yes: bool,
    admin_password: Option<String>,
    observer: Arc<dyn Observer>,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) handle: tokio::runtime::Handle,
    catalog: Arc<Catalog>,
    pending: Mutex<Vec<LogLine>>,
    /// Held while lines are stored, so that they are in the order in which they came.
    storing: tokio::sync::Mutex<()>,
    artefacts: Mutex<Vec<Artefact>>,
    /// Those of them that could not be recorded yet.
    unrecorded: Mutex<Vec<Artefact>>,
    /// What the run's statements took.
    pub(crate) taken: Mutex<Vec<StatementUse>>,
    /// None for a run without a record.
    lease: Option<Arc<Lease>>,
}

impl Recorder {
    pub(crate) fn new(
        records: &Records,
        run: Run,
        prepared: &Prepared,
        observer: Arc<dyn Observer>,
        lease: Option<Arc<Lease>>,
    ) -> Self {
        Self {
            run,
            records: records.clone(),
            yes: prepared.request.yes,
            admin_password: prepared.request.admin_password.clone(),
            observer,
            store: records.store.clone(),
            clock: Arc::clone(&records.clock),
            handle: records.handle.clone(),
            catalog: Arc::clone(&prepared.catalog),
            pending: Mutex::default(),
            storing: tokio::sync::Mutex::default(),
            artefacts: Mutex::default(),
            unrecorded: Mutex::default(),
            taken: Mutex::default(),
            lease,
        }
    }

    /// Stores lines until the end is said.
    pub(crate) async fn store_regularly(self: Arc<Self>, mut end: watch::Receiver<bool>) {
        while timeout(STORE_EVERY, end.wait_for(|end| *end)).await.is_err() {
            // What could not be stored is tried again with the next lines, and at the end, which says so.
            let _ = self.store_pending().await;
        }
    }

    /// Stores what is pending and hands over what was published, and then what of it is still to be recorded, and
    /// whether all of the log is stored.
    pub(crate) fn finish(&self, recorded: bool) -> (Vec<Artefact>, Vec<Artefact>, Result<(), StoreError>) {
        let stored = if recorded { self.handle.block_on(self.store_pending()) } else { Ok(()) };
        let take = |artefacts: &Mutex<Vec<_>>| std::mem::take(&mut *lock(artefacts));
        (take(&self.artefacts), take(&self.unrecorded), stored)
    }

    /// Hands over what the run's statements took.
    pub(crate) fn taken(&self) -> Vec<StatementUse> {
        std::mem::take(&mut *lock(&self.taken))
    }

    async fn store_pending(&self) -> Result<(), StoreError> {
        let _in_order = self.storing.lock().await;
        let mut lines = std::mem::take(&mut *lock(&self.pending));
        if lines.is_empty() {
            return Ok(());
        }
        let stored = self.store.append_log(&self.run, &lines).await;
        if let Err(why) = &stored {
            journal::log_not_stored(&self.run, why);
            let mut pending = lock(&self.pending);
            lines.append(&mut pending);
            *pending = lines;
        }
        stored
    }
}

impl Recorder {
    /// Records this run's end, and that of the run which it is a share of, in the place of threads that are stuck.
    async fn record_end(&self, ended: &Ended) -> Result<(), StoreError> {
        // Its end is worth more than its last lines.
        let _ = self.store_pending().await;
        let now = self.clock.now();
        let run = ended_run(self.run.clone(), ended.clone());
        let published = std::mem::take(&mut *lock(&self.unrecorded));
        self.store.end_run(&run, &published, now).await?;
        journal::ended(&run);
        let Some(parent) = run.parent else { return Ok(()) };
        if let Some(parent) = self.store.run(parent).await?.filter(|parent| parent.status == RunStatus::Running) {
            let parent = Run { status: run.status, exit: run.exit, error: run.error, ..parent };
            self.store.end_run(&parent, &[], now).await?;
        }
        Ok(())
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RunHost for Recorder {
    fn log(&self, line: LogLine) {
        if line.level >= self.observer.least_level() {
            self.observer.log(&self.run, &line);
        }
        let full = {
            let mut pending = lock(&self.pending);
            pending.push(line);
            // Lines that could not be stored are tried again, and not with every further one.
            pending.len().is_multiple_of(MOST_PENDING)
        };
        if full && self.lease.is_some() {
            // As in `store_regularly`.
            let _ = self.handle.block_on(self.store_pending());
        }
    }

    fn log_enabled(&self, level: LogLevel) -> bool {
        level >= LogLevel::Info || level >= self.observer.least_level()
    }

    fn progress(&self, progress: Progress) {
        self.observer.progress(&self.run, &progress);
    }

    fn show(&self, board: &Board) {
        self.observer.show(&self.run, board);
    }

    fn artefact(&self, artefact: &Artefact) {
        // At once: only what is recorded is replaced by a later run, and this one may be killed before its end.
        if self.handle.block_on(self.store.publish(&self.run, artefact)).is_err() {
            lock(&self.unrecorded).push(artefact.clone());
        }
        lock(&self.artefacts).push(artefact.clone());
    }

    fn published_before(&self, path: &str) -> Vec<String> {
        // A store that cannot be read knows of no file; the one that is there then stays.
        self.handle.block_on(self.store.published(&self.run.command, path)).unwrap_or_default()
    }

    fn publishing(&self, path: &str, sha256: &str) {
        // A store that cannot be written to cannot be told afterwards either, which the end of the run says.
        let _ = self.handle.block_on(self.store.announce(&self.run, path, sha256));
    }

    fn confirm(&self, question: &str, is_over: &dyn Fn() -> bool) -> bool {
        self.yes || self.observer.confirm(&self.run, question, is_over)
    }

    fn signal(&self) -> Option<Signal> {
        let is_over = || self.lease.as_ref().is_some_and(|lease| lease.is_over());
        self.observer.signal().or_else(|| is_over().then_some(Signal::Terminate))
    }

    fn admin_password(&self) -> Option<String> {
        self.admin_password.clone()
    }

    fn configuration(&self, include_secrets: bool) -> Option<String> {
        self.observer.configuration(include_secrets)
    }

    fn can_show_password(&self) -> bool {
        self.observer.can_show_password()
    }

    fn show_password(&self, email: &str, password: &str) {
        self.observer.show_password(email, password);
    }

    fn show_key(&self, path: &Path, key: &str) {
        self.observer.show_key(path, key);
    }

    fn others_at_work(&self) -> Result<Vec<(String, RunId)>, Text> {
        self.handle.block_on(self.store.lock_holders(self.run.id)).map_err(|error| error.text())
    }

    fn adopt_engine_store(&self, path: &Path) -> Result<(), Text> {
        self.handle.block_on(self.store.adopt(path)).map(drop).map_err(|error| error.text())
    }

    fn command_damage(&self) -> Result<Vec<Damage>, Text> {
        self.handle.block_on(self.catalog.damage()).map_err(|error| error.text())
    }

    fn last_drill(&self) -> Result<Option<Timestamp>, Text> {
        let drills = self.handle.block_on(self.store.drills()).map_err(|error| error.text())?;
        Ok(drills.into_iter().find(|drill| drill.outcome == "restored").map(|drill| drill.at))
    }

    fn upkeep(&self) -> Option<&dyn UpkeepHost> {
        // A run without a record leaves nothing in the store.
        self.lease.is_some().then_some(self)
    }

    fn metrics(&self) -> Option<&dyn MetricsHost> {
        self.lease.is_some().then_some(self)
    }

    fn abandoned(&self, ended: &Ended) {
        // What cannot be recorded in time is found later as a run whose process is gone.
        let _ = self.handle.block_on(async { timeout(LAST_RECORD, self.record_end(ended)).await });
        self.observer.abandoned(&self.run, ended);
    }

    fn leave(&self, exit: Exit) {
        // Unlike `std::process::exit` it waits for no lock of standard output.
        signal_hook::low_level::exit(i32::from(exit.code()));
    }
}

#[cfg(test)]
mod tests;
