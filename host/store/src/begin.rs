//! The start of a run: lost runs cleared away, the lock taken, version, run and attempt recorded, in one transaction.

use std::time::Duration;

use encargo_model::{Run, RunId, Tier, Timestamp};
use sqlx::{Connection, Row, SqliteConnection};

use crate::lost::mark_lost;
use crate::row::to_json;
use crate::{Liveness, Store, StoreError, Worker};

/// What begins.
#[derive(Debug, Clone, Copy)]
pub struct Begin<'a> {
    /// The run; with more than one attempt it goes on with a recorded run of this id.
    pub run: &'a Run,
    /// Whose command it is.
    pub tier: Tier,
    /// Where the component came from: `packaged` or a file's path.
    pub source: &'a str,
    /// Who executes it.
    pub worker: &'a Worker,
    /// How long it counts as alive without a renewal.
    pub lease: Duration,
    /// Whether it takes the lock of its command and tenant; the parent of a fan-out does not.
    pub locked: bool,
}

/// Whether a run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is recorded and has its lock; these runs were found to be lost.
    Started(Vec<RunId>),
    /// Another run holds the lock; nothing of this one is recorded.
    Held(Held),
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The run.
    pub run: RunId,
    /// The process that executes it.
    pub worker: Worker,
    /// When it took the lock.
    pub since: Timestamp,
}

impl Store {
    /// Begins a run.
    ///
    /// # Errors
    /// `TakenOver` for a further attempt at a run that is under way or has had that attempt; the store cannot be written.
    pub async fn begin_run(&self, begin: &Begin<'_>, liveness: &Liveness<'_>) -> Result<Begun, StoreError> {
        let mut connection = self.connection().await;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(self.failed())?;
        let lost = mark_lost(&mut transaction, liveness).await.map_err(self.failed())?;
        if begin.locked
            && let Some(held) = held(&mut transaction, begin.run).await.map_err(self.failed())?
        {
            // What is lost is lost, whether or not this run begins.
            transaction.commit().await.map_err(self.failed())?;
            return Ok(Begun::Held(held));
        }
        if !record(&mut transaction, begin, liveness.now).await.map_err(self.failed())? {
            return Err(StoreError::TakenOver { run: begin.run.id });
        }
        transaction.commit().await.map_err(self.failed())?;
        Ok(Begun::Started(lost))
    }
}

async fn held(connection: &mut SqliteConnection, run: &Run) -> Result<Option<Held>, sqlx::Error> {
    let holder = "SELECT run, taken_at, worker_host, worker_pid FROM locks JOIN runs ON runs.id = locks.run
        WHERE locks.command = $1 AND locks.tenant = $2";
    let tenant = run.tenant.as_deref().unwrap_or_default();
    let Some(row) = sqlx::query(holder).bind(&run.command).bind(tenant).fetch_optional(connection).await? else {
        return Ok(None);
    };
    Ok(Some(Held {
        run: RunId(row.try_get("run")?),
        worker: Worker { host: row.try_get("worker_host")?, pid: row.try_get("worker_pid")? },
        since: Timestamp(row.try_get("taken_at")?),
    }))
}

