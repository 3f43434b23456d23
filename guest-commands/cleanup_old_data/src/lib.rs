//! Deletes what is past its retention: chats, lines of the log, temporary files, events of the analytics.

mod aged;
mod chats;
mod cleaned;
pub mod sql;
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
    es = "Elimina los datos que pasaron su tiempo de retención.",
    details_es = "Es antiguo lo que cambió por última vez hace más de `--days` días; el corte se fija al empezar la ejecución, y lo que cae justo en él se conserva. Un chat se va con sus mensajes. Los chats abiertos, fijados o en retención legal se conservan y se cuentan, por antiguos que sean. Una línea del registro que dice cuándo caduca se rige por eso; las demás, por su edad. Los archivos temporales se rigen por la última vez que se escribieron.\n\nLas filas se borran en transacciones breves de `--batch-size` filas, así que una ejecución interrumpida conserva lo hecho; una segunda no encuentra nada más. Un tipo que falla no detiene a los demás.",
    scope = "tenant",
    without_tenant = "all",
    effect = "destroys",
    idempotent = true,
    permissions(
        "read:chats",
        "delete:chats",
        "read:messages",
        "delete:messages",
        "read:sentiments",
        "delete:sentiments",
        "read:feedback",
        "delete:feedback",
        "read:logs",
        "delete:logs",
        "read:analytics_events",
        "delete:analytics_events",
        "list-files:temporary",
        "remove-files:temporary"
    ),
    host_flag(parallel, env = "CLEANUP_CONCURRENT_JOBS", settings = "concurrent_jobs"),
    exit(
        3,
        en = "A type or a file failed; the rest is done.",
        es = "Falló un tipo o un archivo; lo demás está hecho."
    ),
    example(
        "cleanup_old_data --days=30",
        en = "Delete what is older than 30 days, in every tenant.",
        es = "Borra lo que tiene más de 30 días, en todos los inquilinos."
    ),
    example(
        "cleanup_old_data --type=chats --tenant=demo --dry-run",
        en = "Show which chats of one tenant would go.",
        es = "Muestra qué chats de un inquilino se borrarían."
    )
)]
struct CleanupOldData {
    /// Keep what is newer than this many days.
    #[arg(es = "Conserva lo que tiene menos de tantos días.", default = 90, min = 1, max = 36500)]
    days: u32,

    /// Clean only these types.
    #[arg(
        name = "type",
        es = "Limpia solo estos tipos.",
        default = "all",
        choices("chats", "logs", "files", "analytics", "all")
    )]
    type_: Vec<String>,

    /// Delete about this many rows in one transaction.
    #[arg(
        es = "Borra unas tantas filas en cada transacción.",
        default = 1000,
        min = 1,
        max = 100_000,
        env = "CLEANUP_BATCH_SIZE",
        settings = "batch_size",
        tuning
    )]
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
        info!("cleaning what is older than {days} days", cutoff = cutoff);
        let database = run.database()?;
        let job = Job { run, database: &database, cutoff, batch_size: self.batch_size };
        let (mut all, mut failures) = (Vec::new(), Vec::new());
        for target in targets(&self.type_) {
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

/// The targets that were asked for, each once.
fn targets(words: &[String]) -> Vec<Target> {
    let asked = |target: &Target| words.iter().any(|word| word == "all" || word == target.word());
    Target::ALL.into_iter().filter(asked).collect()
}

fn report(tenant: &str, days: u32, cutoff: Instant, all: &[Cleaned], failures: &[(Target, Error)]) -> Report {
    let matched: u64 = all.iter().map(|cleaned| cleaned.matched).sum();
    let deleted: u64 = all.iter().map(|cleaned| cleaned.deleted).sum();
    let summary = text!(
        "Deleted {deleted} of {matched} older than {days} days (before {cutoff})",
        "Se borraron {deleted} de {matched} con más de {days} días (antes de {cutoff})"
    );
    let columns = [
        text!("tenant", "inquilino"),
        text!("type", "tipo"),
        text!("matched", "antiguos"),
        text!("deleted", "borrados"),
        text!("kept", "conservados"),
        text!("bytes", "bytes"),
        text!("oldest", "el más antiguo"),
        text!("newest", "el más reciente"),
    ];
    let rows = all.iter().map(|cleaned| cleaned.row(tenant)).collect();
    let mut report = all.iter().fold(Report::new(summary), |report, cleaned| cleaned.count(report)).table(
        text!("Past their retention", "Fuera de su retención"),
        columns.to_vec(),
        rows,
    );
    for (target, error) in failures {
        let (type_, message) = (target.word(), &error.message);
        report = report.note(text!("{type_} failed: {message}", "{type_} falló: {message}"));
    }
    if !failures.is_empty() || all.iter().any(|cleaned| cleaned.failed > 0) {
        report = report.outcome(Outcome::Partial);
    }
    report
}

export_command!(CleanupOldData);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_that_were_asked_for_are_cleaned_once_and_in_order() {
        let of = |words: &[&str]| targets(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(of(&["all"]), Target::ALL);
        assert_eq!(of(&["analytics", "chats", "chats"]), [Target::Chats, Target::Analytics]);
        assert_eq!(of(&["files", "all"]), Target::ALL);
    }

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
