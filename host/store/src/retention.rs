//! Forgets old runs with their shares, attempts, logs and artefacts, a bounded number at a time.

use encargo_model::Timestamp;
use sqlx::{Connection, SqliteConnection};

use crate::turn::begin;
use crate::{Store, StoreError};

/// How long runs are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// So many days after their end.
    pub days: u32,
    /// The newest so many of each command; a run and its shares count as one.
    pub runs_per_command: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { days: 90, runs_per_command: 10_000 }
    }
}

const HOUR: i64 = 3_600_000_000;
/// The most runs that one call removes, so that no start of a run waits long for it.
const MOST_RUNS: u32 = 200;

impl Store {
    /// Removes up to 200 runs that are past their retention, with all that belongs to them; how many.
    ///
    /// One look at a row when the last call that left nothing to do is less than an hour ago. Runs that are under way
    /// stay, and so do those that they are a share of.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub async fn prune(&self, retention: &Retention, now: Timestamp) -> Result<u64, StoreError> {
        let mut connection = self.connection().await;
        if was_done(&mut connection, now).await.map_err(self.failed())? {
            return Ok(0);
        }
        let mut transaction = begin!(self, connection);
        // Of many that found it to be done, one does it while the others wait for their turn.
        if was_done(&mut transaction, now).await.map_err(self.failed())? {
            return Ok(0);
        }
        let removed = prune(&mut transaction, retention, now).await.map_err(self.failed())?;
        transaction.commit().await.map_err(self.failed())?;
        Ok(removed)
    }
}

/// Whether the last call that left nothing to do is less than an hour ago.
async fn was_done(connection: &mut SqliteConnection, now: Timestamp) -> Result<bool, sqlx::Error> {
    let last = "SELECT done_at FROM upkeep WHERE task = 'prune'";
    let last: Option<i64> = sqlx::query_scalar(last).fetch_optional(connection).await?;
    Ok(last.is_some_and(|last| (last..last + HOUR).contains(&now.0)))
}