/// Whether the run could be recorded: its id is new, or this is the next attempt at a run that has ended.
async fn record(connection: &mut SqliteConnection, begin: &Begin<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let Begin { run, tier, source, worker, lease, locked } = begin;
    let version = "INSERT INTO versions (command, digest, version, tier, source, first_seen_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    sqlx::query(version)
        .bind(&run.command)
        .bind(&run.digest.0)
        .bind(&run.version)
        .bind(tier.as_str())
        .bind(source)
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    let lease_until = now.plus(i64::try_from(lease.as_micros()).unwrap_or(i64::MAX));
    if !record_run(connection, run, worker, lease_until).await? {
        return Ok(false);
    }
    let attempt =
        "INSERT INTO attempts (run, attempt, worker_host, worker_pid, started_at, status, ended_at, exit_code)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    sqlx::query(attempt)
        .bind(run.id.0)
        .bind(run.attempts)
        .bind(&worker.host)
        .bind(worker.pid)
        .bind(now.0)
        .bind(run.status.as_str())
        .bind(run.ended_at.map(|ended_at| ended_at.0))
        .bind(run.exit.map(encargo_model::Exit::code))
        .execute(&mut *connection)
        .await?;
    if *locked {
        let lock = "INSERT INTO locks (command, tenant, run, taken_at) VALUES ($1, $2, $3, $4)";
        let tenant = run.tenant.as_deref().unwrap_or_default();
        sqlx::query(lock).bind(&run.command).bind(tenant).bind(run.id.0).bind(now.0).execute(connection).await?;
    }
    Ok(true)
}

