//! What the host remembers of tenants from run to run, over the engine store.

use std::ops::Range;
use std::path::PathBuf;

use encargo_engine::UpkeepHost;
use encargo_model::{LoggedStatement, Orphan, OrphanKind, Run, StatementUse, Text, Timestamp, Worded as _};

use crate::recorder::{Recorder, lock};

impl UpkeepHost for Recorder {
    fn done_at(&self, tenant: i64, task: &str) -> Result<Option<Timestamp>, Text> {
        self.handle.block_on(self.store.upkeep_done_at(tenant, task)).map_err(|error| error.text())
    }

    fn done(&self, tenant: i64, task: &str) -> Result<(), Text> {
        self.handle.block_on(self.store.upkeep_done(tenant, task, self.clock.now())).map_err(|error| error.text())
    }

    fn took(&self, statements: Vec<StatementUse>) {
        lock(&self.taken).extend(statements);
    }

    fn statements(&self, tenant: i64, most: u32) -> Result<Vec<LoggedStatement>, Text> {
        self.handle.block_on(self.store.statements(tenant, most)).map_err(|error| error.text())
    }

    fn longest_runs(&self, tenant: &str, began: Range<Timestamp>, most: u32) -> Result<Vec<Run>, Text> {
        self.handle.block_on(self.store.longest_runs(tenant, began, most)).map_err(|error| error.text())
    }

    fn orphans(&self, files: &[(String, PathBuf)]) -> Result<Vec<Orphan>, Text> {
        self.handle.block_on(self.all_orphans(files)).map_err(|error| error.text())
    }

    fn end_orphan(&self, kind: OrphanKind, name: &str) -> Result<bool, Text> {
        let Ok(run) = name.parse() else { return Ok(false) };
        self.handle.block_on(self.end_an_orphan(kind, run)).map_err(|error| error.text())
    }
}