async fn prune(connection: &mut SqliteConnection, retention: &Retention, now: Timestamp) -> Result<u64, sqlx::Error> {
    let too_old = "DELETE FROM runs WHERE id IN (
            SELECT id FROM runs AS old WHERE parent IS NULL AND ended_at < $1
                AND NOT EXISTS (SELECT 1 FROM runs AS share WHERE share.parent = old.id AND share.status = 'running')
            ORDER BY ended_at LIMIT $2)";
    let cut_off = now.plus(-i64::from(retention.days) * 24 * HOUR);
    let mut removed =
        sqlx::query(too_old).bind(cut_off.0).bind(MOST_RUNS).execute(&mut *connection).await?.rows_affected();
    crate::statements::forget(&mut *connection, cut_off).await?;
    let too_many = "DELETE FROM runs WHERE id IN (
            SELECT id FROM runs AS old WHERE parent IS NULL AND command = $1 AND ended_at IS NOT NULL
                AND id < (SELECT id FROM runs WHERE parent IS NULL AND command = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)
                AND NOT EXISTS (SELECT 1 FROM runs AS share WHERE share.parent = old.id AND share.status = 'running')
            ORDER BY id LIMIT $3)";
    let commands = "SELECT DISTINCT command FROM versions";
    for command in sqlx::query_scalar::<_, String>(commands).fetch_all(&mut *connection).await? {
        let room = u64::from(MOST_RUNS).saturating_sub(removed);
        let kept = retention.runs_per_command.saturating_sub(1);
        let query = sqlx::query(too_many).bind(command).bind(kept).bind(i64::try_from(room).unwrap_or(0));
        removed += query.execute(&mut *connection).await?.rows_affected();
    }
    if removed < u64::from(MOST_RUNS) {
        let done = "INSERT INTO upkeep (task, done_at) VALUES ('prune', $1)
            ON CONFLICT (task) DO UPDATE SET done_at = excluded.done_at";
        sqlx::query(done).bind(now.0).execute(connection).await?;
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use encargo_model::{LogLevel, LogLine, Run, RunId, RunStatus};

    use super::*;
    use crate::RunFilter;
    use crate::samples::{Folder, artefact, at, block_on, now, run_of};

    const DAY: i64 = 24 * HOUR;
    const KEEP: Retention = Retention { days: 90, runs_per_command: 3 };

    async fn ended(store: &Store, run: Run, day: i64) {
        store.begin_run(&at(&run), &now(0)).await.unwrap();
        end(store, run, day).await;
    }

    async fn end(store: &Store, run: Run, day: i64) {
        let run = Run { status: RunStatus::Succeeded, ended_at: Some(Timestamp(day * DAY)), ..run };
        store.end_run(&run, &[artefact("a")], Timestamp(0)).await.unwrap();
    }

    async fn left(store: &Store) -> Vec<i64> {
        let all = RunFilter { limit: 1_000, ..RunFilter::default() };
        store.list_runs(&all).await.unwrap().iter().map(|run| run.id.0).collect()
    }

    #[test]
    fn an_old_run_goes_with_its_shares_and_all_that_belongs_to_them() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            ended(&store, run_of(1, "cleanup", None), 5).await;
            let share = Run { parent: Some(RunId(1)), ..run_of(2, "cleanup", Some("a")) };
            let line = LogLine { at: Timestamp(0), level: LogLevel::Info, message: "x".to_owned(), fields: vec![] };
            store.begin_run(&at(&share), &now(0)).await.unwrap();
            store.append_log(&share, &[line]).await.unwrap();
            end(&store, share, 95).await;
            ended(&store, run_of(3, "cleanup", None), 11).await;
            store.begin_run(&at(&run_of(4, "cleanup", None)), &now(0)).await.unwrap();

            assert_eq!(store.prune(&KEEP, Timestamp(100 * DAY)).await.unwrap(), 1);
            assert_eq!(left(&store).await, [4, 3]);
            for table in ["run_logs", "artefacts", "attempts"] {
                let text = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table} WHERE run IN (1, 2)"));
                let rows: i64 = sqlx::query_scalar(text).fetch_one(&mut *store.connection().await).await.unwrap();
                assert_eq!(rows, 0, "{table}");
            }
        });
    }

    #[test]
    fn a_run_with_a_share_under_way_stays() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            ended(&store, run_of(1, "cleanup", None), 5).await;
            let share = Run { parent: Some(RunId(1)), ..run_of(2, "cleanup", Some("a")) };
            store.begin_run(&at(&share), &now(0)).await.unwrap();
            assert_eq!(store.prune(&KEEP, Timestamp(100 * DAY)).await.unwrap(), 0);
            assert_eq!(left(&store).await, [2, 1]);
        });
    }

    #[test]
    fn of_each_command_the_newest_stay_whatever_shares_they_have() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            for id in 1..=5 {
                ended(&store, run_of(id, "cleanup", None), 99).await;
            }
            for id in 10..=13 {
                ended(&store, Run { parent: Some(RunId(5)), ..run_of(id, "cleanup", Some("a")) }, 99).await;
            }
            ended(&store, run_of(20, "import", None), 99).await;
            assert_eq!(store.prune(&KEEP, Timestamp(100 * DAY)).await.unwrap(), 2);
            assert_eq!(left(&store).await, [20, 13, 12, 11, 10, 5, 4, 3]);
        });
    }

    #[test]
    fn a_call_removes_a_bounded_number_and_the_next_one_goes_on() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            for id in 1..=250 {
                ended(&store, run_of(id, "cleanup", None), 0).await;
            }
            let later = |hours: i64| Timestamp(100 * DAY + hours * HOUR);
            assert_eq!(store.prune(&KEEP, later(0)).await.unwrap(), 200);
            assert_eq!(store.prune(&KEEP, later(0)).await.unwrap(), 50);
            ended(&store, run_of(300, "cleanup", None), 0).await;
            assert_eq!(store.prune(&KEEP, later(0)).await.unwrap(), 0);
            assert_eq!(store.prune(&KEEP, later(1)).await.unwrap(), 1);
        });
    }
}
