//! What the engine sees of a run: log lines on their way to the store and to whoever watches, and the run's lease.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use encargo_engine::RunHost;
use encargo_model::{Artefact, Clock, Ended, Exit, LogLevel, LogLine, Progress, Run, RunStatus, Signal};
use encargo_store::{Store, StoreError};

use crate::execution::ended_run;
use crate::{LEASE, Observer};

/// Lines are stored at least this often.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// The lease is renewed at every tenth flush.
const RENEW_EVERY: u32 = 10;
/// How long the record of a stuck run may take: its process ends, recorded or not.
const LAST_RECORD: Duration = Duration::from_secs(2);
/// More lines than this are stored at once.
const MOST_PENDING: usize = 500;

/// One run's host.
pub(crate) struct Recorder {
    run: Run,
    yes: bool,
    admin_password: Option<String>,
    observer: Arc<dyn Observer>,
    store: Store,
    clock: Arc<dyn Clock>,
    handle: tokio::runtime::Handle,
    pending: Mutex<Vec<LogLine>>,
    artefacts: Mutex<Vec<Artefact>>,
    /// Those of them that could not be recorded yet.
    unrecorded: Mutex<Vec<Artefact>>,
    taken_over: AtomicBool,
}

impl Recorder {
    pub(crate) fn new(
        run: Run,
        yes: bool,
        admin_password: Option<String>,
        observer: Arc<dyn Observer>,
        (store, clock, handle): (Store, Arc<dyn Clock>, tokio::runtime::Handle),
    ) -> Self {
        Self {
            run,
            yes,
            admin_password,
            observer,
            store,
            clock,
            handle,
            pending: Mutex::default(),
            artefacts: Mutex::default(),
            unrecorded: Mutex::default(),
            taken_over: AtomicBool::new(false),
        }
    }

    /// Stores lines and renews the lease until it is aborted.
    pub(crate) async fn keep(self: Arc<Self>) {
        let mut turn = 0_u32;
        loop {
            tokio::time::sleep(FLUSH_EVERY).await;
            self.store_pending().await;
            turn += 1;
            if turn.is_multiple_of(RENEW_EVERY) {
                let renewed = self.store.renew(&self.run, self.clock.now(), LEASE).await;
                if matches!(renewed, Ok(false)) {
                    self.taken_over.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    /// Stores what is pending and hands over what was published, and then what of it is still to be recorded.
    pub(crate) fn finish(&self) -> (Vec<Artefact>, Vec<Artefact>) {
        self.handle.block_on(self.store_pending());
        let take = |artefacts: &Mutex<Vec<_>>| std::mem::take(&mut *lock(artefacts));
        (take(&self.artefacts), take(&self.unrecorded))
    }

    async fn store_pending(&self) {
        let lines = std::mem::take(&mut *lock(&self.pending));
        if !lines.is_empty() {
            // A log that cannot be stored is still shown; the run itself goes on.
            let _ = self.store.append_log(self.run.id, &lines).await;
        }
    }
}

impl Recorder {
    /// Records this run's end, and that of the run which it is a share of, in the place of threads that are stuck.
    async fn record_end(&self, ended: &Ended) -> Result<(), StoreError> {
        self.store_pending().await;
        let now = self.clock.now();
        let run = ended_run(Run { ended_at: Some(now), ..self.run.clone() }, ended.clone());
        let published = std::mem::take(&mut *lock(&self.unrecorded));
        self.store.end_run(&run, &published, now).await?;
        let Some(parent) = run.parent else { return Ok(()) };
        if let Some(parent) = self.store.run(parent).await?.filter(|parent| parent.status == RunStatus::Running) {
            let parent = Run { status: run.status, exit: run.exit, error: run.error, ended_at: Some(now), ..parent };
            self.store.end_run(&parent, &[], now).await?;
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
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
            pending.len() >= MOST_PENDING
        };
        if full {
            self.handle.block_on(self.store_pending());
        }
    }

    fn log_enabled(&self, level: LogLevel) -> bool {
        level >= LogLevel::Info || level >= self.observer.least_level()
    }

    fn progress(&self, progress: Progress) {
        self.observer.progress(&self.run, &progress);
    }

    fn artefact(&self, artefact: &Artefact) {
        // At once: only what is recorded is replaced by a later run, and this one may be killed before its end.
        if self.handle.block_on(self.store.publish(self.run.id, artefact)).is_err() {
            lock(&self.unrecorded).push(artefact.clone());
        }
        lock(&self.artefacts).push(artefact.clone());
    }

    fn published_before(&self, path: &str) -> Option<String> {
        // A store that cannot be read knows of no file; the one that is there then stays.
        self.handle.block_on(self.store.published(&self.run.command, path)).ok().flatten()
    }

    fn confirm(&self, question: &str, is_over: &dyn Fn() -> bool) -> bool {
        self.yes || self.observer.confirm(&self.run, question, is_over)
    }

    fn signal(&self) -> Option<Signal> {
        let taken_over = || self.taken_over.load(Ordering::Relaxed).then_some(Signal::Terminate);
        self.observer.signal().or_else(taken_over)
    }

    fn admin_password(&self) -> Option<String> {
        self.admin_password.clone()
    }

    fn can_show_password(&self) -> bool {
        self.observer.can_show_password()
    }

    fn show_password(&self, email: &str, password: &str) {
        self.observer.show_password(email, password);
    }

    fn abandoned(&self, ended: &Ended) {
        // What cannot be recorded in time is found later as a run whose process is gone.
        let _ = self.handle.block_on(async { tokio::time::timeout(LAST_RECORD, self.record_end(ended)).await });
        self.observer.abandoned(&self.run, ended);
    }

    fn leave(&self, exit: Exit) {
        // Unlike `std::process::exit` it waits for no lock of standard output.
        signal_hook::low_level::exit(i32::from(exit.code()));
    }
}