async fn record_run(
    connection: &mut SqliteConnection,
    run: &Run,
    worker: &Worker,
    lease_until: Timestamp,
) -> Result<bool, sqlx::Error> {
    let upsert = "INSERT INTO runs (id, parent, command, digest, version, tenant, trigger, arguments, resume_key, dry_run,
            language, status, exit_code, started_at, ended_at, attempts, report, error_code, error_message, backtrace,
            receipt, worker_host, worker_pid, lease_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
        ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, digest = excluded.digest, version = excluded.version,
            trigger = excluded.trigger, arguments = excluded.arguments, language = excluded.language,
            status = excluded.status, exit_code = excluded.exit_code, ended_at = excluded.ended_at,
            attempts = excluded.attempts, report = excluded.report, error_code = excluded.error_code,
            error_message = excluded.error_message, backtrace = excluded.backtrace, receipt = excluded.receipt,
            worker_host = excluded.worker_host, worker_pid = excluded.worker_pid, lease_until = excluded.lease_until
        WHERE runs.attempts = excluded.attempts - 1 AND runs.status <> 'running'";
    let recorded = sqlx::query(upsert)
        .bind(run.id.0)
        .bind(run.parent.map(|parent| parent.0))
        .bind(&run.command)
        .bind(&run.digest.0)
        .bind(&run.version)
        .bind(&run.tenant)
        .bind(run.trigger.as_str())
        .bind(to_json(&run.arguments)?)
        .bind(&run.resume_key)
        .bind(run.dry_run)
        .bind(run.language.as_str())
        .bind(run.status.as_str())
        .bind(run.exit.map(encargo_model::Exit::code))
        .bind(run.started_at.0)
        .bind(run.ended_at.map(|ended_at| ended_at.0))
        .bind(run.attempts)
        .bind(run.report.as_ref().map(to_json).transpose()?)
        .bind(run.error.as_ref().map(|(code, _)| code))
        .bind(run.error.as_ref().map(|(_, message)| message))
        .bind(&run.backtrace)
        .bind(to_json(&run.receipt)?)
        .bind(&worker.host)
        .bind(worker.pid)
        .bind(lease_until.0)
        .execute(connection)
        .await?;
    Ok(recorded.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use encargo_model::RunStatus;

    use super::*;
    use crate::samples::{Folder, at, block_on, dead, now, run, run_of};

    #[test]
    fn a_run_reads_back_field_by_field() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            for sample in crate::samples::varied() {
                let begun = store.begin_run(&at(&sample), &now(0)).await.unwrap();
                assert_eq!(begun, Begun::Started(vec![]));
                assert_eq!(store.run(sample.id).await.unwrap(), Some(sample));
            }
        });
    }

    #[test]
    fn a_pair_of_command_and_tenant_is_locked_and_others_are_not() {
        block_on(async {
            let folder = Folder::new().await;
            let (one, other) = (folder.open().await, folder.open().await);
            let first = run_of(1, "cleanup", Some("a"));
            one.begin_run(&at(&first), &now(5)).await.unwrap();
            let second = run_of(2, "cleanup", Some("a"));
            let worker = Worker { host: "here".to_owned(), pid: 7 };
            let held = Begun::Held(Held { run: first.id, worker, since: Timestamp(5) });
            assert_eq!(other.begin_run(&at(&second), &now(6)).await.unwrap(), held);
            assert_eq!(other.run(second.id).await.unwrap(), None);
            for (id, command, tenant) in [(3, "cleanup", Some("b")), (4, "import", Some("a")), (5, "cleanup", None)] {
                let run = run_of(id, command, tenant);
                assert_eq!(other.begin_run(&at(&run), &now(6)).await.unwrap(), Begun::Started(vec![]));
            }
            let parent = run_of(6, "cleanup", None);
            let unlocked = Begin { locked: false, ..at(&parent) };
            assert_eq!(other.begin_run(&unlocked, &now(6)).await.unwrap(), Begun::Started(vec![]));
            one.end_run(&first, &[], Timestamp(7)).await.unwrap();
            assert_eq!(other.begin_run(&at(&second), &now(8)).await.unwrap(), Begun::Started(vec![]));
        });
    }

    #[test]
    fn of_many_that_start_at_once_one_begins() {
        block_on(async {
            let folder = Folder::new().await;
            let mut starting = tokio::task::JoinSet::new();
            for id in 1..=8 {
                let store = folder.open().await;
                starting.spawn(async move {
                    let run = run(id);
                    matches!(store.begin_run(&at(&run), &now(0)).await.unwrap(), Begun::Started(_))
                });
            }
            let begun = starting.join_all().await;
            assert_eq!(begun.into_iter().filter(|begun| *begun).count(), 1);
        });
    }

    #[test]
    fn a_lock_whose_run_is_gone_is_taken_over_and_the_run_is_lost() {
        block_on(async {
            for (later, liveness, elsewhere, taken) in [
                (0, dead(0), false, true),
                (0, dead(0), true, false),
                (29_000_000, now(29_000_000), false, false),
                (31_000_000, now(31_000_000), true, true),
            ] {
                let folder = Folder::new().await;
                let store = folder.open().await;
                let first = run(1);
                let worker = Worker { host: if elsewhere { "there" } else { "here" }.to_owned(), pid: 7 };
                store.begin_run(&Begin { worker: &worker, ..at(&first) }, &now(0)).await.unwrap();
                let second = run(2);
                let begun = store.begin_run(&at(&second), &liveness).await.unwrap();
                assert_eq!(begun == Begun::Started(vec![first.id]), taken, "{later} {elsewhere}");
                let first = store.run(first.id).await.unwrap().unwrap();
                let expected = if taken { RunStatus::Lost } else { RunStatus::Running };
                assert_eq!((first.status, first.ended_at), (expected, taken.then_some(Timestamp(later))));
            }
        });
    }

    #[test]
    fn a_further_attempt_goes_on_with_a_run_that_has_ended() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let mut first = run(1);
            store.begin_run(&at(&first), &now(0)).await.unwrap();
            let further = Run { attempts: 2, ..run(1) };
            let unlocked = Begin { locked: false, ..at(&further) };
            let under_way = store.begin_run(&unlocked, &now(1)).await;
            assert!(matches!(under_way, Err(StoreError::TakenOver { .. })));

            first.status = RunStatus::Interrupted;
            first.error = Some(("interrupted".to_owned(), "Ctrl-C".to_owned()));
            store.end_run(&first, &[], Timestamp(2)).await.unwrap();
            assert_eq!(store.begin_run(&at(&further), &now(3)).await.unwrap(), Begun::Started(vec![]));
            assert_eq!(store.run(first.id).await.unwrap(), Some(further.clone()));
            let late = store.end_run(&first, &[], Timestamp(4)).await;
            assert!(matches!(late, Err(StoreError::TakenOver { .. })));
            assert!(store.renew(&further, Timestamp(5), Duration::from_secs(30)).await.unwrap());
        });
    }
}
