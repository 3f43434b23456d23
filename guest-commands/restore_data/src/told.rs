//! What is told of a restore.

use encargo_sdk::maintenance::{Fetched, Stored};
use encargo_sdk::prelude::*;
use serde_json::json;

use crate::safety::Safety;

/// What is restored, a line each.
#[derive(Default)]
pub(crate) struct Told {
    lines: Vec<Line>,
    /// Tenants in the list of the backup whose rows it lacks.
    lacking: Vec<String>,
    new_tenant: Option<String>,
    has_people: bool,
    has_rows: bool,
    has_media: bool,
}

struct Line {
    /// Whose it is; none for the installation's own.
    tenant: Option<String>,
    what: String,
    fetched: Fetched,
}

impl Told {
    /// Who the tenants are.
    pub(crate) fn people(&mut self, fetched: &Fetched) {
        self.has_people = true;
        self.line(None, text!("tenants and people", "inquilinos y personas"), fetched);
    }

    /// Commands, and the history of runs.
    pub(crate) fn commands(&mut self, fetched: &Fetched) {
        self.line(None, text!("commands and history", "comandos e historial"), fetched);
    }

    /// A tenant's rows.
    pub(crate) fn rows(&mut self, tenant: &str, fetched: &Fetched) {
        self.has_rows = true;
        self.line(Some(tenant), text!("rows", "filas"), fetched);
    }

    /// A tenant's files.
    pub(crate) fn media(&mut self, tenant: &str, fetched: &Fetched) {
        self.has_media = true;
        self.line(Some(tenant), text!("media", "archivos"), fetched);
    }

    /// Tenants whose rows the backup lacks.
    pub(crate) fn lacks(&mut self, lacking: Vec<String>) {
        self.lacking = lacking;
    }

    /// The tenant that is made.
    pub(crate) fn new_tenant(&mut self, name: &str) {
        self.new_tenant = Some(name.to_owned());
    }

    pub(crate) const fn has_people(&self) -> bool {
        self.has_people
    }

    pub(crate) const fn has_rows(&self) -> bool {
        self.has_rows
    }

    pub(crate) const fn has_media(&self) -> bool {
        self.has_media
    }

    fn line(&mut self, tenant: Option<&str>, what: String, fetched: &Fetched) {
        self.lines.push(Line { tenant: tenant.map(str::to_owned), what, fetched: *fetched });
    }

    /// How many files there are.
    pub(crate) fn files(&self) -> u64 {
        self.lines.iter().map(|line| line.fetched.files).sum()
    }

    /// The report: what was restored, and what brings back what was there before.
    pub(crate) fn report(&self, run: &Run, stored: &Stored, safety: Option<&Safety>, aside: &[String]) -> Report {
        let mut table = table!(
            "Restored" / "Restaurado":
            "tenant" / "inquilino", "what" / "qué", "files" / "archivos", "rows" / "filas", "bytes" / "bytes",
        );
        for Line { tenant, what, fetched } in &self.lines {
            let tenant = tenant.as_deref().unwrap_or("");
            table.row(&[&tenant, what, &fetched.files, &fetched.rows, &fetched.bytes]);
        }
        let sum = |of: fn(&Fetched) -> u64| self.lines.iter().map(|line| of(&line.fetched)).sum::<u64>();
        let (files, rows, bytes) = (self.files(), sum(|one| one.rows), sum(|one| one.bytes));
        let (id, taken) = (&stored.id, Instant::from_micros(stored.taken_at).rfc3339());
        let summary = if run.dry_run() {
            text!(
                "Would restore {files} files with {rows} rows of the backup {id}, taken {taken}",
                "Se restaurarían {files} archivos con {rows} filas del respaldo {id}, hecho {taken}"
            )
        } else {
            text!(
                "Restored {files} files with {rows} rows of the backup {id}, taken {taken}",
                "Restaurados {files} archivos con {rows} filas del respaldo {id}, hecho {taken}"
            )
        };
        let taken_before = safety.and_then(|safety| safety.taken.as_ref());
        let before = taken_before.map(|taken| taken.id.clone()).filter(|id| !id.is_empty());
        let details = json!({
            "backup": id, "taken_at": taken, "files": files, "rows": rows, "bytes": bytes, "safety_backup": before,
        });
        let mut report = Report::new(summary).table(table).details(&details).count("files", Action::Read, files);
        report = report.count("rows", Action::Created, rows).notes(self.notes(stored));
        if let Some(before) = &before {
            report = report.note(text!(
                "what was there before is the backup {before}: `encargo restore_data --backup={before} --yes` brings it back",
                "lo que había antes es el respaldo {before}: `encargo restore_data --backup={before} --yes` lo repone"
            ));
        }
        for (tenant, why) in safety.iter().flat_map(|safety| &safety.left_out) {
            report = report.note(text!(
                "`{tenant}` could not be read any more and is not in the backup of what was there before: {why}",
                "`{tenant}` ya no se podía leer y no está en el respaldo de lo que había antes: {why}"
            ));
        }
        if !self.lacking.is_empty() {
            let names = self.lacking.join("`, `");
            report = report.outcome(Outcome::Partial).note(text!(
                "the backup lacks the rows of tenants in its list, because they could not be read when it was taken: `{names}`",
                "al respaldo le faltan las filas de inquilinos de su lista, porque no se pudieron leer cuando se hizo: `{names}`"
            ));
        }
        for file in aside {
            report =
                report.note(text!("a damaged file was put aside: `{file}`", "un archivo dañado se apartó: `{file}`"));
        }
        report
    }

    fn notes(&self, stored: &Stored) -> Vec<String> {
        let mut notes = Vec::new();
        for Line { tenant, fetched, .. } in &self.lines {
            if let (Some(from), Some(tenant)) = (fetched.migrated_from, tenant) {
                notes.push(text!(
                    "the rows of `{tenant}` had schema version {from} and were brought to this version's",
                    "las filas de `{tenant}` tenían la versión de esquema {from} y se llevaron a la de esta versión"
                ));
            }
        }
        if let Some(name) = &self.new_tenant {
            notes.push(text!("they are the new tenant `{name}`", "son el inquilino nuevo `{name}`"));
        }
        if stored.has_configuration && self.has_people {
            let id = &stored.id;
            notes.push(text!(
                "the configuration in the backup was left there; `encargo restore_data --backup={id} --output=FOLDER` writes it into a folder",
                "la configuración del respaldo se quedó ahí; `encargo restore_data --backup={id} --output=CARPETA` la escribe en una carpeta"
            ));
        }
        notes
    }
}

/// What is asked before anything is replaced.
pub(crate) fn question(stored: &Stored, present: &[String]) -> String {
    let (id, taken) = (&stored.id, Instant::from_micros(stored.taken_at).rfc3339());
    let names = present.iter().take(5).cloned().collect::<Vec<_>>().join("`, `");
    let n = present.len();
    text!(
        "Replace what {n} tenants have now (`{names}`) by the backup {id}, taken {taken}?",
        "¿Reemplazar lo que tienen ahora {n} inquilinos (`{names}`) por el respaldo {id}, hecho {taken}?"
    )
}

/// What is told where files were written and nothing was restored.
pub(crate) fn extracted(stored: &Stored, written: &Fetched) -> Report {
    let (id, files, bytes) = (&stored.id, written.files, written.bytes);
    let summary = text!(
        "Wrote {files} files of the backup {id} ({bytes} bytes); nothing was restored",
        "Escritos {files} archivos del respaldo {id} ({bytes} bytes); no se restauró nada"
    );
    Report::new(summary).count("files", Action::Created, files)
}
