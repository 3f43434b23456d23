//! The lease of a run while it is under way, and its end.

use std::time::Duration;

use encargo_model::{Artefact, Exit, Run, RunStatus, StatementUse, Timestamp};
use sqlx::{Connection, SqliteConnection};

use crate::row::to_json;
use crate::turn::begin;
use crate::{Store, StoreError, artefacts, statements};

impl Store {
    /// Renews the lease of a run; false when another process took it over, and the run must end without a further write.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn renew(&self, run: &Run, now: Timestamp, lease: Duration) -> Result<bool, StoreError> {
        let fenced = "UPDATE runs SET lease_until = $3 WHERE id = $1 AND attempts = $2 AND status = 'running'";
        let lease_until = now.plus(i64::try_from(lease.as_micros()).unwrap_or(i64::MAX));
        let mut connection = self.connection().await;
        let renewed = sqlx::query(fenced)
            .bind(run.id.0)
            .bind(run.attempts)
            .bind(lease_until.0)
            .execute(&mut *connection)
            .await
            .map_err(self.failed())?;
        Ok(renewed.rows_affected() == 1)
    }

    /// Records how a run ended and what it published, and frees its lock, in one transaction. One that finished its work
    /// settles the others of the same work that ended early: there is nothing to go on with any more.
    ///
    /// # Errors
    /// `TakenOver` when the run is not this attempt's any more; the store cannot be written.
    pub async fn end_run(&self, run: &Run, published: &[Artefact], now: Timestamp) -> Result<(), StoreError> {
        self.end_run_with(run, published, &[], now).await
    }

    /// The same, and remembers what the run's statements took.
    ///
    /// # Errors
    /// As [`Store::end_run`].
    pub async fn end_run_with(
        &self,
        run: &Run,
        published: &[Artefact],
        taken: &[StatementUse],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut connection = self.connection().await;
        let mut transaction = begin!(self, connection);
        if !record(&mut transaction, run, now).await.map_err(self.failed())? {
            return Err(StoreError::TakenOver { run: run.id });
        }
        artefacts::add(&mut transaction, run.id, published).await.map_err(self.failed())?;
        statements::add(&mut transaction, &run.command, taken, now).await.map_err(self.failed())?;
        transaction.commit().await.map_err(self.failed())
    }
}

async fn record(connection: &mut SqliteConnection, run: &Run, now: Timestamp) -> Result<bool, sqlx::Error> {
    let fenced = "UPDATE runs SET status = $3, exit_code = $4, ended_at = $5, report = $6, error_code = $7,
            error_message = $8, backtrace = $9, receipt = $10
        WHERE id = $1 AND attempts = $2 AND status = 'running'";
    let exit = run.exit.map(Exit::code);
    let recorded = sqlx::query(fenced)
        .bind(run.id.0)
        .bind(run.attempts)
        .bind(run.status.as_str())
        .bind(exit)
        .bind(run.ended_at.unwrap_or(now).0)
        .bind(run.report.as_ref().map(to_json).transpose()?)
        .bind(run.error.as_ref().map(|(code, _)| code))
        .bind(run.error.as_ref().map(|(_, message)| message))
        .bind(&run.backtrace)
        .bind(to_json(&run.receipt)?)
        .execute(&mut *connection)
        .await?;
    if recorded.rows_affected() != 1 {
        return Ok(false);
    }
    let attempt = "UPDATE attempts SET status = $3, exit_code = $4, ended_at = $5 WHERE run = $1 AND attempt = $2";
    sqlx::query(attempt)
        .bind(run.id.0)
        .bind(run.attempts)
        .bind(run.status.as_str())
        .bind(exit)
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM locks WHERE run = $1").bind(run.id.0).execute(&mut *connection).await?;
    if finishes_the_work(run) {
        let of_the_work = "UPDATE runs SET settled_at = $3 WHERE resume_key = $1 AND id <> $2 AND settled_at IS NULL
            AND status <> 'running'";
        sqlx::query(of_the_work).bind(&run.resume_key).bind(run.id.0).bind(now.0).execute(connection).await?;
    }
    Ok(true)
}

/// Whether nothing is left for a resume: what it could not do it has reported. The parent of a fan-out has no work of its
/// own, and a dry run did none.
fn finishes_the_work(run: &Run) -> bool {
    let is_done = matches!(run.status, RunStatus::Succeeded | RunStatus::Problems | RunStatus::Partial);
    is_done && !run.dry_run && !run.resume_key.is_empty()
}

#[cfg(test)]
mod tests {
    use encargo_model::{Outcome, Report, RunId};

    use super::*;
    use crate::Begin;
    use crate::samples::{Folder, artefact, at, block_on, now, run};

