//! What the host remembers from run to run for the upkeep of tenants' rows.

use std::ops::Range;
use std::path::PathBuf;

use encargo_model::{LoggedStatement, Orphan, OrphanKind, Run, StatementUse, Text, Timestamp};

/// What is remembered of tenants, each by its id: a later tenant of the same slug has none of it. `runs` implements it over
/// the engine store. It is called on the run's thread.
pub trait UpkeepHost: Send + Sync {
    /// When this piece of upkeep was last done to its end for a tenant.
    ///
    /// # Errors
    /// A sentence when nobody can tell.
    fn done_at(&self, tenant: i64, task: &str) -> Result<Option<Timestamp>, Text>;

    /// Remembers that it is done now.
    ///
    /// # Errors
    /// A sentence when it cannot be remembered.
    fn done(&self, tenant: i64, task: &str) -> Result<(), Text>;

    /// Takes what the run's statements took. It is remembered with the run's end.
    fn took(&self, statements: Vec<StatementUse>);

    /// The statements that took most in a tenant's rows, those that took most in all first.
    ///
    /// # Errors
    /// A sentence when nobody can tell.
    fn statements(&self, tenant: i64, most: u32) -> Result<Vec<LoggedStatement>, Text>;

    /// The runs inside a tenant that began from a time on until before another and took longest, the longest first. Dry runs
    /// are left out.
    ///
    /// # Errors
    /// A sentence when nobody can tell.
    fn longest_runs(&self, tenant: &str, began: Range<Timestamp>, most: u32) -> Result<Vec<Run>, Text>;

    /// Runs that are under way or were just found to be lost, locks of runs that have ended, and who is writing to these
    /// files of tenants; the run itself is left out.
    ///
    /// # Errors
    /// A sentence when nobody can tell.
    fn orphans(&self, files: &[(String, PathBuf)]) -> Result<Vec<Orphan>, Text>;

    /// Records a lost run as lost, or frees the lock of a run that has ended; whether it was there still.
    ///
    /// # Errors
    /// A sentence when it cannot be recorded.
    fn end_orphan(&self, kind: OrphanKind, name: &str) -> Result<bool, Text>;
}
