//! The rows of a run that begins.

use encargo_model::{Exit, Run, RunId, Timestamp};
use sqlx::SqliteConnection;

use super::Begin;
use crate::row::to_json;

/// Records a fresh run and gives it its id.
pub(super) async fn fresh(
    connection: &mut SqliteConnection,
    begin: &Begin<'_>,
    now: Timestamp,
) -> Result<RunId, sqlx::Error> {
    let next = "UPDATE run_ids SET highest = max($1, highest + 1) RETURNING highest";
    let id = RunId(sqlx::query_scalar(next).bind(begin.run.id.0).fetch_one(&mut *connection).await?);
    let run = &Run { id, ..begin.run.clone() };
    let begin = &Begin { run, ..*begin };
    version(connection, begin, now).await?;
    let insert = "INSERT INTO runs (id, parent, command, digest, version, tenant, trigger, arguments, resume_key, dry_run,
            language, status, exit_code, started_at, ended_at, attempts, report, error_code, error_message, backtrace,
            receipt, worker_host, worker_pid, worker_started, lease_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25)";
    sqlx::query(insert)
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
        .bind(run.exit.map(Exit::code))
        .bind(run.started_at.0)
        .bind(run.ended_at.map(|ended_at| ended_at.0))
        .bind(run.attempts)
        .bind(run.report.as_ref().map(to_json).transpose()?)
        .bind(run.error.as_ref().map(|(code, _)| code))
        .bind(run.error.as_ref().map(|(_, message)| message))
        .bind(&run.backtrace)
        .bind(to_json(&run.receipt)?)
        .bind(&begin.worker.host)
        .bind(begin.worker.pid)
        .bind(begin.worker.started)
        .bind(lease_until(begin, now))
        .execute(&mut *connection)
        .await?;
    attempt(connection, begin, now).await?;
    Ok(id)
}

/// Records a further attempt; false when it is not this process's to make.
pub(super) async fn further(
    connection: &mut SqliteConnection,
    begin: &Begin<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let run = begin.run;
    version(connection, begin, now).await?;
    let fenced = "UPDATE runs SET parent = $3, digest = $4, version = $5, trigger = $6, arguments = $7, language = $8,
            status = 'running', exit_code = NULL, ended_at = NULL, attempts = $2, report = NULL, error_code = NULL,
            error_message = NULL, backtrace = NULL, worker_host = $9, worker_pid = $10, worker_started = $11,
            lease_until = $12
        WHERE id = $1 AND attempts = $2 - 1 AND status <> 'running' AND settled_at IS NULL";
    let recorded = sqlx::query(fenced)
        .bind(run.id.0)
        .bind(run.attempts)
        .bind(run.parent.map(|parent| parent.0))
        .bind(&run.digest.0)
        .bind(&run.version)
        .bind(run.trigger.as_str())
        .bind(to_json(&run.arguments)?)
        .bind(run.language.as_str())
        .bind(&begin.worker.host)
        .bind(begin.worker.pid)
        .bind(begin.worker.started)
        .bind(lease_until(begin, now))
        .execute(&mut *connection)
        .await?;
    if recorded.rows_affected() != 1 {
        return Ok(false);
    }
    attempt(connection, begin, now).await?;
    Ok(true)
}

fn lease_until(begin: &Begin<'_>, now: Timestamp) -> i64 {
    now.plus(i64::try_from(begin.lease.as_micros()).unwrap_or(i64::MAX)).0
}

async fn version(connection: &mut SqliteConnection, begin: &Begin<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let first_seen = "INSERT INTO versions (command, digest, version, tier, source, first_seen_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    sqlx::query(first_seen)
        .bind(&begin.run.command)
        .bind(&begin.run.digest.0)
        .bind(&begin.run.version)
        .bind(begin.tier.as_str())
        .bind(begin.source)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// The attempt, and the lock where one is taken.
async fn attempt(connection: &mut SqliteConnection, begin: &Begin<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let Begin { run, worker, locked, .. } = begin;
    let insert = "INSERT INTO attempts (run, attempt, worker_host, worker_pid, worker_started, started_at, status,
            ended_at, exit_code)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    sqlx::query(insert)
        .bind(run.id.0)
        .bind(run.attempts)
        .bind(&worker.host)
        .bind(worker.pid)
        .bind(worker.started)
        .bind(now.0)
        .bind(run.status.as_str())
        .bind(run.ended_at.map(|ended_at| ended_at.0))
        .bind(run.exit.map(Exit::code))
        .execute(&mut *connection)
        .await?;
    if *locked {
        let lock = "INSERT INTO locks (command, tenant, run, taken_at) VALUES ($1, $2, $3, $4)";
        let tenant = run.tenant.as_deref().unwrap_or_default();
        sqlx::query(lock).bind(&run.command).bind(tenant).bind(run.id.0).bind(now.0).execute(connection).await?;
    }
    Ok(())
}
