//! Runs whose process is gone: found by their lease and their process id, and recorded as lost.

use encargo_model::{Language, RunId, Timestamp, text};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection};

use crate::turn::begin;
use crate::{Store, StoreError};

/// The process that executes a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Its machine: process ids of one host mean nothing on another.
    pub host: String,
    /// Its process id.
    pub pid: u32,
    /// When it began, in the ticks of its machine since that was started: process ids are given again. None where
    /// that is not known.
    pub started: Option<i64>,
}

impl Worker {
    /// The worker of a row's columns.
    pub(crate) fn of(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let (host, pid) = (row.try_get("worker_host")?, row.try_get("worker_pid")?);
        Ok(Self { host, pid, started: row.try_get("worker_started")? })
    }
}

/// What is needed to tell whether a run's process is still there.
pub struct Liveness<'a> {
    /// The time now; a lease that ended before it is over.
    pub now: Timestamp,
    /// The machine that asks.
    pub host: &'a str,
    /// Whether a process of this machine is there and is the same as it was.
    pub is_alive: &'a (dyn Fn(&Worker) -> bool + Send + Sync),
}

/// The word for programs, in the `error` of a run that is lost.
const LOST: &str = "lost";

impl Store {
    /// Records every run as lost whose lease ended or whose process is gone, frees their locks, and names them.
    ///
    /// A list of runs shows the truth only after this. Nothing is written when nothing is lost.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub async fn mark_lost(&self, liveness: &Liveness<'_>) -> Result<Vec<RunId>, StoreError> {
        let mut connection = self.connection().await;
        if find_lost(&mut connection, liveness).await.map_err(self.failed())?.is_empty() {
            return Ok(Vec::new());
        }
        let mut transaction = begin!(self, connection);
        let lost = mark_lost(&mut transaction, liveness).await.map_err(self.failed())?;
        transaction.commit().await.map_err(self.failed())?;
        Ok(lost)
    }

    /// The runs that [`Store::mark_lost`] would record as lost.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn find_lost(&self, liveness: &Liveness<'_>) -> Result<Vec<RunId>, StoreError> {
        find_lost(&mut *self.connection().await, liveness).await.map_err(self.failed())
    }
}

/// The same inside the caller's immediate transaction.
pub(crate) async fn mark_lost(
    connection: &mut SqliteConnection,
    liveness: &Liveness<'_>,
) -> Result<Vec<RunId>, sqlx::Error> {
    let lost = find_lost(connection, liveness).await?;
    let words = text!("its process ended without a word", "su proceso terminó sin decir nada");
    for run in &lost {
        let now = liveness.now.0;
        let of_run = "UPDATE runs SET status = 'lost', ended_at = $2, error_code = $3,
                error_message = CASE language WHEN $4 THEN $5 ELSE $6 END
            WHERE id = $1";
        sqlx::query(of_run)
            .bind(run.0)
            .bind(now)
            .bind(LOST)
            .bind(Language::Es.as_str())
            .bind(words.get(Language::Es))
            .bind(words.get(Language::En))
            .execute(&mut *connection)
            .await?;
        let of_attempt = "UPDATE attempts SET status = 'lost', ended_at = $2 WHERE run = $1 AND ended_at IS NULL";
        sqlx::query(of_attempt).bind(run.0).bind(now).execute(&mut *connection).await?;
        sqlx::query("DELETE FROM locks WHERE run = $1").bind(run.0).execute(&mut *connection).await?;
    }
    Ok(lost)
}

async fn find_lost(connection: &mut SqliteConnection, liveness: &Liveness<'_>) -> Result<Vec<RunId>, sqlx::Error> {
    let under_way =
        "SELECT id, worker_host, worker_pid, worker_started, lease_until FROM runs WHERE status = 'running'";
    let mut lost = Vec::new();
    for row in sqlx::query(under_way).fetch_all(connection).await? {
        let over = row.try_get::<i64, _>("lease_until")? < liveness.now.0;
        let worker = Worker::of(&row)?;
        if over || worker.host == liveness.host && !(liveness.is_alive)(&worker) {
            lost.push(RunId(row.try_get("id")?));
        }
    }
    Ok(lost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Folder, at, block_on, dead, run};

    #[test]
    fn a_lost_run_says_so_in_its_own_language() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            for (language, words) in [
                (Language::En, "its process ended without a word"),
                (Language::Es, "su proceso terminó sin decir nada"),
            ] {
                store.begin_run(&at(&encargo_model::Run { language, ..run(1) }), &dead(0)).await.unwrap();
                let [lost] = store.mark_lost(&dead(1)).await.unwrap()[..] else { panic!("one is lost") };
                let lost = store.run(lost).await.unwrap().unwrap();
                assert_eq!(lost.error, Some((LOST.to_owned(), words.to_owned())));
            }
        });
    }
}
