//! Rows that stand alone and grow old: lines of the log and events of the analytics.

use encargo_sdk::prelude::*;

use crate::cleaned::{Cleaned, Reason, Target, Totals};
use crate::pace::Due;
use crate::sql;
use crate::{Job, Mode};

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
    anonymize: &'static str,
    times: Vec<Instant>,
}

/// Deletes the tenant's expired lines of the log. One that says when it expires goes by that, earlier or later than the
/// cut-off; any other by its age.
pub(crate) fn clean_logs(job: &Job<'_>, cleaned: &mut Cleaned) -> Result<()> {
    let times = vec![cleaned.cutoff, job.run.started_at()];
    let statements = Statements {
        overview: sql::OVERVIEW_OF_LOGS,
        next: sql::NEXT_LOGS,
        delete: sql::DELETE_LOGS,
        anonymize: sql::ANONYMIZE_LOGS,
        times,
    };
    clean(job, cleaned, &statements, &text!("log lines", "líneas del registro"))
}

/// Deletes the tenant's old events.
pub(crate) fn clean_events(job: &Job<'_>, cleaned: &mut Cleaned) -> Result<()> {
    let times = vec![cleaned.cutoff];
    let statements = Statements {
        overview: sql::OVERVIEW_OF_EVENTS,
        next: sql::NEXT_EVENTS,
        delete: sql::DELETE_EVENTS,
        anonymize: sql::ANONYMIZE_EVENTS,
        times,
    };
    clean(job, cleaned, &statements, &text!("events", "eventos"))
}

fn clean(job: &Job<'_>, cleaned: &mut Cleaned, statements: &Statements, unit: &str) -> Result<()> {
    let times: Vec<_> = statements.times.iter().map(|time| time.micros()).collect();
    let look = || {
        let mut cleaned = cleaned.clone();
        let overview = job.database.row::<Overview>(statements.overview, &bind(&times))?;
        let Some(overview) = overview else { return Ok(Totals { cleaned, last: None }) };
        cleaned.matched = overview.matched;
        if cleaned.target == Target::Logs {
            cleaned.kept = vec![(Reason::ExpiresLater, overview.kept)];
        }
        (cleaned.oldest, cleaned.newest) = (overview.oldest, overview.newest);
        Ok(Totals { cleaned, last: overview.last })
    };
    let mut aged = job.run.take_up(cleaned.target.word(), i64::MIN, look)?;
    *cleaned = aged.totals().cleaned.clone();
    let Some(last) = aged.totals().last else { return Ok(()) };
    let deleting = cleaned.deleting(unit);
    let walked = aged.each_transaction(job.database, &deleting, |transaction, &after, totals| {
        if job.pace.due(totals.cleaned.deleted) == Due::Stop {
            totals.cleaned.is_cut_short = true;
            return Ok(Step { next: None, done: 0 });
        }
        if totals.cleaned.deleted > 0 {
            job.pace.pause(job.run)?;
        }
        let batch_size = i64::from(job.pace.batch(totals.cleaned.deleted, job.batch_size));
        let found = [&[after, last][..], &times, &[batch_size]].concat();
        let next = transaction.row::<Next>(statements.next, &bind(&found))?;
        let Some((next, to)) = next.and_then(|next| next.to.map(|to| (next, to))) else {
            return Ok(Step { next: None, done: 0 });
        };
        let deleted = transaction.execute(
            if job.mode == Mode::Delete { statements.delete } else { statements.anonymize },
            &bind(&[&[after, to][..], &times].concat()),
        )?;
        debug!("deleted up to {to}", found = next.rows, deleted = deleted);
        totals.cleaned.deleted += deleted;
        totals.cleaned.bytes += next.bytes;
        Ok(Step { next: (to < last).then_some(to), done: deleted })
    });
    *cleaned = aged.totals().cleaned.clone();
    walked
}

/// Every parameter here is an integer.
fn bind(integers: &[i64]) -> Vec<&dyn ToValue> {
    integers.iter().map(|integer| integer as &dyn ToValue).collect()
}
