//! What became of each kind of row.

use encargo_sdk::fingerprint::Fingerprint;
use encargo_sdk::prelude::*;
use serde_json::json;

/// What became of the rows of one relation.
#[derive(Clone, Default)]
pub(crate) struct Copied {
    pub(crate) relation: &'static str,
    /// How many the source has.
    pub(crate) source: u64,
    pub(crate) created: u64,
    pub(crate) overwritten: u64,
    pub(crate) unchanged: u64,
    pub(crate) skipped: u64,
    /// Of the created ones, those that got another natural key.
    pub(crate) renamed: u64,
    /// Those that could not be copied.
    pub(crate) failed: u64,
    /// Those that were left out or changed because they hold secrets.
    pub(crate) secrets: u64,
    /// What was to be written, and what was read back.
    pub(crate) written: Fingerprint,
    pub(crate) read_back: Fingerprint,
    /// Natural keys that are there with another content, the first few; where that ends the run.
    pub(crate) conflicts: Vec<String>,
}

/// How many conflicts an error names.
pub(crate) const NAMED: usize = 5;

impl Copied {
    pub(crate) fn of(relation: &'static str) -> Self {
        Self { relation, ..Self::default() }
    }

    /// Whether what was read back is what was written.
    pub(crate) fn is_verified(&self) -> bool {
        self.written.finish() == self.read_back.finish()
    }
}

/// What became of a transfer.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) copied: Vec<Copied>,
    /// What a move deleted from the source, and what it left there with the reason.
    pub(crate) moved: Tally,
    pub(crate) notes: Vec<String>,
}

impl Told {
    /// A conflict that ends the run, with the first few names.
    ///
    /// # Errors
    /// `already-exists` where there is one.
    pub(crate) fn check_conflicts(&self, to: &str) -> Result<()> {
        let Some(copied) = self.copied.iter().find(|copied| !copied.conflicts.is_empty()) else { return Ok(()) };
        let (relation, names) = (copied.relation, copied.conflicts.join("`, `"));
        let message = text!(
            "`{to}` has other {relation} of the same name, so nothing was copied: `{names}`; see `--on-conflict`",
            "`{to}` tiene otros {relation} con el mismo nombre, así que no se copió nada: `{names}`; vea `--on-conflict`"
        );
        Err(Error::new(ErrorCode::AlreadyExists, message))
    }

    pub(crate) fn report(self, from: &str, to: &str, is_move: bool) -> Report {
        let mut table = table!(
            "Copied" / "Copiado":
            "kind" / "tipo", "in the source" / "en el origen", "created" / "creados", "overwritten" / "reemplazados",
            "unchanged" / "sin cambios", "skipped" / "omitidos", "renamed" / "renombrados", "failed" / "fallidos",
        );
        let mut tally = Tally::default();
        let mut details = serde_json::Map::new();
        let (mut created, mut secrets) = (0, 0);
        for copied in &self.copied {
            let c = copied;
            table.row(&[
                &c.relation,
                &c.source,
                &c.created,
                &c.overwritten,
                &c.unchanged,
                &c.skipped,
                &c.renamed,
                &c.failed,
            ]);
            tally.add(c.relation, Action::Read, c.source);
            for (action, n) in [
                (Action::Created, c.created),
                (Action::Updated, c.overwritten),
                (Action::Unchanged, c.unchanged),
                (Action::Skipped, c.skipped),
                (Action::Failed, c.failed),
            ] {
                if n > 0 || action == Action::Created {
                    tally.add(c.relation, action, n);
                }
            }
            created += c.created;
            secrets += c.secrets;
            let hashes = json!({ "written": c.written.finish(), "read_back": c.read_back.finish() });
            details.insert(c.relation.to_owned(), hashes);
        }
        if secrets > 0 {
            tally.note(text!(
                "{secrets} rows have secrets, which were left behind; `--include-secrets` copies them",
                "{secrets} filas tienen secretos, que no se copiaron; `--include-secrets` los copia"
            ));
        }
        self.notes.into_iter().for_each(|note| tally.note(note));
        tally.take_in(&self.moved);
        let deleted = self.moved.all(Action::Deleted);
        let summary = if is_move {
            text!(
                "Copied {created} rows from `{from}` to `{to}` and deleted {deleted} from `{from}`",
                "Se copiaron {created} filas de `{from}` a `{to}` y se borraron {deleted} de `{from}`"
            )
        } else {
            text!("Copied {created} rows from `{from}` to `{to}`", "Se copiaron {created} filas de `{from}` a `{to}`")
        };
        tally.report(summary).table(table).details(&serde_json::Value::Object(details))
    }
}
