//! Reading runs that are recorded.

use encargo_model::{Artefact, LogLine, Run, RunId};
use encargo_store::{Liveness, RunFilter, StoreError};

use crate::{Runs, liveness};

/// Why no single run was found.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// None.
    #[error("there is no run `{0}`; `encargo runs list` shows them")]
    Unknown(String),
    /// More than one.
    #[error("`{0}` is the beginning of more than one run's id; give more of it")]
    Ambiguous(String),
    /// The engine store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Runs {
    /// Runs, the newest first. Runs whose process is gone are recorded as lost before.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn list(&self, filter: &RunFilter) -> Result<Vec<Run>, StoreError> {
        self.handle.block_on(async {
            self.store.mark_lost(&self.liveness()).await?;
            self.store.list_runs(filter).await
        })
    }

    /// The run with this id, the only one whose id begins so, or the `latest`.
    ///
    /// # Errors
    /// No such run, or more than one.
    pub fn find_run(&self, text: &str) -> Result<Run, FindError> {
        let found = if text == "latest" {
            self.list(&RunFilter { top_level: true, limit: 1, ..RunFilter::default() })?
        } else {
            self.handle.block_on(async {
                self.store.mark_lost(&self.liveness()).await?;
                self.store.find_runs(text).await
            })?
        };
        match <[Run; 1]>::try_from(found) {
            Ok([run]) => Ok(run),
            Err(none) if none.is_empty() => Err(FindError::Unknown(text.to_owned())),
            Err(_) => Err(FindError::Ambiguous(text.to_owned())),
        }
    }

    /// The tenants' shares of a run.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn children(&self, run: RunId) -> Result<Vec<Run>, StoreError> {
        let filter = RunFilter { parent: Some(run), limit: u32::MAX, ..RunFilter::default() };
        self.handle.block_on(self.store.list_runs(&filter))
    }

    /// Lines of a run's log after a position, with their positions.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn logs(&self, run: RunId, after: Option<i64>, limit: u32) -> Result<Vec<(i64, LogLine)>, StoreError> {
        self.handle.block_on(self.store.logs(run, after, limit))
    }

    /// What a run published.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn artefacts(&self, run: RunId) -> Result<Vec<Artefact>, StoreError> {
        self.handle.block_on(self.store.artefacts(run))
    }

    pub(crate) fn liveness(&self) -> Liveness<'_> {
        Liveness { now: self.clock.now(), host: &self.worker.host, is_alive: &liveness::is_alive }
    }
}