    #[test]
    fn an_end_is_recorded_with_its_report_and_artefacts() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let mut run = run(1);
            store.begin_run(&at(&run), &now(0)).await.unwrap();
            run.status = RunStatus::Partial;
            run.exit = Some(Exit::Partial);
            run.ended_at = Some(Timestamp(9));
            run.report = Some(Report {
                outcome: Outcome::Partial,
                summary: "some".to_owned(),
                counts: vec![],
                tables: vec![],
                notes: vec!["ñ".to_owned()],
                details: None,
            });
            run.error = Some(("invalid".to_owned(), "a row".to_owned()));
            run.backtrace = Some("at main".to_owned());
            store.end_run(&run, &[artefact("b"), artefact("a")], Timestamp(9)).await.unwrap();
            assert_eq!(store.run(run.id).await.unwrap(), Some(run.clone()));
            assert_eq!(store.artefacts(run.id).await.unwrap(), [artefact("b"), artefact("a")]);
            let twice = store.end_run(&run, &[], Timestamp(10)).await;
            assert!(matches!(twice, Err(StoreError::TakenOver { .. })));
        });
    }

    #[test]
    fn a_lease_is_renewed_only_by_its_owner() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let first = run(1);
            let lease = Duration::from_secs(30);
            store.begin_run(&at(&first), &now(0)).await.unwrap();
            assert!(store.renew(&first, Timestamp(25_000_000), lease).await.unwrap());
            assert_eq!(store.mark_lost(&now(55_000_000)).await.unwrap(), []);
            assert_eq!(store.find_lost(&now(55_000_000)).await.unwrap(), []);
            // Finding it records nothing.
            assert_eq!(store.find_lost(&now(55_000_001)).await.unwrap(), [first.id]);
            assert_eq!(store.mark_lost(&now(55_000_001)).await.unwrap(), [first.id]);
            assert_eq!(store.find_lost(&now(55_000_001)).await.unwrap(), []);
            assert!(!store.renew(&first, Timestamp(57_000_000), lease).await.unwrap());
        });
    }

    #[test]
    fn a_run_that_finishes_the_work_settles_those_of_it_that_ended_early() {
        block_on(async {
            for (status, dry_run, settles) in [
                (RunStatus::Succeeded, false, true),
                (RunStatus::Problems, false, true),
                (RunStatus::Partial, false, true),
                (RunStatus::Succeeded, true, false),
                (RunStatus::Failed, false, false),
                (RunStatus::TimedOut, false, false),
                (RunStatus::Interrupted, false, false),
                (RunStatus::Skipped, false, false),
            ] {
                let folder = Folder::new().await;
                let store = folder.open().await;
                let finish = async |run: Run, status: RunStatus| {
                    store.begin_run(&at(&run), &now(0)).await.unwrap();
                    store.end_run(&Run { status, ..run }, &[], Timestamp(1)).await.unwrap();
                };
                let early = Run { resume_key: "work".to_owned(), ..run(1) };
                finish(early.clone(), RunStatus::TimedOut).await;
                finish(Run { resume_key: "other".to_owned(), ..run(2) }, RunStatus::TimedOut).await;
                finish(Run { id: RunId(3), dry_run, ..early.clone() }, status).await;

                let found = store.newest_resumable("work").await.unwrap().map(|run| run.id);
                let ended_early = status.is_resumable() && !dry_run;
                let expected = if ended_early { Some(RunId(3)) } else { (!settles).then_some(early.id) };
                assert_eq!(found, expected, "{status}");
                assert_eq!(store.resumable(early.id).await.unwrap().is_some(), !settles, "{status}");
                assert!(store.newest_resumable("other").await.unwrap().is_some(), "{status}");
                let again = Run { attempts: 2, ..early };
                let begun = store.resume_run(&at(&again), &now(2)).await;
                assert_eq!(begun.is_ok(), !settles, "{status}");
            }
        });
    }

    #[test]
    fn a_resume_that_finishes_the_work_settles_later_runs_too_and_not_one_under_way() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            for run in [run(1), run(2)] {
                store.begin_run(&at(&run), &now(0)).await.unwrap();
                store.end_run(&Run { status: RunStatus::Failed, ..run }, &[], Timestamp(1)).await.unwrap();
            }
            let under_way = run(3);
            store.begin_run(&Begin { locked: false, ..at(&under_way) }, &now(2)).await.unwrap();
            let resumed = Run { attempts: 2, ..run(1) };
            store.resume_run(&Begin { locked: false, ..at(&resumed) }, &now(2)).await.unwrap();
            store.end_run(&Run { status: RunStatus::Succeeded, ..resumed }, &[], Timestamp(3)).await.unwrap();
            assert_eq!(store.newest_resumable("key").await.unwrap(), None);
            store.end_run(&Run { status: RunStatus::Failed, ..under_way }, &[], Timestamp(4)).await.unwrap();
            assert_eq!(store.newest_resumable("key").await.unwrap().map(|run| run.id), Some(RunId(3)));
        });
    }
}
