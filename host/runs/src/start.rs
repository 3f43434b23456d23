//! From a request to a run that has ended.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use encargo_catalog::{Catalog, Command, Source};
use encargo_engine::Waiting;
use encargo_model::{
    ArgumentKind, ArgumentValue, Description, Digest, Effect, Origin, Receipt, ResolvedArgument, Run, RunId, RunStatus,
    next_id,
};

use crate::arguments::{host_flag, resolve};
use crate::execution::{Execute, Loaded, Share};
use crate::records::Records;
use crate::request::{Resume, StartRequest};
use crate::resume_key::resume_key;
use crate::tenants::Audience;
use crate::{Finished, Observer, Runs, StartError, journal};

/// What all shares of a run have in common.
pub(crate) struct Prepared {
    pub(crate) request: StartRequest,
    pub(crate) command: Command,
    /// All commands that there are.
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) digest: Digest,
    pub(crate) work: Box<dyn Execute>,
    /// How much of every share's wall time making it ready took.
    pub(crate) compiled_for: Duration,
    pub(crate) arguments: Vec<ResolvedArgument>,
    /// A digest of the input files.
    pub(crate) input: String,
    pub(crate) granted: std::collections::BTreeSet<encargo_model::Permission>,
}

impl Runs {
    /// Starts a run and comes back when it has ended; whatever happens in it is in the record.
    ///
    /// # Errors
    /// When nothing was started.
    pub fn start(&self, request: StartRequest, observer: &Arc<dyn Observer>) -> Result<Finished, StartError> {
        let command = self.catalog.find(&request.command)?;
        let name = command.description.name.clone();
        self.start_found(command, request, observer).inspect_err(|error| journal::refused(&name, error))
    }

    fn start_found(
        &self,
        command: Command,
        request: StartRequest,
        observer: &Arc<dyn Observer>,
    ) -> Result<Finished, StartError> {
        let request = request.for_tier(command.tier);
        let audience = match &command.owner {
            Some(owner) => Audience::One(self.owning(owner, &command.description.name, &request)?),
            None => self.audience(&command.description, &request)?,
        };
        let now = self.records.clock.now();
        let arguments = resolve(&command.description, &request.arguments, &request.fallbacks, now)
            .map_err(StartError::Arguments)?;
        if let Audience::Several(_) = audience {
            refuse_single_output(&arguments)?;
        }
        let input = self.engine.check_paths(&arguments)?;
        let parallel = host_flag(&command.description, "parallel", &request.fallbacks)
            .map_err(|problem| StartError::Arguments(vec![problem]))?;
        let component = self.catalog.load(&command, self.engine.cache(), self.records.clock.now())?;
        // The wall limit begins here: a component that was never run before is compiled first.
        let began = Instant::now();
        let waiting = Waiting {
            most: request.timeout.unwrap_or(request.limits.wall_seconds),
            signal: &|| observer.signal(),
            slow: &|| observer.compiling(&request.command),
        };
        let refused = |source| StartError::Load { command: request.command.clone(), source };
        let program = match self.engine.compiled(&component.code).map_err(refused)? {
            Some(program) => program,
            None => {
                let bytes = component.bytes()?;
                self.engine.compile(&component.code, &bytes, command.tier, &waiting).map_err(refused)?
            }
        };
        let compiled_for = began.elapsed();
        let work: Box<dyn Execute> = Box::new(Loaded { engine: Arc::clone(&self.engine), program });
        let mut granted = self.records.handle.block_on(self.catalog.granted(&command))?;
        if command.description.effect_with(&arguments) == Effect::ReadOnly {
            // Whatever the command's code does, a run that only reads has nothing to change anything with.
            granted.retain(|permission| !permission.changes());
        }
        let parallel = request.parallel.or(parallel).unwrap_or(1).max(1);
        let digest = component.digest;
        let prepared = Prepared {
            request,
            command,
            catalog: Arc::clone(&self.catalog),
            digest,
            work,
            compiled_for,
            arguments,
            input,
            granted,
        };
        let finished = match audience {
            Audience::System(selected) => self.records.single(&prepared, None, selected, observer),
            Audience::One(tenant) => self.records.single(&prepared, Some(tenant), None, observer),
            Audience::Several(tenants) => self.records.fan_out(&prepared, tenants, parallel, observer),
        };
        // Old runs are in nobody's way for an hour more.
        let records = &self.records;
        let _ = records.handle.block_on(records.store.prune(&self.retention, records.clock.now()));
        finished
    }
}

