//! Deletes what is past its retention: chats, lines of the log, temporary files, media that no row speaks of, events of the
//! analytics.

mod aged;
mod archive;
mod chats;
mod cleaned;
mod files;
mod pace;
mod retention;
mod sql;

use archive::{Archive, Folder};
use cleaned::{Cleaned, Target};
use encargo_sdk::maintenance;
use encargo_sdk::prelude::*;
use pace::{Due, Pace};

/// Delete data that is past its retention.
///
/// What was last changed longer ago than `--days` is old; the cut-off is fixed when the run starts, and what lies exactly
/// on it is kept. A chat goes with its messages. Chats that are open, pinned or on legal hold are kept and counted,
/// however old. A line of the log that says when it expires goes by that, any other by its age. Temporary files go by
/// the time at which they were last written, and so does media that no row speaks of; media of documents stays.
///
/// How long things are kept is said by `--days`, else by the settings `cleanup_days_chats`, `cleanup_days_logs` and so on for
/// each type, else by `cleanup_days`, of the tenant or of the configuration, else it is 90 days. `--keep-last` keeps the
/// newest chats however old. With `--mode=anonymize` what people wrote is emptied, and what can be counted stays; files are
/// left alone then.
///
/// With `--archive-to` what is to be deleted is first written to files in a folder, as JSON lines with zstd: chats with their
/// messages and their feedback as `export_data` has them, sentiments, lines of the log and events. Each file has the run's id
/// in its name, replaces nothing, and is read back and compared before the first of its rows goes. Only what is still as it was
/// archived is deleted. Temporary files and media stay then. Where a run ends early its archives may hold more than it deleted.
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
        "read,update,delete:chats,messages,feedback,logs,analytics_events",
        "read,delete:sentiments",
        "read:files,agents",
        "list-files,remove-files:temporary,media",
        "read-settings:cleanup_*",
        "check:space"
    ),
    host_flag(parallel, env = "CLEANUP_CONCURRENT_JOBS", settings = "concurrent_jobs"),
    exit(2, "Options make no sense together, or a setting is no number of days."),
    exit(3, "A type or a file failed; the rest is done."),
    example("cleanup_old_data --days=30", "Delete what is older than 30 days, in every tenant."),
    example("cleanup_old_data --type=chats --tenant=demo --dry-run", "Show which chats of one tenant would go."),
    example("cleanup_old_data --tenant=demo --archive-to=archive/", "Keep in files what is deleted.")
)]
struct CleanupOldData {
    /// Keep what is newer than this many days; by default what the settings say of each type, else 90.
    #[arg(min = 1, max = 36500)]
    days: Option<u32>,

    /// Clean only these types.
    #[arg(name = "type")]
    type_: Choices<Target>,

    /// Delete about this many rows in one transaction.
    #[arg(default = 1000, min = 1, max = 100_000, env = "CLEANUP_BATCH_SIZE", settings = "batch_size", tuning)]
    batch_size: u32,

    /// What is done to what is old.
    #[arg(default = "delete")]
    mode: Mode,

    /// Write what is deleted into files of this folder first.
    archive_to: Option<Output>,

    /// Keep at least so many of the newest chats, however old.
    #[arg(min = 1, max = 1_000_000_000)]
    keep_last: Option<u32>,

    /// Do at most so many things of each type; the rest is the next run's.
    #[arg(min = 1)]
    limit: Option<u64>,

    /// Begin nothing more after so long; the rest is the next run's.
    #[arg(tuning)]
    max_runtime: Option<Duration>,

    /// Wait so long between two transactions, so that others get on.
    #[arg(tuning)]
    sleep: Option<Duration>,
}

/// What is done to what is old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Mode {
    /// It goes.
    Delete,
    /// What people wrote goes, and what can be counted stays.
    Anonymize,
}

/// What every part of the work needs.
pub(crate) struct Job<'a> {
    run: &'a Run,
    database: &'a Database,
    batch_size: u32,
    mode: Mode,
    keep_last: Option<u32>,
    archive_to: Option<Folder>,
    pace: Pace,
}

