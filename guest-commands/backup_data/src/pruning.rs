//! Removes the backups that nothing keeps, after a new one was stored.

use encargo_sdk::maintenance::{self, Keep, Pruned};
use encargo_sdk::prelude::*;

/// Adds to a report what became of each backup. A backup that was stored is one, whatever becomes of the others.
pub(crate) fn prune(report: Report, (output, key): (&str, Option<&str>), keep: Keep) -> Result<Report> {
    let pruned = match maintenance::prune_backups(output, key, keep) {
        Ok(pruned) => pruned,
        // A dry run before the first backup.
        Err(error) if error.code() == ErrorCode::NotFound => Vec::new(),
        Err(error) if error.ends_run() => return Err(error),
        Err(error) => {
            let why = error.message;
            return Ok(report
                .outcome(Outcome::Partial)
                .note(text!("no earlier backup was removed: {why}", "no se borró ningún respaldo anterior: {why}")));
        }
    };
    let mut table = table!(
        "Backups" / "Respaldos": "backup" / "respaldo", "taken" / "hecho", "kind" / "tipo", "stays because" / "se queda por",
    );
    let mut removed = 0;
    for one in &pruned {
        let taken = Instant::from_micros(one.taken_at).rfc3339();
        let why = if one.reasons.is_empty() { text!("(removed)", "(borrado)") } else { reasons(one) };
        removed += u64::from(one.reasons.is_empty());
        table.row(&[&one.id, &taken, &one.kind, &why]);
    }
    Ok(report.table(table).count("backups", Action::Deleted, removed))
}

/// Why no backup is removed behind one that lacks something: an earlier one may be the last that has it.
pub(crate) fn nothing_removed() -> String {
    text!(
        "no earlier backup was removed, because one of them may be the last that has what this one lacks",
        "no se borró ningún respaldo anterior, porque alguno puede ser el último que tiene lo que falta en este"
    )
}

fn reasons(pruned: &Pruned) -> String {
    let word = |reason: &String| match reason.as_str() {
        "newest" => text!("newest", "más reciente"),
        "last" => text!("last", "últimos"),
        "daily" => text!("daily", "diario"),
        "weekly" => text!("weekly", "semanal"),
        "monthly" => text!("monthly", "mensual"),
        other if other.starts_with("within") => text!("days", "días"),
        other => other.to_owned(),
    };
    pruned.reasons.iter().map(word).collect::<Vec<_>>().join(", ")
}
