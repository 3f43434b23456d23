//! Upkeep of `encargo:maintenance`: how rows are stored, and what puts the storage in order.

use std::ops::Range;

use encargo_backends::{Advice, Asked, BackendError, Measures, TenantFiles, Work};
use encargo_model::{ErrorCode, LoggedStatement, Permission, Run, Tenant, Text, Timestamp, text};

use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::bindings::encargo::types::types::Error;
use crate::state::State;

/// The piece of upkeep whose time is remembered: statistics of all relations of a tenant.
const ANALYZED: &str = "analyze";

/// How many statements of a tenant are looked at.
const MOST_STATEMENTS: u32 = 1_000;

type Statements = Result<Vec<String>, BackendError>;

impl State {
    pub(super) fn measured(&self, tenant: &str) -> Result<Vec<wit::Measure>, Error> {
        let measured = self.may(&Permission::Check("space".to_owned())).and_then(|()| {
            let tenant = self.find(tenant)?;
            let mut found = self.platform.files().storage(&tenant, self.work())?;
            let analyzed_at = self.host.upkeep().map_or(Ok(None), |host| host.done_at(tenant.id, ANALYZED));
            found.extend(analyzed_at.map_err(unavailable)?.map(|at| ("analyzed-at", at.0)));
            Ok(found)
        });
        self.answer(measured.map(measures))
    }

    pub(super) fn structure(&self, tenant: &str) -> Result<Vec<encargo_model::Damage>, BackendError> {
        self.may(&Permission::Check("integrity".to_owned()))?;
        let tenant = self.find(tenant)?;
        self.platform.files().structure(&tenant, self.clock.now(), self.work())
    }

    pub(super) fn analyzed(&self, tenant: &str, only_stale: bool) -> Result<Vec<String>, Error> {
        let done = self.keep_up(tenant, |files, tenant| {
            let statements = files.analyze(tenant, only_stale, self.work())?;
            // Those that were left out are as good as new.
            if let Some(host) = self.host.upkeep().filter(|_| !self.job.dry_run && !statements.is_empty()) {
                host.done(tenant.id, ANALYZED).map_err(unavailable)?;
            }
            Ok(statements)
        });
        self.answer(done)
    }

    pub(super) fn reindexed(&self, tenant: &str, only_loose: bool) -> Result<Vec<String>, Error> {
        self.answer(self.keep_up(tenant, |files, tenant| files.reindex(tenant, only_loose, self.work())))
    }

    pub(super) fn compacted(&self, tenant: &str) -> Result<Vec<String>, Error> {
        self.answer(self.keep_up(tenant, |files, tenant| files.compact(tenant, self.work())))
    }

    pub(super) fn flushed(&self, tenant: &str) -> Result<Vec<String>, Error> {
        self.answer(self.keep_up(tenant, |files, tenant| files.flush_log(tenant, self.work())))
    }

    pub(super) fn statements_of(&self, tenant: &str, most: u32) -> Result<Vec<wit::Statement>, Error> {
        let found = self.may(&Permission::Check("statements".to_owned())).and_then(|()| {
            let tenant = self.seen(tenant)?;
            let logged = self.logged(&tenant, most.min(MOST_STATEMENTS))?;
            let plans = self.platform.files().plans(&tenant, &logged, self.work())?;
            Ok(logged.into_iter().zip(plans).map(statement).collect())
        });
        self.answer(found)
    }

    pub(super) fn runs_of(&self, tenant: &str, began: Range<Timestamp>, most: u32) -> Result<Vec<wit::PastRun>, Error> {
        let found = self.may(&Permission::Check("statements".to_owned())).and_then(|()| {
            let (tenant, most) = (self.seen(tenant)?, most.min(MOST_STATEMENTS));
            // Runs know the slug alone, which an earlier tenant may have had.
            let began = began.start.max(self.platform.registry().registered_at(&tenant)?)..began.end;
            let longest =
                self.host.upkeep().map_or(Ok(Vec::new()), |host| host.longest_runs(&tenant.slug, began, most));
            longest.map_err(unavailable)
        });
        self.answer(found.map(|runs| runs.into_iter().map(past_run).collect()))
    }

