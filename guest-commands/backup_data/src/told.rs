//! What is told of a backup.

use encargo_sdk::maintenance::{Media, Part, Taken};
use encargo_sdk::prelude::*;
use serde_json::json;

/// What went into it, a line each.
#[derive(Default)]
pub(crate) struct Told {
    lines: Vec<Line>,
    /// What could not be backed up: tenant and name, the first few, and how many there are.
    left_out: Vec<String>,
    left_out_in_all: u64,
    /// Tenants that are not in it, or not whole, and why.
    failed: Vec<(String, Error)>,
}

/// How many of what was left out are named.
const NAMED: usize = 10;

struct Line {
    /// Whose it is; none for the installation's own.
    tenant: Option<String>,
    what: String,
    files: u64,
    rows: u64,
    bytes: u64,
}

impl Told {
    /// A database.
    pub(crate) fn part(&mut self, tenant: Option<&str>, part: &Part) {
        let what = match tenant {
            Some(_) => text!("rows", "filas"),
            None => text!("tenants and people", "inquilinos y personas"),
        };
        let tenant = tenant.map(str::to_owned);
        self.lines.push(Line { tenant, what, files: 1, rows: part.rows, bytes: part.bytes });
    }

    /// A tenant's files.
    pub(crate) fn media(&mut self, tenant: &str, media: &Media) {
        self.files_of(Some(tenant.to_owned()), text!("media", "archivos"), &media.parts);
        self.left_out_in_all += media.left_out.len() as u64;
        let room = NAMED.saturating_sub(self.left_out.len());
        self.left_out.extend(media.left_out.iter().take(room).map(|name| format!("{tenant}/{name}")));
    }

    /// A tenant whose rows or media cannot be read is told, and the others are backed up all the same.
    ///
    /// # Errors
    /// What concerns the run as a whole.
    pub(crate) fn failed(&mut self, tenant: &str, error: Error) -> Result<()> {
        if error.ends_run() {
            return Err(error);
        }
        self.failed.push((tenant.to_owned(), error));
        Ok(())
    }

    /// Whether it has everything that it was to have.
    pub(crate) fn is_whole(&self) -> bool {
        self.failed.is_empty() && self.left_out_in_all == 0
    }

    /// The configuration.
    pub(crate) fn configuration(&mut self, parts: &[Part]) {
        self.files_of(None, text!("configuration", "configuración"), parts);
    }

    /// Commands, and the history of runs.
    pub(crate) fn commands(&mut self, parts: &[Part]) {
        self.files_of(None, text!("commands and history", "comandos e historial"), parts);
    }

    fn files_of(&mut self, tenant: Option<String>, what: String, parts: &[Part]) {
        let (files, bytes) = (parts.len() as u64, parts.iter().map(|part| part.bytes).sum());
        self.lines.push(Line { tenant, what, files, rows: 0, bytes });
    }

    /// How many files there are.
    pub(crate) fn files(&self) -> u64 {
        self.lines.iter().map(|line| line.files).sum()
    }

    /// The report: what was backed up, and where it is.
    pub(crate) fn report(&self, run: &Run, taken: &Taken) -> Report {
        let mut table = table!(
            "The backup" / "El respaldo":
            "tenant" / "inquilino", "what" / "qué", "files" / "archivos", "rows" / "filas", "bytes" / "bytes",
        );
        for line in &self.lines {
            let tenant = line.tenant.as_deref().unwrap_or("");
            table.row(&[&tenant, &line.what, &line.files, &line.rows, &line.bytes]);
        }
        let (files, rows) = (self.files(), self.lines.iter().map(|line| line.rows).sum::<u64>());
        let bytes: u64 = self.lines.iter().map(|line| line.bytes).sum();
        let (id, place) = (&taken.id, &taken.place);
        let summary = if run.dry_run() {
            text!("Would back up {files} files with {rows} rows", "Se respaldarían {files} archivos con {rows} filas")
        } else {
            text!("Backup {id}: {files} files with {rows} rows", "Respaldo {id}: {files} archivos con {rows} filas")
        };
        let (added, reused) = (taken.added, taken.reused);
        let details = json!({
            "id": id, "place": place, "files": files, "rows": rows, "bytes": bytes, "added": added, "reused": reused,
        });
        let mut report = Report::new(summary).table(table).details(&details).count("files", Action::Read, files);
        if !run.dry_run() {
            report = report.note(text!(
                "added {added} bytes to `{place}`; {reused} of {bytes} were there already",
                "se añadieron {added} bytes a `{place}`; {reused} de {bytes} ya estaban ahí"
            ));
        }
        if self.left_out_in_all > 0 {
            let (n, names) = (self.left_out_in_all, self.left_out.join("`, `"));
            report = report.outcome(Outcome::Partial).count("files", Action::Failed, n).note(text!(
                "{n} media files are not in the backup, because they cannot be read or are links or folders: `{names}`",
                "{n} archivos no están en el respaldo, porque no se pueden leer o son enlaces o carpetas: `{names}`"
            ));
        }
        if !self.failed.is_empty() {
            report = report.outcome(Outcome::Partial).count("tenants", Action::Failed, self.failed.len() as u64);
        }
        for (tenant, error) in &self.failed {
            let why = &error.message;
            report = report.note(text!(
                "`{tenant}` is not in the backup, or not whole: {why}",
                "`{tenant}` no está en el respaldo, o no entero: {why}"
            ));
        }
        if let Some(key) = &taken.new_key {
            report = report.note(text!(
                "the key of the backups was made in `{key}`; copy it off this machine now, because nothing can be read without it",
                "la clave de los respaldos se creó en `{key}`; cópiela ahora fuera de esta máquina, porque sin ella no se puede leer nada"
            ));
        }
        report
    }
}

/// How much of a backup was there already.
pub(crate) fn reused(taken: &Taken) -> String {
    let (reused, all) = (taken.reused, taken.read);
    let percent = (reused * 100).checked_div(all).unwrap_or(0);
    text!(
        "incremental: {percent} % of what was read was there already",
        "incremental: el {percent} % de lo leído ya estaba ahí"
    )
}
