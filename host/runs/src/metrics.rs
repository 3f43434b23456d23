//! What is known of runs and their statements, over the engine store.

use std::path::PathBuf;

use encargo_engine::{MetricsHost, RunCounts};
use encargo_model::{LoggedStatement, RunStatus, Text, Timestamp, Worded as _};
use encargo_store::{RunCount, written_by_others};

use crate::recorder::Recorder;

impl MetricsHost for Recorder {
    fn runs(&self, since: Timestamp) -> Result<RunCounts, Text> {
        let counted = self.handle.block_on(self.store.count_runs(self.run.id, since));
        let mut counts = RunCounts::default();
        for RunCount { status, n, pages } in counted.map_err(|error| error.text())? {
            counts.pages.take_in(pages);
            match status {
                RunStatus::Running => counts.running += n,
                RunStatus::Succeeded | RunStatus::Skipped => counts.succeeded += n,
                RunStatus::Problems => counts.problems += n,
                _ => counts.failed += n,
            }
        }
        Ok(counts)
    }

    fn statements_since(&self, since: Timestamp, most: u32) -> Result<Vec<LoggedStatement>, Text> {
        self.handle.block_on(self.store.statements_since(since, most)).map_err(|error| error.text())
    }

    fn written(&self, databases: &[PathBuf]) -> Option<usize> {
        written_by_others(databases, self.records.worker.pid)
    }
}
