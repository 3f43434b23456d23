//! Runs that are under way, those that were just found to be lost, and locks whose run has ended.

use encargo_model::{RunId, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Store, StoreError, Worker};

/// A run that is recorded as under way, or that was recorded as lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderWay {
    /// The run.
    pub run: RunId,
    /// Its command.
    pub command: String,
    /// Its tenant.
    pub tenant: Option<String>,
    /// Its process.
    pub worker: Worker,
    /// When it began.
    pub started_at: Timestamp,
    /// Whether it is recorded as lost.
    pub is_lost: bool,
}

/// A lock whose run has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The run that took it.
    pub run: RunId,
    /// The command that it keeps from running.
    pub command: String,
    /// In this tenant; empty for none.
    pub tenant: String,
    /// When it was taken.
    pub taken_at: Timestamp,
}

impl Store {
    /// The runs that are under way, and those that were recorded as lost since a time.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn under_way(&self, lost_since: Timestamp) -> Result<Vec<UnderWay>, StoreError> {
        let sql = "SELECT id, command, tenant, worker_host, worker_pid, worker_started, started_at, status FROM runs
            WHERE status = 'running' OR status = 'lost' AND ended_at >= $1 ORDER BY id";
        let one = |row: &SqliteRow| {
            Ok(UnderWay {
                run: RunId(row.try_get("id")?),
                command: row.try_get("command")?,
                tenant: row.try_get("tenant")?,
                worker: Worker::of(row)?,
                started_at: Timestamp(row.try_get("started_at")?),
                is_lost: row.try_get::<String, _>("status")? == "lost",
            })
        };
        let mut connection = self.connection().await;
        let found = sqlx::query(sql).bind(lost_since.0).fetch_all(&mut *connection).await;
        found.and_then(|rows| rows.iter().map(one).collect()).map_err(self.failed())
    }

    /// The locks whose run has ended.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn left_locks(&self) -> Result<Vec<Leftover>, StoreError> {
        let sql = "SELECT locks.command, locks.tenant, locks.run, locks.taken_at FROM locks
            JOIN runs ON runs.id = locks.run WHERE runs.status <> 'running' ORDER BY locks.run";
        let one = |row: &SqliteRow| {
            Ok(Leftover {
                run: RunId(row.try_get("run")?),
                command: row.try_get("command")?,
                tenant: row.try_get("tenant")?,
                taken_at: Timestamp(row.try_get("taken_at")?),
            })
        };
        let mut connection = self.connection().await;
        let found = sqlx::query(sql).fetch_all(&mut *connection).await;
        found.and_then(|rows| rows.iter().map(one).collect()).map_err(self.failed())
    }

    /// Frees the lock of a run that has ended; whether there was one.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn free_left_lock(&self, run: RunId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM locks WHERE run = $1
            AND EXISTS (SELECT 1 FROM runs WHERE runs.id = locks.run AND runs.status <> 'running')";
        let mut connection = self.connection().await;
        let freed = sqlx::query(sql).bind(run.0).execute(&mut *connection).await.map_err(self.failed())?;
        Ok(freed.rows_affected() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Folder, at, block_on, dead, now, run, run_of};

    #[test]
    fn runs_that_are_under_way_or_were_just_lost_are_told_and_locks_of_ended_ones_are_freed() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            store.begin_run(&at(&run_of(1, "cleanup", Some("acme"))), &now(0)).await.unwrap();
            store.mark_lost(&dead(5)).await.unwrap();
            store.begin_run(&at(&run_of(2, "import", None)), &now(6)).await.unwrap();
            let told =
                |found: Vec<UnderWay>| -> Vec<_> { found.into_iter().map(|one| (one.run.0, one.is_lost)).collect() };
            assert_eq!(told(store.under_way(Timestamp(5)).await.unwrap()), [(1, true), (2, false)]);
            assert_eq!(told(store.under_way(Timestamp(6)).await.unwrap()), [(2, false)]);
            assert_eq!(store.left_locks().await.unwrap(), []);
            assert!(!store.free_left_lock(run(2).id).await.unwrap(), "its run is under way");
            // As an older program left it.
            let left = "UPDATE runs SET status = 'failed' WHERE id = 2";
            sqlx::query(left).execute(&mut *store.connection().await).await.unwrap();
            let locks = store.left_locks().await.unwrap();
            assert_eq!(
                locks.iter().map(|lock| (lock.run.0, lock.command.as_str())).collect::<Vec<_>>(),
                [(2, "import")]
            );
            assert!(store.free_left_lock(locks[0].run).await.unwrap());
            assert_eq!(store.left_locks().await.unwrap(), []);
        });
    }
}
