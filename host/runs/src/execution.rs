//! One run from its record to its end: the only caller of the engine's `execute`.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use encargo_engine::{Engine, Job, PlatformError, Program, RunHost};
use encargo_model::{Artefact, Ended, FailureKind, Language, Run, Tenant, text};

use crate::lease::{Keeping, Lease};
use crate::recorder::Recorder;
use crate::records::Records;
use crate::start::Prepared;
use crate::{Observer, StartError, journal};

/// What is executed: a program in an engine, and in tests something that needs neither.
pub(crate) trait Execute: Send + Sync {
    /// Refuses a tenant in which nothing can be run, or nothing that changes it.
    fn check(&self, tenant: Option<&Tenant>, only_reads: bool) -> Result<(), PlatformError>;

    /// A thread with the stack that it needs.
    fn thread(&self) -> thread::Builder {
        thread::Builder::new()
    }

    /// Executes it to its end.
    fn execute(&self, job: Job, host: &Arc<dyn RunHost>) -> Ended;
}

/// A command's program, made ready.
pub(crate) struct Loaded {
    pub(crate) engine: Arc<Engine>,
    pub(crate) program: Program,
}

impl Execute for Loaded {
    fn check(&self, tenant: Option<&Tenant>, only_reads: bool) -> Result<(), PlatformError> {
        tenant.map_or(Ok(()), |tenant| self.engine.check_tenant(tenant))?;
        if only_reads { Ok(()) } else { self.engine.check_writable(tenant) }
    }

    fn thread(&self) -> thread::Builder {
        self.engine.thread()
    }

    fn execute(&self, job: Job, host: &Arc<dyn RunHost>) -> Ended {
        self.engine.execute(&self.program, job, host)
    }
}

/// What a run has of its own, beside what all shares have in common.
#[derive(Default)]
pub(crate) struct Share {
    pub(crate) tenant: Option<Tenant>,
    /// What `--tenant` selected for system scope.
    pub(crate) selected: Option<Vec<String>>,
    /// Whether it goes on from its checkpoint.
    pub(crate) resume: bool,
    /// The lease of the run that it is a share of.
    pub(crate) upper: Option<Arc<Lease>>,
    /// What is left of `--timeout`.
    pub(crate) timeout: Option<Duration>,
}

impl Records {
    /// Records, executes and records again.
    pub(crate) fn execute(
        &self,
        prepared: &Prepared,
        run: Run,
        Share { tenant, selected, resume, upper, timeout }: Share,
        observer: &Arc<dyn Observer>,
    ) -> Result<(Run, Vec<Artefact>), StartError> {
        prepared.work.check(tenant.as_ref(), prepared.only_reads())?;
        let (run, recorded) = self.begin(prepared, run, prepared.takes_lock(), observer)?;
        let _span = journal::span(&run).entered();
        journal::began(&run);
        observer.started(&run);
        let request = &prepared.request;
        // A run without a record has no lease to lose.
        let lease = recorded.then(|| Arc::new(Lease::new(self, run.clone(), upper)));
        let recorder = Arc::new(Recorder::new(self, run.clone(), prepared, Arc::clone(observer), lease.clone()));
        let keeping = lease
            .as_ref()
            .map(|lease| Keeping::of(self, lease).and(self, |end| Arc::clone(&recorder).store_regularly(end)));
        let mut limits = request.limits.clone();
        limits.wall_seconds = timeout.unwrap_or(limits.wall_seconds);
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
            verbosity: request.verbosity,
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
        let mut ended = prepared.work.execute(job, &host);
        if let Some(keeping) = keeping {
            keeping.finish(self);
        }
        if observer.signal().is_none() && lease.is_some_and(|lease| lease.is_over()) {
            name_the_lease(&mut ended, run.language);
        }
        let (artefacts, unrecorded, stored) = recorder.finish(recorded);
        let run =
            self.end_with(prepared, ended_run(run, ended), (&unrecorded, &recorder.taken()), recorded, observer)?;
        prepared.unless_unwritable(stored, &run, observer)?;
        journal::used(&run);
        journal::ended(&run);
        observer.finished(&run);
        Ok((run, artefacts))
    }
}

/// Nobody sent the signal that ended the run.
fn name_the_lease(ended: &mut Ended, language: Language) {
    if let Err(failure) = &mut ended.result
        && failure.kind == FailureKind::Terminated
    {
        let message = text!(
            "its lease in the engine store could not be renewed, so it was ended",
            "no se pudo renovar su plazo en el almacén del motor, así que se terminó"
        );
        failure.error.message = message.get(language).to_owned();
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

#[cfg(test)]
mod tests;
