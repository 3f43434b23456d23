//! Who holds locks: the runs under way that change something.

use encargo_model::RunId;
use sqlx::Row;

use crate::{Store, StoreError};

impl Store {
    /// The holders of locks beside a run: each command with its run, the oldest first, ten at most.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn lock_holders(&self, beside: RunId) -> Result<Vec<(String, RunId)>, StoreError> {
        let mut connection = self.connection().await;
        let held = "SELECT command, run FROM locks WHERE run <> $1 ORDER BY taken_at, run LIMIT 10";
        let rows = sqlx::query(held).bind(beside.0).fetch_all(&mut *connection).await.map_err(self.failed())?;
        let holder = |row: &sqlx::sqlite::SqliteRow| Ok((row.try_get(0)?, RunId(row.try_get(1)?)));
        rows.iter().map(holder).collect::<Result<_, sqlx::Error>>().map_err(self.failed())
    }
}
