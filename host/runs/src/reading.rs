//! Reading runs that are recorded.

use encargo_model::{Artefact, LogLine, Run, RunId, RunStatus, Text, Worded, english_display, text};
use encargo_store::{RunFilter, StoreError};

use crate::Runs;

/// Why no single run was found.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// None.
    Unknown(String),
    /// More than one.
    Ambiguous(String),
    /// The engine store cannot be read.
    Store(#[from] StoreError),
}

impl Worded for FindError {
    fn text(&self) -> Text {
        match self {
            Self::Unknown(id) => text!(
                "there is no run `{id}`; `encargo runs list` shows them",
                "no existe la ejecución `{id}`; `encargo runs list` las muestra"
            ),
            Self::Ambiguous(beginning) => text!(
                "`{beginning}` is the beginning of more than one run's id; give more of it",
                "`{beginning}` es el principio de más de un identificador de ejecución; dé más de él"
            ),
            Self::Store(error) => error.text(),
        }
    }
}

english_display!(FindError);

impl Runs {
    /// Runs, the newest first. Runs whose process is gone are recorded as lost before, and shown as lost where that
    /// cannot be recorded.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn list(&self, filter: &RunFilter) -> Result<Vec<Run>, StoreError> {
        self.records.handle.block_on(async {
            let lost = self.records.settle_lost().await?;
            if lost.is_empty() {
                return self.records.store.list_runs(filter).await;
            }
            let mut found =
                self.records.store.list_runs(&RunFilter { status: None, limit: u32::MAX, ..filter.clone() }).await?;
            found.iter_mut().for_each(|run| show_as_lost(run, &lost));
            found.retain(|run| filter.status.is_none_or(|status| run.status == status));
            found.truncate(filter.limit as usize);
            Ok(found)
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
            self.records.handle.block_on(async {
                let lost = self.records.settle_lost().await?;
                let mut found = self.records.store.find_runs(text).await?;
                found.iter_mut().for_each(|run| show_as_lost(run, &lost));
                Ok::<_, StoreError>(found)
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
        self.list(&RunFilter { parent: Some(run), limit: u32::MAX, ..RunFilter::default() })
    }

    /// Lines of a run's log after a position, with their positions.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn logs(&self, run: RunId, after: Option<i64>, limit: u32) -> Result<Vec<(i64, LogLine)>, StoreError> {
        self.records.handle.block_on(self.records.store.logs(run, after, limit))
    }

    /// What a run published.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn artefacts(&self, run: RunId) -> Result<Vec<Artefact>, StoreError> {
        self.records.handle.block_on(self.records.store.artefacts(run))
    }
}

/// What is found out of a run without being recorded: its process ended without a word.
fn show_as_lost(run: &mut Run, lost: &[RunId]) {
    if lost.contains(&run.id) {
        run.status = RunStatus::Lost;
    }
}

#[cfg(test)]
mod tests;
