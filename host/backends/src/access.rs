//! What one run may do with a database.

use std::collections::BTreeSet;
use std::sync::Arc;

use encargo_model::{Clock, Limits, Permission, RunId};

use crate::{Interrupt, Ledger, MadeMedia, Meter, StatementLog};

/// What one run may do with a tenant's rows, and what it is known by there.
#[derive(Clone)]
pub struct Access {
    /// What was requested and granted; everything else is denied.
    pub permissions: BTreeSet<Permission>,
    /// Sizes of statements, values and the file, and their times.
    pub limits: Limits,
    /// Ends statements and waits from another thread.
    pub interrupt: Arc<Interrupt>,
    /// Counts the statements of all the run's databases, and times them.
    pub meter: Arc<Meter>,
    /// Under what the run's checkpoints are kept: its resume key.
    pub checkpoint_key: String,
    /// The run, for the checkpoints' rows.
    pub run: RunId,
    /// What the run committed; every one of its databases adds to it.
    pub ledger: Ledger,
    /// What it made among the tenants' media; every one of its databases tells it of its commits.
    pub media: MadeMedia,
    /// What its statements took; every one of its databases adds to it.
    pub statements: StatementLog,
    /// Where ids and times come from.
    pub clock: Arc<dyn Clock>,
}