impl Job<'_> {
    /// The statements that count and list old chats: one that is anonymized already is none any more.
    const fn old_chats(&self) -> [&'static str; 2] {
        match self.mode {
            Mode::Delete => [sql::OVERVIEW_OF_CHATS, sql::NEXT_CHATS],
            Mode::Anonymize => [sql::OVERVIEW_OF_NAMED_CHATS, sql::NEXT_NAMED_CHATS],
        }
    }

    /// Archives what of a range of ids is to be deleted, where that was asked for; `done` things were done before.
    fn archive(
        &self,
        set: &'static archive::Set,
        range: [i64; 2],
        times: &[i64],
        done: u64,
    ) -> Result<Option<Archive>> {
        // Once the run is to stop, nothing is deleted any more.
        let Some(folder) = self.archive_to.filter(|_| self.pace.due(done) == Due::GoOn) else { return Ok(None) };
        Archive::write(self, folder, set, range, times, self.pace.left(done)).map(Some)
    }

    fn clean(&self, cleaned: &mut Cleaned) -> Result<()> {
        match cleaned.target {
            Target::Chats => chats::clean(self, cleaned),
            Target::Logs => aged::clean_logs(self, cleaned),
            Target::Files | Target::Media => files::clean(self, cleaned),
            Target::Analytics => aged::clean_events(self, cleaned),
        }
    }
}

impl Command for CleanupOldData {
    fn run(self, run: &Run) -> Result<Report> {
        let (database, pace) = (run.database()?, Pace::new(self.sleep, self.max_runtime, self.limit));
        let job = Job {
            run,
            database: &database,
            batch_size: self.batch_size,
            mode: self.mode,
            keep_last: self.keep_last,
            archive_to: self.archive_to.map(Folder::of).transpose()?,
            pace,
        };
        let is_file = |target: &Target| matches!(target, Target::Files | Target::Media);
        let has_files = self.mode == Mode::Delete && job.archive_to.is_none();
        let targets: Vec<Target> = self.type_.iter().filter(|target| has_files || !is_file(target)).collect();
        if job.archive_to.is_some() {
            ensure!(
                self.mode == Mode::Delete && !targets.is_empty(),
                Usage,
                "`--archive-to` is for rows that are deleted; leave it out for files and for `--mode=anonymize`",
                "`--archive-to` es para filas que se borran; quítelo para archivos y para `--mode=anonymize`"
            );
        }
        let mut todo = Vec::new();
        for target in targets {
            let days = retention::days(self.days, target)?;
            let what = target.word();
            info!("cleaning {what} older than {days} days", "limpiando {what} con más de {days} días");
            todo.push((days, Cleaned::new(target, run.started_at() - Duration::days(i64::from(days)))));
        }
        let mut all = All { days: Vec::new(), cleaned: Vec::new(), failures: Vec::new() };
        for (days, mut cleaned) in todo {
            match job.clean(&mut cleaned) {
                Err(error) if error.ends_run() => return Err(error),
                Err(error) => all.failures.push((cleaned.target, error)),
                Ok(()) => cleaned.leave_the_rest(),
            }
            all.days.push(days);
            all.cleaned.push(cleaned);
        }
        if all.failures.len() == all.cleaned.len()
            && let Some((_, error)) = all.failures.pop()
        {
            return Err(error);
        }
        let mut report = report(run.tenant().unwrap_or_default(), self.mode, &all);
        if job.archive_to.is_some() && self.type_.iter().any(|target| is_file(&target)) {
            report = report.note(text!(
                "temporary files and media are not archived, and stay; a run without `--archive-to` removes them",
                "los archivos temporales y los medios no se archivan, y se quedan; una ejecución sin `--archive-to` los quita"
            ));
        }
        let free = maintenance::free_bytes()?;
        Ok(if free >= WORTH_TELLING { report.note(reclaim(free)) } else { report })
    }
}

/// From how many empty bytes on a person is told.
const WORTH_TELLING: u64 = 1 << 20;

