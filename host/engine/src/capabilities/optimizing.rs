//! Upkeep of `encargo:maintenance`: how rows are stored, and what puts the storage in order.

use encargo_backends::{BackendError, TenantFiles, Work};
use encargo_model::{ErrorCode, Permission, Tenant, Text, text};

use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::bindings::encargo::types::types::Error;
use crate::state::State;

/// The piece of upkeep whose time is remembered: statistics of all relations of a tenant.
const ANALYZED: &str = "analyze";

type Statements = Result<Vec<String>, BackendError>;

impl State {
    pub(super) fn measured(&self, tenant: &str) -> Result<Vec<wit::Measure>, Error> {
        let measured = self.may(&Permission::Check("space".to_owned())).and_then(|()| {
            let tenant = self.find(tenant)?;
            let mut measures = self.platform.files().storage(&tenant, self.work())?;
            let analyzed_at = self.host.upkeep().map_or(Ok(None), |host| host.done_at(tenant.id, ANALYZED));
            measures.extend(analyzed_at.map_err(unavailable)?.map(|at| ("analyzed-at", at.0)));
            Ok(measures.into_iter().map(|(name, value)| wit::Measure { name: name.to_owned(), value }).collect())
        });
        self.answer(measured)
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

fn unavailable(problem: Text) -> BackendError {
    BackendError::new(ErrorCode::Unavailable, problem)
}
