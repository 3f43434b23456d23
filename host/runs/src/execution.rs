//! One run from its record to its end: the only caller of the engine's `execute`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use encargo_engine::{Job, RunHost};
use encargo_model::{Artefact, Ended, Run, Tenant};
use encargo_store::{Begin, Begun, Held};

use crate::recorder::Recorder;
use crate::start::Prepared;
use crate::{LEASE, Observer, Runs, StartError};

/// How often a held lock is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

impl Runs {
    /// Records, executes and records again.
    pub(crate) fn execute(
        &self,
        prepared: &Prepared,
        run: Run,
        (tenant, selected): (Option<Tenant>, Option<Vec<String>>),
        resume: bool,
        observer: &Arc<dyn Observer>,
    ) -> Result<(Run, Vec<Artefact>), StartError> {
        if let Some(tenant) = &tenant {
            self.engine.check_tenant(tenant)?;
        }
        if !prepared.only_reads() {
            self.engine.check_writable(tenant.as_ref())?;
        }
        let recorded = self.begin(prepared, &run, !run.dry_run, observer)?;
        observer.started(&run);
        let request = &prepared.request;
        let parts = (self.store.clone(), Arc::clone(&self.clock), self.handle.clone());
        let password = request.admin_password.clone();
        let recorder = Arc::new(Recorder::new(run.clone(), request.yes, password, Arc::clone(observer), parts));
        let keeping = recorded.then(|| self.handle.spawn(Arc::clone(&recorder).keep()));
        let mut limits = request.limits.clone();
        limits.wall_seconds = request.timeout.unwrap_or(limits.wall_seconds);
        let job = Job {
            run: run.id,
            command: run.command.clone(),
            tier: prepared.command.tier,
            tenant,
            selected,
            started_at: run.started_at,
            attempt: run.attempts,
            dry_run: run.dry_run,
            language: run.language,
            environment: request.environment.clone(),
            arguments: prepared.arguments.clone(),
            requested: prepared.command.description.permissions.iter().cloned().collect(),
            granted: prepared.granted.clone(),
            limits,
            spent: prepared.compiled_for,
            resume_key: run.resume_key.clone(),
            resume,
            settings: request
                .fallbacks
                .settings
                .iter()
                .map(|(key, setting)| (key.clone(), setting.value.clone()))
                .collect(),
            tenant_folder: run.parent.is_some(),
            overwrite: request.overwrite,
        };
        let host: Arc<dyn RunHost> = Arc::clone(&recorder) as Arc<dyn RunHost>;
        let ended = self.engine.execute(&prepared.program, job, &host);
        if let Some(keeping) = keeping {
            keeping.abort();
        }
        let (artefacts, unrecorded) = recorder.finish();
        let run = self.end(prepared, ended_run(run, ended), &unrecorded, recorded, observer)?;
        observer.finished(&run);
        Ok((run, artefacts))
    }

    /// Records that a run begins, and waits for its lock where the caller wants to; false when a run that changes
    /// nothing goes on without a record, because nothing can be written.
    pub(crate) fn begin(
        &self,
        prepared: &Prepared,
        run: &Run,
        locked: bool,
        observer: &Arc<dyn Observer>,
    ) -> Result<bool, StartError> {
        let source = prepared.source();
        let begin =
            Begin { run, tier: prepared.command.tier, source: &source, worker: &self.worker, lease: LEASE, locked };
        let until = prepared.request.wait_lock.map(|wait| Instant::now() + wait);
        loop {
            let held = match self.handle.block_on(self.store.begin_run(&begin, &self.liveness())) {
                Ok(Begun::Started(_)) => return Ok(true),
                Ok(Begun::Held(held)) => held,
                Err(why) if prepared.only_reads() && why.is_unwritable() => {
                    observer.unrecorded(run, &why);
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            };
            if until.is_none_or(|until| Instant::now() >= until) || observer.signal().is_some() {
                return Err(lock_held(prepared, run, &held));
            }
            // The timer belongs to the runtime, so it is made inside it.
            self.handle.block_on(async { tokio::time::sleep(LOOK_EVERY).await });
        }
    }

    /// Records that a run ended, where its beginning was. What only reads has done its work whether or not its end can
    /// be recorded.
    pub(crate) fn end(
        &self,
        prepared: &Prepared,
        run: Run,
        artefacts: &[Artefact],
        recorded: bool,
        observer: &Arc<dyn Observer>,
    ) -> Result<Run, StartError> {
        let now = self.clock.now();
        let run = Run { ended_at: Some(now), ..run };
        if !recorded {
            return Ok(run);
        }
        match self.handle.block_on(self.store.end_run(&run, artefacts, now)) {
            Err(why) if prepared.only_reads() && why.is_unwritable() => observer.unrecorded(&run, &why),
            ended => ended?,
        }
        Ok(run)
    }
}

/// The record of a run that ended so.
pub(crate) fn ended_run(run: Run, ended: Ended) -> Run {
    let (status, exit) = (ended.status(), ended.exit());
    let (report, error, backtrace) = match ended.result {
        Ok(report) => (Some(report), None, None),
        Err(failure) => (None, Some((failure.code().to_owned(), failure.error.message)), failure.backtrace),
    };
    Run { status, exit: Some(exit), report, error, backtrace, receipt: ended.receipt, ..run }
}

fn lock_held(prepared: &Prepared, run: &Run, held: &Held) -> StartError {
    StartError::LockHeld {
        command: run.command.clone(),
        tenant: run.tenant.clone(),
        run: held.run,
        pid: held.worker.pid,
        since: held.since,
        code: prepared.request.isolated.unwrap_or(encargo_model::Exit::LockHeld.code()),
    }
}