fn reclaim(free: u64) -> String {
    let mib = free.div_ceil(1 << 20);
    text!(
        "{mib} MiB of the tenant's file are empty; new rows fill them, and a VACUUM would give them back to the disk",
        "{mib} MiB del archivo del inquilino están vacíos; las filas nuevas los ocupan, y un VACUUM los devolvería al disco"
    )
}

/// What was done to all types.
struct All {
    /// How long each was kept.
    days: Vec<u32>,
    cleaned: Vec<Cleaned>,
    failures: Vec<(Target, Error)>,
}

fn report(tenant: &str, mode: Mode, all: &All) -> Report {
    let mut table = table!(
        "Past their retention" / "Fuera de su retención":
        "tenant" / "inquilino", "type" / "tipo", "before" / "antes de", "matched" / "antiguos", "done" / "hechos",
        "kept" / "conservados", "bytes" / "bytes", "oldest" / "el más antiguo", "newest" / "el más reciente",
    );
    let action = if mode == Mode::Delete { Action::Deleted } else { Action::Updated };
    let mut tally = Tally::default();
    for cleaned in &all.cleaned {
        cleaned.tell(tenant, action, &mut table, &mut tally);
    }
    for (target, error) in &all.failures {
        tally.fail(target.word(), error);
    }
    let matched: u64 = all.cleaned.iter().map(|cleaned| cleaned.matched).sum();
    let done: u64 = all.cleaned.iter().map(|cleaned| cleaned.deleted).sum();
    let what = match mode {
        Mode::Delete => text!("Deleted {done} of {matched}", "Se borraron {done} de {matched}"),
        Mode::Anonymize => text!("Anonymized {done} of {matched}", "Se anonimizaron {done} de {matched}"),
    };
    let one = all.days.first().filter(|first| all.days.iter().all(|days| days == *first));
    let summary = match (one, all.cleaned.first()) {
        (Some(days), Some(Cleaned { cutoff, .. })) => {
            text!(
                "{what} older than {days} days (before {cutoff})",
                "{what} con más de {days} días (antes de {cutoff})"
            )
        }
        _ => text!("{what} past their retention", "{what} fuera de su retención"),
    };
    tally.report(summary).table(table)
}

export_command!(CleanupOldData);

#[cfg(test)]
mod tests {
    use super::*;

    fn all(cleaned: Vec<Cleaned>, failures: Vec<(Target, Error)>) -> All {
        All { days: cleaned.iter().map(|_| 90).collect(), cleaned, failures }
    }

    fn nothing(target: Target) -> Cleaned {
        Cleaned::new(target, Instant::from_micros(0))
    }

    #[test]
    fn a_type_that_failed_makes_the_run_partial_and_is_named() {
        let both = || vec![nothing(Target::Chats), nothing(Target::Logs)];
        assert_eq!(report("demo", Mode::Delete, &all(both(), Vec::new())).outcome, Outcome::Ok);
        let failed = vec![(Target::Logs, Error::new(ErrorCode::Busy, "another writer holds the database"))];
        let report = report("demo", Mode::Delete, &all(both(), failed));
        assert_eq!(report.outcome, Outcome::Partial);
        assert_eq!(report.notes, ["logs failed: another writer holds the database"]);
        assert_eq!(report.summary, "Deleted 0 of 0 older than 90 days (before 1970-01-01T00:00:00Z)");
        assert_eq!(report.tables[0].rows.len(), 2);
    }

    #[test]
    fn types_that_are_kept_for_different_times_have_no_common_time_in_the_summary() {
        let mut different = all(vec![nothing(Target::Chats), nothing(Target::Logs)], Vec::new());
        different.days = vec![90, 30];
        let report = report("demo", Mode::Anonymize, &different);
        assert_eq!(report.summary, "Anonymized 0 of 0 past their retention");
    }

    #[test]
    fn a_file_that_could_not_be_removed_makes_the_run_partial() {
        let files = Cleaned { failed: 1, ..nothing(Target::Files) };
        assert_eq!(report("demo", Mode::Delete, &all(vec![files], Vec::new())).outcome, Outcome::Partial);
    }
}
