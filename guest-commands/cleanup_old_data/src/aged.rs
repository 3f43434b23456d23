//! Rows that stand alone and grow old: lines of the log and events of the analytics.

use std::collections::BTreeSet;

use encargo_sdk::prelude::*;

use crate::archive::{self, bind, without};
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
    archived: &'static archive::Set,
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
        archived: &archive::LOGS,
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
        archived: &archive::EVENTS,
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
    let mut archive = match aged.after() {
        Some(&after) => job.archive(statements.archived, [after, last], &times, cleaned.deleted)?,
        None => None,
    };
    let (end, is_cut) = archive.as_ref().map_or((last, false), |archive| (archive.to, archive.is_cut));
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
        let found = [&[after, end][..], &times, &[batch_size]].concat();
        let next = transaction.row::<Next>(statements.next, &bind(&found))?;
        let found = next.and_then(|next| next.to.map(|to| (next, to)));
        // Behind the last one there may be some in the archive that are not to be deleted any more.
        let to = found.as_ref().map_or(end, |(_, to)| *to);
        let kept = match &mut archive {
            Some(archive) => archive.differing(job, transaction, [after, to], &times)?,
            None => BTreeSet::new(),
        };
        totals.cleaned.keep(Reason::NotArchived, kept.len() as u64);
        totals.cleaned.is_cut_short |= is_cut && to == end;
        let Some((next, to)) = found else { return Ok(Step { next: None, done: 0 }) };
        let statement = if job.mode == Mode::Delete { statements.delete } else { statements.anonymize };
        let mut deleted = 0;
        for range in without(&kept, [after, to]) {
            deleted += transaction.execute(statement, &bind(&[&range[..], &times].concat()))?;
        }
        debug!("deleted up to {to}", found = next.rows, deleted = deleted);
        totals.cleaned.deleted += deleted;
        totals.cleaned.bytes += next.bytes.saturating_sub(bytes_of(transaction, statements, &kept, &times)?);
        Ok(Step { next: (to < end).then_some(to), done: deleted })
    });
    *cleaned = aged.totals().cleaned.clone();
    walked
}

/// How much rows hold that are old and stay nevertheless.
fn bytes_of(transaction: &Transaction, statements: &Statements, kept: &BTreeSet<i64>, times: &[i64]) -> Result<u64> {
    kept.iter().try_fold(0, |bytes, id| {
        let one = [&[id - 1, *id][..], times, &[1]].concat();
        let next: Option<Next> = transaction.row(statements.next, &bind(&one))?;
        Ok(bytes + next.map_or(0, |next| next.bytes))
    })
}
