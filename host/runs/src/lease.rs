//! The lease of a run that is under way: renewed three times in its length, and the run's end when that fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use encargo_model::{Clock, Run};
use encargo_store::Store;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::journal;
use crate::records::Records;

/// One run's lease.
pub(crate) struct Lease {
    run: Run,
    store: Store,
    clock: Arc<dyn Clock>,
    length: Duration,
    /// Microseconds since 1970 at which it was last taken or renewed.
    renewed_at: AtomicI64,
    taken_over: AtomicBool,
    /// The lease of the run that this one is a share of.
    upper: Option<Arc<Lease>>,
}

impl Lease {
    /// The lease that beginning a run took.
    pub(crate) fn new(records: &Records, run: Run, upper: Option<Arc<Self>>) -> Self {
        let renewed_at = AtomicI64::new(records.clock.now().0);
        let (store, clock) = (records.store.clone(), Arc::clone(&records.clock));
        Self { run, store, clock, length: records.lease, renewed_at, taken_over: AtomicBool::new(false), upper }
    }

    /// Whether the run has to end: another process has it, or it was not renewed for two thirds of its length. The last
    /// third is for the end.
    pub(crate) fn is_over(&self) -> bool {
        let since = self.clock.now().0.saturating_sub(self.renewed_at.load(Ordering::Relaxed));
        let longest = i64::try_from(self.length.as_micros()).unwrap_or(i64::MAX) / 3 * 2;
        self.taken_over.load(Ordering::Relaxed)
            || since >= longest
            || self.upper.as_ref().is_some_and(|upper| upper.is_over())
    }

    /// Renews it until the end is said.
    async fn keep(self: Arc<Self>, mut end: watch::Receiver<bool>) {
        let mut pause = self.length / 3;
        while timeout(pause, end.wait_for(|end| *end)).await.is_err() && !self.taken_over.load(Ordering::Relaxed) {
            pause = if self.renew().await { self.length / 3 } else { self.length / 30 };
        }
    }

    /// Whether that succeeded; after a failure it is tried again soon.
    pub(crate) async fn renew(&self) -> bool {
        let now = self.clock.now();
        match self.store.renew(&self.run, now, self.length).await {
            Ok(true) => self.renewed_at.store(now.0, Ordering::Relaxed),
            Ok(false) => {
                journal::taken_over(&self.run);
                self.taken_over.store(true, Ordering::Relaxed);
            }
            Err(why) => {
                journal::not_renewed(&self.run, &why);
                return false;
            }
        }
        true
    }
}

/// What goes on beside a run until it is told to end.
pub(crate) struct Keeping {
    end: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Keeping {
    /// Keeps a lease.
    pub(crate) fn of(records: &Records, lease: &Arc<Lease>) -> Self {
        let (end, ended) = watch::channel(false);
        Self { end, tasks: vec![records.handle.spawn(Arc::clone(lease).keep(ended))] }
    }

    /// And does something more.
    pub(crate) fn and<T: Future<Output = ()> + Send + 'static>(
        mut self,
        records: &Records,
        task: impl FnOnce(watch::Receiver<bool>) -> T,
    ) -> Self {
        self.tasks.push(records.handle.spawn(task(self.end.subscribe())));
        self
    }

    /// Tells it to end, and waits until it has: nothing that it began is cut off.
    pub(crate) fn finish(self, records: &Records) {
        self.end.send_replace(true);
        records.handle.block_on(async {
            for task in self.tasks {
                // One that panicked has nothing more to do.
                let _ = task.await;
            }
        });
    }
}
