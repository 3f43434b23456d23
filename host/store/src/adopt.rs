//! Takes over what another store of the same installation had: commands that were added, what was granted, and the history.

use std::path::Path;

use sqlx::{Connection, Executor};

use crate::turn::begin;
use crate::{Store, StoreError};

/// What is taken over, in an order in which no row comes before what it refers to. Locks are of processes that are gone.
const TABLES: [&str; 11] = [
    "versions",
    "grants",
    "runs",
    "attempts",
    "run_logs",
    "artefacts",
    "commands",
    "command_versions",
    "drills",
    "tenant_upkeep",
    "statements",
];

impl Store {
    /// Takes over every row of another store's file that this one does not have, brought to this version first. It may
    /// be done again. How many runs there are afterwards.
    ///
    /// # Errors
    /// The file is corrupt or of a newer version, or this store cannot be written.
    pub async fn adopt(&self, other: &Path) -> Result<u64, StoreError> {
        Self::migrate(other).await?;
        let mut connection = self.connection().await;
        let attach = sqlx::query("ATTACH DATABASE $1 AS other").bind(other.to_string_lossy().into_owned());
        connection.execute(attach).await.map_err(self.failed())?;
        let taken = async {
            let mut transaction = begin!(self, connection);
            for table in TABLES {
                let columns = format!("SELECT group_concat('\"' || name || '\"') FROM pragma_table_info('{table}')");
                let columns: String = sqlx::query_scalar(sqlx::AssertSqlSafe(columns))
                    .fetch_one(&mut *transaction)
                    .await
                    .map_err(self.failed())?;
                let take = format!(
                    "INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM other.{table} ORDER BY 1"
                );
                transaction.execute(sqlx::AssertSqlSafe(take)).await.map_err(self.failed())?;
            }
            let runs: i64 = sqlx::query_scalar("SELECT count(*) FROM main.runs")
                .fetch_one(&mut *transaction)
                .await
                .map_err(self.failed())?;
            transaction.commit().await.map_err(self.failed())?;
            Ok(runs.unsigned_abs())
        }
        .await;
        connection.execute("DETACH DATABASE other").await.map_err(self.failed())?;
        taken
    }
}

#[cfg(test)]
mod tests {
    use crate::samples::{Folder, at, block_on, now, run_of};

    #[test]
    fn what_another_store_had_is_taken_over_once_and_own_rows_stay() {
        block_on(async {
            let (old, new) = (Folder::new().await, Folder::new().await);
            let [earlier, own] = [old.open().await, new.open().await];
            earlier.begin_run(&at(&run_of(1, "cleanup", None)), &now(0)).await.unwrap();
            let grant = "read:chats".parse().unwrap();
            earlier.grant("hello", &grant, encargo_model::Timestamp(1)).await.unwrap();
            own.begin_run(&at(&run_of(2, "restore", None)), &now(0)).await.unwrap();
            for _ in 0..2 {
                assert_eq!(own.adopt(&old.path).await.unwrap(), 2);
            }
            assert!(own.grants("hello").await.unwrap().granted.contains(&grant));
        });
    }
}