    pub(super) fn advised(&self, tenant: &str, least_gain: u32) -> Result<Vec<wit::Advice>, Error> {
        let asked =
            ["statements", "space"].iter().try_for_each(|name| self.may(&Permission::Check((*name).to_owned())));
        let advice = asked.and_then(|()| {
            let tenant = self.find(tenant)?;
            let statements = self.logged(&tenant, MOST_STATEMENTS)?;
            let asked = Asked { statements: &statements, least_gain, run: self.job.run, now: self.clock.now() };
            self.platform.files().advise(&tenant, &asked, self.work())
        });
        let told = |advice: Advice| wit::Advice {
            kind: advice.kind.to_owned(),
            relation: advice.relation,
            index: advice.index,
            statement: advice.statement,
            detail: advice.detail.get(self.job.language).to_owned(),
            helps: advice.helps,
            measures: measures(advice.measures),
        };
        self.answer(advice.map(|advice| advice.into_iter().map(told).collect()))
    }

    /// What is remembered of statements; nothing where nobody remembers.
    fn logged(&self, tenant: &Tenant, most: u32) -> Result<Vec<LoggedStatement>, BackendError> {
        self.host.upkeep().map_or(Ok(Vec::new()), |host| host.statements(tenant.id, most)).map_err(unavailable)
    }

    /// What long work of the host's for this run goes by.
    pub(super) fn work(&self) -> Work<'_> {
        Work { interrupt: &self.control.interrupt, limits: &self.job.limits }
    }

    fn keep_up(&self, tenant: &str, work: impl FnOnce(&TenantFiles, &Tenant) -> Statements) -> Statements {
        self.may(&Permission::OptimizeDatabase)?;
        self.job.check_system(&text!(
            "put the storage of rows in order",
            "poner en orden el almacenamiento de las filas"
        ))?;
        let tenant = self.find(tenant)?;
        self.check_closed(&tenant)?;
        work(self.platform.files(), &tenant)
    }

    /// A transaction that the run itself has open would be waited for in vain.
    fn check_closed(&self, tenant: &Tenant) -> Result<(), BackendError> {
        self.here.rows.check_idle(&tenant.slug)
    }
}

fn measures(measures: Measures) -> Vec<wit::Measure> {
    measures.into_iter().map(|(name, value)| wit::Measure { name: name.to_owned(), value }).collect()
}

fn past_run(run: Run) -> wit::PastRun {
    let took = run.ended_at.map_or(0, |ended_at| ended_at.0.saturating_sub(run.started_at.0));
    wit::PastRun {
        id: run.id.to_string(),
        command: run.command,
        status: run.status.as_str().to_owned(),
        started_at: run.started_at.0,
        took_us: u64::try_from(took).unwrap_or_default(),
    }
}

fn statement((logged, plan): (LoggedStatement, Vec<String>)) -> wit::Statement {
    let measured = measures_of(&logged);
    let LoggedStatement { taken, command, .. } = logged;
    wit::Statement { id: taken.fingerprint, text: taken.text, command, plan, measures: measures(measured) }
}

/// What a statement took.
pub(super) fn measures_of(LoggedStatement { taken, first_at, last_at, .. }: &LoggedStatement) -> Measures {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let micros = |nanoseconds: u64| number(nanoseconds / 1_000);
    let mean = taken.total_ns / taken.calls.max(1);
    // A bound of a class may lie beyond the longest call there was.
    let p95 = taken.latency.p95().min(taken.longest_ns);
    vec![
        ("calls", number(taken.calls)),
        ("rows", number(taken.rows)),
        ("total-us", micros(taken.total_ns)),
        ("mean-us", micros(mean)),
        ("p95-us", micros(p95)),
        ("longest-us", micros(taken.longest_ns)),
        ("first-at", first_at.0),
        ("last-at", last_at.0),
    ]
}

pub(super) fn unavailable(problem: Text) -> BackendError {
    BackendError::new(ErrorCode::Unavailable, problem)
}
