//! What the host's own log says about runs.
//!
//! It is read by whoever runs the host, and perhaps sent on. So a line has numbers, names that were checked and the
//! host's own words, and never what a guest said, what a caller wrote as an argument, or which file a run works on.

use std::time::Duration;

use encargo_model::{Run, RunId};
use encargo_store::{Held, StoreError};
use tracing::{Span, debug, info, info_span, warn};

use crate::StartError;

/// The span of a run: each line that is written in it says which run it is about.
pub(crate) fn span(run: &Run) -> Span {
    info_span!(
        "run",
        run = %run.id,
        parent = run.parent.map(tracing::field::display),
        command = run.command,
        tenant = run.tenant,
        attempt = run.attempts,
        dry_run = run.dry_run,
    )
}

pub(crate) fn began(run: &Run) {
    info!(digest = %run.digest, trigger = run.trigger.as_str(), "the run began");
}

pub(crate) fn ended(run: &Run) {
    let took = run.ended_at.map(|ended_at| ended_at.0.saturating_sub(run.started_at.0) / 1_000);
    info!(
        status = run.status.as_str(),
        exit = run.exit.map(encargo_model::Exit::code),
        took_ms = took,
        "the run ended"
    );
}

/// What the run had of its limits, for whoever wants to know.
pub(crate) fn used(run: &Run) {
    for limit in &run.receipt.limits {
        debug!(limit = limit.name, used = limit.used, most = limit.limit, unit = limit.unit, "used of a limit");
    }
}

pub(crate) fn refused(command: &str, error: &StartError) {
    let cause = match error {
        StartError::Store(error) => Some(error.to_string()),
        // The words of the others may repeat what the caller wrote.
        _ => None,
    };
    info!(command, reason = error.word(), exit = error.exit().code(), cause, "a run was refused");
}

pub(crate) fn waits(run: &Run, held: &Held) {
    info!(command = run.command, tenant = run.tenant, holder = %held.run, pid = held.worker.pid, "a run waits for its lock");
}

pub(crate) fn waited(run: &Run, wait: Duration) {
    let waited_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    info!(command = run.command, tenant = run.tenant, waited_ms, "a run has its lock");
}

pub(crate) fn lost(runs: &[RunId]) {
    for run in runs {
        warn!(%run, "a run is lost: its lease was over or its process gone");
    }
}

pub(crate) fn unrecorded(run: &Run, why: &StoreError) {
    warn!(run = %run.id, command = run.command, tenant = run.tenant, cause = %why, "a run goes on without a record");
}

pub(crate) fn not_renewed(run: &Run, why: &StoreError) {
    warn!(run = %run.id, cause = %why, "the lease of a run was not renewed");
}

pub(crate) fn taken_over(run: &Run) {
    warn!(run = %run.id, attempt = run.attempts, "a run lost its lease: it is another process's, or over");
}

pub(crate) fn log_not_stored(run: &Run, why: &StoreError) {
    warn!(run = %run.id, cause = %why, "lines of a run's log were not stored; they are tried again");
}

#[cfg(test)]
mod tests;
