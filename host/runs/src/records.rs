//! Where runs are recorded: the store, the time, and this process, which keeps a lease on what it runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use encargo_model::{ArgumentKind, ArgumentValue, Artefact, Clock, Effect, Exit, Run, RunId, StatementUse};
use encargo_store::{Begin, Begun, Held, Liveness, Store, StoreError, Worker};
use tokio::runtime::Handle;

use crate::start::Prepared;
use crate::{Observer, StartError, journal, liveness};

/// How often a held lock is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Where runs are recorded.
#[derive(Clone)]
pub(crate) struct Records {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) handle: Handle,
    pub(crate) worker: Worker,
    /// How long a run counts as alive without a renewal.
    pub(crate) lease: Duration,
}

impl Records {
    pub(crate) fn liveness(&self) -> Liveness<'_> {
        Liveness { now: self.clock.now(), host: &self.worker.host, is_alive: &liveness::is_alive }
    }

    /// Records runs whose process is gone as lost; answers those for which that cannot be written.
    pub(crate) async fn settle_lost(&self) -> Result<Vec<RunId>, StoreError> {
        match self.store.mark_lost(&self.liveness()).await {
            Ok(lost) => {
                journal::lost(&lost);
                Ok(Vec::new())
            }
            Err(error) if error.is_unwritable() || matches!(error, StoreError::Busy { .. }) => {
                self.store.find_lost(&self.liveness()).await
            }
            Err(error) => Err(error),
        }
    }

    /// Records that a run begins, and waits for its lock where the caller wants to. Answers the run with its id, and
    /// false when one that changes nothing goes on without a record, because nothing can be written.
    pub(crate) fn begin(
        &self,
        prepared: &Prepared,
        run: Run,
        locked: bool,
        observer: &Arc<dyn Observer>,
    ) -> Result<(Run, bool), StartError> {
        let (source, tier) = (prepared.source(), prepared.command.tier);
        let begin = Begin { run: &run, tier, source: &source, worker: &self.worker, lease: self.lease, locked };
        let began = Instant::now();
        let until = prepared.request.wait_lock.map(|wait| began + wait);
        let mut waits = false;
        loop {
            let liveness = self.liveness();
            let begun = self.handle.block_on(async {
                if run.attempts == 1 {
                    self.store.begin_run(&begin, &liveness).await
                } else {
                    self.store.resume_run(&begin, &liveness).await
                }
            });
            let held = match begun {
                Ok(Begun::Started(started)) => {
                    journal::lost(&started.lost);
                    if waits {
                        journal::waited(&run, began.elapsed());
                    }
                    return Ok((Run { id: started.run, ..run }, true));
                }
                Ok(Begun::Held(held)) => held,
                Err(why) if prepared.only_reads() && why.is_unwritable() => {
                    go_unrecorded(observer, &run, &why);
                    return Ok((run, false));
                }
                Err(error) => return Err(error.into()),
            };
            if until.is_none_or(|until| Instant::now() >= until) || observer.signal().is_some() {
                return Err(lock_held(prepared, &run, &held));
            }
            if !waits {
                waits = true;
                journal::waits(&run, &held);
            }
            // The timer belongs to the runtime, so it is made inside it.
            self.handle.block_on(async { tokio::time::sleep(LOOK_EVERY).await });
        }
    }

    /// Records that a run ended, where its beginning was.
    pub(crate) fn end(
        &self,
        prepared: &Prepared,
        run: Run,
        artefacts: &[Artefact],
        recorded: bool,
        observer: &Arc<dyn Observer>,
    ) -> Result<Run, StartError> {
        self.end_with(prepared, run, (artefacts, &[]), recorded, observer)
    }

    /// The same, with what the run's statements took.
    pub(crate) fn end_with(
        &self,
        prepared: &Prepared,
        run: Run,
        (artefacts, taken): (&[Artefact], &[StatementUse]),
        recorded: bool,
        observer: &Arc<dyn Observer>,
    ) -> Result<Run, StartError> {
        let now = self.clock.now();
        let run = Run { ended_at: Some(now), ..run };
        if !recorded {
            return Ok(run);
        }
        let ended = self.handle.block_on(self.store.end_run_with(&run, artefacts, taken, now));
        prepared.unless_unwritable(ended, &run, observer)?;
        Ok(run)
    }
}

/// Says that a run goes on, or went, without its record.
pub(crate) fn go_unrecorded(observer: &Arc<dyn Observer>, run: &Run, why: &StoreError) {
    journal::unrecorded(run, why);
    observer.unrecorded(run, why);
}

impl Prepared {
    /// What only reads has done its work whether or not that can be recorded: then the observer is told, and all is well.
    pub(crate) fn unless_unwritable(
        &self,
        recorded: Result<(), StoreError>,
        run: &Run,
        observer: &Arc<dyn Observer>,
    ) -> Result<(), StoreError> {
        match recorded {
            Err(why) if self.only_reads() && why.is_unwritable() => {
                go_unrecorded(observer, run, &why);
                Ok(())
            }
            recorded => recorded,
        }
    }

    /// Whether one run at a time of its command and tenant: what changes rows, and what writes files, which two runs
    /// side by side would mix.
    pub(crate) fn takes_lock(&self) -> bool {
        let writes_files = self.arguments.iter().any(|argument| {
            let Some(ArgumentValue::Path(path)) = &argument.value else { return false };
            path.kind == ArgumentKind::Output && path.path != "-"
        });
        !self.request.dry_run && (self.effect() != Effect::ReadOnly || writes_files)
    }
}

fn lock_held(prepared: &Prepared, run: &Run, held: &Held) -> StartError {
    StartError::LockHeld {
        command: run.command.clone(),
        tenant: run.tenant.clone(),
        run: held.run,
        pid: held.worker.pid,
        since: held.since,
        code: prepared.request.isolated.unwrap_or(Exit::LockHeld.code()),
    }
}

#[cfg(test)]
mod tests;