impl Records {
    fn single(
        &self,
        prepared: &Prepared,
        tenant: Option<encargo_model::Tenant>,
        selected: Option<Vec<String>>,
        observer: &Arc<dyn Observer>,
    ) -> Result<Finished, StartError> {
        let slug = tenant.as_ref().map(|tenant| tenant.slug.as_str());
        let (mut run, resume) = self.record_for(prepared, slug, None)?;
        if !resume {
            self.tell_of_earlier(prepared, &[slug], observer)?;
        }
        if let Some(selected) = &selected {
            run.arguments.insert(0, selection(selected));
        }
        let share = Share { tenant, selected, resume, timeout: prepared.request.timeout, ..Share::default() };
        // The process's first thread has whatever stack the shell gave it.
        let (run, artefacts) = thread::scope(|scope| {
            let work = || self.execute(prepared, run, share, observer);
            let started = prepared.work.thread().spawn_scoped(scope, work);
            let thread = started.map_err(|error| StartError::Thread(error.to_string()))?;
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        Ok(Finished { run, children: Vec::new(), artefacts })
    }

    /// The record of a run to begin or to go on with, and whether it goes on from a checkpoint.
    pub(crate) fn record_for(
        &self,
        prepared: &Prepared,
        tenant: Option<&str>,
        parent: Option<RunId>,
    ) -> Result<(Run, bool), StartError> {
        let request = &prepared.request;
        let key = prepared.resume_key(tenant);
        let fresh = self.fresh(prepared, tenant, parent, key.clone());
        let Some(resume) = request.resume.filter(|_| !request.dry_run && !request.restart) else {
            return Ok((fresh, false));
        };
        let earlier = self.handle.block_on(async {
            self.settle_lost().await?;
            match resume {
                // The id of a run over several tenants is its parent's; each share is found by its own work.
                Resume::Run(id) if parent.is_none() => self.store.resumable(id).await,
                _ => self.store.newest_resumable(&key).await,
            }
        })?;
        match earlier {
            Some(earlier) if earlier.resume_key == key => {
                let attempts = earlier.attempts + 1;
                let going_on = Run {
                    attempts,
                    digest: fresh.digest,
                    version: fresh.version,
                    arguments: fresh.arguments,
                    ..earlier
                };
                Ok((Run { status: RunStatus::Running, exit: None, ended_at: None, ..going_on }, true))
            }
            // A tenant whose share came to its end before has nothing to go on with, and is run again.
            _ if parent.is_some() => Ok((fresh, false)),
            _ => Err(StartError::NothingToResume(request.command.clone())),
        }
    }

    /// Says once, for all tenants, that runs of the same work ended early and are not gone on with.
    pub(crate) fn tell_of_earlier(
        &self,
        prepared: &Prepared,
        tenants: &[Option<&str>],
        observer: &Arc<dyn Observer>,
    ) -> Result<(), StartError> {
        let request = &prepared.request;
        if request.dry_run || request.restart || request.resume.is_some() {
            return Ok(());
        }
        let earlier = self.handle.block_on(async {
            self.settle_lost().await?;
            let mut earlier = Vec::new();
            for tenant in tenants {
                earlier.extend(self.store.newest_resumable(&prepared.resume_key(*tenant)).await?);
            }
            Ok::<_, encargo_store::StoreError>(earlier)
        })?;
        if !earlier.is_empty() {
            observer.could_resume(&earlier);
        }
        Ok(())
    }

    pub(crate) fn fresh(
        &self,
        prepared: &Prepared,
        tenant: Option<&str>,
        parent: Option<RunId>,
        resume_key: String,
    ) -> Run {
        let now = self.clock.now();
        Run {
            id: RunId(next_id(now, 1, 0)),
            parent,
            command: prepared.command.description.name.clone(),
            digest: prepared.digest.clone(),
            version: prepared.command.description.version.clone(),
            tenant: tenant.map(str::to_owned),
            trigger: if parent.is_some() { encargo_model::Trigger::Command } else { prepared.request.trigger },
            arguments: stored(&prepared.command.description, &prepared.arguments),
            resume_key,
            dry_run: prepared.request.dry_run,
            language: prepared.request.language,
            status: RunStatus::Running,
            exit: None,
            started_at: now,
            ended_at: None,
            attempts: 1,
            report: None,
            error: None,
            backtrace: None,
            receipt: Receipt::default(),
        }
    }
}

impl Prepared {
    /// Whether it changes nothing, so that it can do its work where nothing can be written.
    pub(crate) fn only_reads(&self) -> bool {
        self.request.dry_run || self.effect() == Effect::ReadOnly
    }

    /// What it does to data with these arguments.
    pub(crate) fn effect(&self) -> Effect {
        self.command.description.effect_with(&self.arguments)
    }

    /// What the work in a tenant is known by.
    fn resume_key(&self, tenant: Option<&str>) -> String {
        resume_key(&self.command.description, tenant, &self.arguments, &self.input)
    }

    /// Where the component came from, as the store keeps it.
    pub(crate) fn source(&self) -> String {
        match &self.command.source {
            Source::Packaged => "packaged".to_owned(),
            Source::File(path) | Source::Version { path, .. } => path.display().to_string(),
        }
    }
}

/// `--tenant` of a run of system scope, as it is recorded.
fn selection(slugs: &[String]) -> ResolvedArgument {
    let value = Some(ArgumentValue::Texts(slugs.to_vec()));
    ResolvedArgument { name: "tenant".to_owned(), value, origin: Origin::Given, written: slugs.join(",") }
}

/// Arguments as they are recorded: without the values of secrets.
fn stored(description: &Description, arguments: &[ResolvedArgument]) -> Vec<ResolvedArgument> {
    let is_secret = |name: &str| description.argument(name).is_some_and(|spec| spec.secret);
    arguments
        .iter()
        .map(|argument| {
            let value = argument.value.clone().filter(|_| !is_secret(&argument.name));
            ResolvedArgument { value, ..argument.clone() }
        })
        .collect()
}

/// A file, or a name that can only be one, cannot take the output of several tenants.
fn refuse_single_output(arguments: &[ResolvedArgument]) -> Result<(), StartError> {
    for argument in arguments {
        if let Some(ArgumentValue::Path(value)) = &argument.value
            && value.kind == ArgumentKind::Output
        {
            let path = std::path::Path::new(&value.path);
            if value.path == "-" || path.is_file() || (!path.is_dir() && path.extension().is_some()) {
                return Err(StartError::SingleOutput(value.path.clone()));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
