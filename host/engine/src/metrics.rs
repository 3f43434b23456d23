//! What the engine store tells for `encargo:metrics`.

use std::path::PathBuf;

use encargo_model::{LoggedStatement, PageUse, Text, Timestamp};

/// How many runs are under way, and how those ended that did since a time; shares of a run count, the run itself does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunCounts {
    /// Under way.
    pub running: u64,
    /// Ended well; also those that were skipped.
    pub succeeded: u64,
    /// Ended with problems that they found.
    pub problems: u64,
    /// Ended in any other way.
    pub failed: u64,
    /// The pages of rows that those which ended asked for.
    pub pages: PageUse,
}

/// What is known of runs and their statements. `runs` implements it over the engine store. It is called on the run's thread.
pub trait MetricsHost: Send + Sync {
    /// The runs but for this one.
    ///
    /// # Errors
    /// A sentence when nobody can tell.
    fn runs(&self, since: Timestamp) -> Result<RunCounts, Text>;

    /// The statements of runs that ended at this time or later, those that took most in all first.
    ///
    /// # Errors
    /// A sentence when nobody can tell.
    fn statements_since(&self, since: Timestamp, most: u32) -> Result<Vec<LoggedStatement>, Text>;

    /// How many of these databases another process is writing to; none where the system does not tell.
    fn written(&self, databases: &[PathBuf]) -> Option<usize>;
}
