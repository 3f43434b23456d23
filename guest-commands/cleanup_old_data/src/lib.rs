//! Deletes what is past its retention: chats, lines of the log, temporary files, events of the analytics.

mod aged;
mod chats;
mod cleaned;
mod sql;
mod temporary;

use cleaned::{Cleaned, Target};
use encargo_sdk::prelude::*;

/// Delete data that is past its retention.
///
/// What was last changed longer ago than `--days` is old; the cut-off is fixed when the run starts, and what lies exactly
/// on it is kept. A chat goes with its messages. Chats that are open, pinned or on legal hold are kept and counted,
/// however old. A line of the log that says when it expires goes by that, any other by its age. Temporary files go by
/// the time at which they were last written.
///
/// Rows are deleted in short transactions of `--batch-size` rows, so an interrupted run keeps what it did; a second
/// run finds nothing more. A type that fails does not stop the others.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "all",
    effect = "destroys",
    idempotent = true,
    permissions(
        "read,delete:chats,messages,sentiments,feedback,logs,analytics_events",
        "list-files,remove-files:temporary"
    ),
    host_flag(parallel, env = "CLEANUP_CONCURRENT_JOBS", settings = "concurrent_jobs"),
    exit(3, "A type or a file failed; the rest is done."),
    example("cleanup_old_data --days=30", "Delete what is older than 30 days, in every tenant."),
    example("cleanup_old_data --type=chats --tenant=demo --dry-run", "Show which chats of one tenant would go.")
)]
struct CleanupOldData {
    /// Keep what is newer than this many days.
    #[arg(default = 90, min = 1, max = 36500)]
    days: u32,

    /// Clean only these types.
    #[arg(name = "type")]
    type_: Choices<Target>,

    /// Delete about this many rows in one transaction.
    #[arg(default = 1000, min = 1, max = 100_000, env = "CLEANUP_BATCH_SIZE", settings = "batch_size", tuning)]
    batch_size: u32,
}

/// What every part of the work needs.
pub(crate) struct Job<'a> {
    run: &'a Run,
    database: &'a Database,
    /// What is older goes.
    cutoff: Instant,
    batch_size: u32,
}

impl Job<'_> {
    fn clean(&self, cleaned: &mut Cleaned) -> Result<()> {
        match cleaned.target {
            Target::Chats => chats::clean(self, cleaned),
            Target::Logs => aged::clean_logs(self, cleaned),
            Target::Files => temporary::clean(self, cleaned),
            Target::Analytics => aged::clean_events(self, cleaned),
        }
    }
}

impl Command for CleanupOldData {
    fn run(self, run: &Run) -> Result<Report> {
        let days = self.days;
        let cutoff = run.started_at() - Duration::days(i64::from(days));
        info!("cleaning what is older than {days} days", "limpiando lo que tiene más de {days} días", cutoff = cutoff);
        let database = run.database()?;
        let job = Job { run, database: &database, cutoff, batch_size: self.batch_size };
        let (mut all, mut failures) = (Vec::new(), Vec::new());
        for target in self.type_.iter() {
            let mut cleaned = Cleaned::new(target);
            match job.clean(&mut cleaned) {
                Err(error) if error.ends_run() => return Err(error),
                Err(error) => failures.push((target, error)),
                Ok(()) => {}
            }
            all.push(cleaned);
        }
        if failures.len() == all.len()
            && let Some((_, error)) = failures.pop()
        {
            return Err(error);
        }
        Ok(report(run.tenant().unwrap_or_default(), days, cutoff, &all, &failures))
    }
}

fn report(tenant: &str, days: u32, cutoff: Instant, all: &[Cleaned], failures: &[(Target, Error)]) -> Report {
    let mut table = table!(
        "Past their retention" / "Fuera de su retención":
        "tenant" / "inquilino", "type" / "tipo", "matched" / "antiguos", "deleted" / "borrados", "kept" / "conservados",
        "bytes" / "bytes", "oldest" / "el más antiguo", "newest" / "el más reciente",
    );
    let mut tally = Tally::default();
    for cleaned in all {
        cleaned.tell(tenant, &mut table, &mut tally);
    }
    for (target, error) in failures {
        tally.fail(target.word(), error);
    }
    let matched: u64 = all.iter().map(|cleaned| cleaned.matched).sum();
    let deleted: u64 = all.iter().map(|cleaned| cleaned.deleted).sum();
    let summary = text!(
        "Deleted {deleted} of {matched} older than {days} days (before {cutoff})",
        "Se borraron {deleted} de {matched} con más de {days} días (antes de {cutoff})"
    );
    tally.report(summary).table(table)
}

export_command!(CleanupOldData);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_failed_makes_the_run_partial_and_is_named() {
        let all = [Cleaned::new(Target::Chats), Cleaned::new(Target::Logs)];
        let cutoff = Instant::from_micros(0);
        assert_eq!(report("demo", 90, cutoff, &all, &[]).outcome, Outcome::Ok);
        let failed = [(Target::Logs, Error::new(ErrorCode::Busy, "another writer holds the database"))];
        let report = report("demo", 90, cutoff, &all, &failed);
        assert_eq!(report.outcome, Outcome::Partial);
        assert_eq!(report.notes, ["logs failed: another writer holds the database"]);
        assert_eq!(report.summary, "Deleted 0 of 0 older than 90 days (before 1970-01-01T00:00:00Z)");
        assert_eq!(report.tables[0].rows.len(), 2);
    }

    #[test]
    fn a_file_that_could_not_be_removed_makes_the_run_partial() {
        let files = Cleaned { failed: 1, ..Cleaned::new(Target::Files) };
        assert_eq!(report("demo", 90, Instant::from_micros(0), &[files], &[]).outcome, Outcome::Partial);
    }
}
