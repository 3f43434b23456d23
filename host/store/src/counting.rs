//! How many runs there are in which state.

use encargo_model::{PageUse, RunId, RunStatus, Timestamp};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::{Store, StoreError};

/// Runs of one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunCount {
    /// Which.
    pub status: RunStatus,
    /// How many.
    pub n: u64,
    /// The pages of rows that they asked for; nothing while they are under way.
    pub pages: PageUse,
}

impl Store {
    /// The runs that are under way, and those that ended at this time or later, by their status. One run is left out, and a
    /// run in several tenants is one, which has the pages of its shares.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn count_runs(&self, but: RunId, since: Timestamp) -> Result<Vec<RunCount>, StoreError> {
        // Each half has an index of its own: it is asked every second. total() does not overflow.
        let sql = "SELECT status, count(*) AS n, 0.0 AS found, 0.0 AS missed FROM runs
            WHERE status = 'running' AND parent IS NULL AND id <> $1 GROUP BY status UNION ALL
            SELECT status, count(*) AS n, total(json_extract(receipt, '$.pages.found')) AS found,
                total(json_extract(receipt, '$.pages.read')) AS missed
            FROM runs WHERE ended_at >= $2 AND ended_at IS NOT NULL AND parent IS NULL AND id <> $1 GROUP BY status";
        let mut connection = self.connection().await;
        let rows =
            sqlx::query(sql).bind(but.0).bind(since.0).fetch_all(&mut *connection).await.map_err(self.failed())?;
        let one = |row: &SqliteRow| {
            let pages = |name: &str| row.try_get::<f64, _>(name).map(|pages| pages as u64);
            let (n, pages) = (row.try_get::<i64, _>("n")?, PageUse { found: pages("found")?, read: pages("missed")? });
            let status = RunStatus::from_word(&row.try_get::<String, _>("status")?);
            Ok(status.map(|status| RunCount { status, n: n.unsigned_abs(), pages }))
        };
        rows.iter().filter_map(|row| one(row).transpose()).collect::<Result<_, sqlx::Error>>().map_err(self.failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Folder, at, block_on, now, run_of};

    #[test]
    fn runs_are_counted_by_their_status_from_a_time_on_and_with_a_parent_its_shares_are_one() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            for id in 1..=5 {
                let parent = (id == 5).then_some(RunId(4));
                let run = encargo_model::Run { parent, ..run_of(id, &format!("c{id}"), None) };
                store.begin_run(&at(&run), &now(0)).await.unwrap();
                if let Some(status) =
                    [None, Some(RunStatus::Failed), Some(RunStatus::Succeeded)].into_iter().nth(id as usize)
                {
                    let pages = PageUse { found: 10 * id as u64, read: id as u64 };
                    let receipt = encargo_model::Receipt { pages, ..encargo_model::Receipt::default() };
                    let status = status.unwrap_or(RunStatus::Failed);
                    let ended = encargo_model::Run { status, receipt, ..run };
                    store.end_run(&ended, &[], Timestamp(10 * id)).await.unwrap();
                }
            }
            let counted = async |but, since| store.count_runs(RunId(but), Timestamp(since)).await.unwrap();
            let of = |status, n, found, read| RunCount { status, n, pages: PageUse { found, read } };
            let running = |n| of(RunStatus::Running, n, 0, 0);
            let (failed, succeeded) = (of(RunStatus::Failed, 1, 10, 1), of(RunStatus::Succeeded, 1, 20, 2));
            assert_eq!(counted(0, 0).await, [running(2), failed, succeeded]);
            assert_eq!(counted(3, 11).await, [running(1), succeeded]);
            assert_eq!(counted(2, 21).await, [running(2)]);
        });
    }
}
