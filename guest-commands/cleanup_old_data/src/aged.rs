//! Rows that stand alone and grow old: lines of the log and events of the analytics.

use encargo_sdk::prelude::*;

use crate::Job;
use crate::cleaned::{Cleaned, Reason, Target};
use crate::sql;

#[derive(FromRow)]
struct Overview {
    matched: u64,
    kept: u64,
    last: Option<i64>,
    oldest: Option<Instant>,
    newest: Option<Instant>,
}

#[derive(FromRow)]
struct Next {
    to: Option<i64>,
    rows: u64,
    bytes: u64,
}

/// The statements for one relation, and the times that they compare with.
struct Statements {
    overview: &'static str,
    next: &'static str,
    delete: &'static str,
    times: Vec<Instant>,
}

/// Deletes the tenant's expired lines of the log. One that says when it expires goes by that, earlier or later than the
/// cut-off; any other by its age.
pub(crate) fn clean_logs(job: &Job<'_>, cleaned: &mut Cleaned) -> Result<()> {
    let times = vec![job.cutoff, job.run.started_at()];
    let statements =
        Statements { overview: sql::OVERVIEW_OF_LOGS, next: sql::NEXT_LOGS, delete: sql::DELETE_LOGS, times };
    clean(job, cleaned, &statements, &text!("log lines", "líneas del registro"))
}

/// Deletes the tenant's old events.
pub(crate) fn clean_events(job: &Job<'_>, cleaned: &mut Cleaned) -> Result<()> {
    let times = vec![job.cutoff];
    let statements =
        Statements { overview: sql::OVERVIEW_OF_EVENTS, next: sql::NEXT_EVENTS, delete: sql::DELETE_EVENTS, times };
    clean(job, cleaned, &statements, &text!("events", "eventos"))
}

fn clean(job: &Job<'_>, cleaned: &mut Cleaned, statements: &Statements, unit: &str) -> Result<()> {
    let times = || statements.times.iter().map(|time| time as &dyn ToValue);
    let overview = job.database.row::<Overview>(statements.overview, &times().collect::<Vec<_>>())?;
    let Some(overview) = overview else { return Ok(()) };
    cleaned.matched = overview.matched;
    if cleaned.target == Target::Logs {
        cleaned.kept = vec![(Reason::ExpiresLater, overview.kept)];
    }
    (cleaned.oldest, cleaned.newest) = (overview.oldest, overview.newest);
    let Some(last) = overview.last else { return Ok(()) };
    job.run.by_key_range(cleaned.target.word(), job.database, unit, |transaction, after| {
        let range: [&dyn ToValue; 2] = [&after, &last];
        let limit: [&dyn ToValue; 1] = [&job.batch_size];
        let parameters: Vec<_> = range.into_iter().chain(times()).chain(limit).collect();
        let next = transaction.row::<Next>(statements.next, &parameters)?;
        let Some((next, to)) = next.and_then(|next| next.to.map(|to| (next, to))) else {
            return Ok(Step { next: None, done: 0 });
        };
        let range: [&dyn ToValue; 2] = [&after, &to];
        let deleted = transaction.execute(statements.delete, &range.into_iter().chain(times()).collect::<Vec<_>>())?;
        debug!("deleted up to {to}", found = next.rows, deleted = deleted);
        cleaned.deleted += deleted;
        cleaned.bytes += next.bytes;
        Ok(Step { next: (to < last).then_some(to), done: deleted })
    })?;
    Ok(())
}
