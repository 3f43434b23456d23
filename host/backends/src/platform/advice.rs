//! Which indexes would make a tenant's slow statements faster, each proved on a copy of the rows before it is given, and what
//! there is to know about the indexes that there are.

mod existing;
mod plans;
mod proof;

use std::collections::{BTreeMap, BTreeSet};

use encargo_model::{LoggedStatement, RunId, Tenant, Text, Timestamp, text};
use rusqlite::Connection;

use super::storage::Measures;
use super::tenant_files::TenantFiles;
use super::upkeep::failed;
use crate::BackendError;
use crate::sqlite::{Columns, Wanted, Work, wanted};
use existing::Existing;
use proof::{Copy, Proved};

/// How many statements are looked at for advice: those that took most.
const MOST_STATEMENTS: usize = 20;
/// How many indexes are tried on the copy.
const MOST_TRIES: usize = 20;

/// Something to do about indexes, or to know about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// `index`, `covered`, `equal` or `unused`.
    pub kind: &'static str,
    /// The relation.
    pub relation: String,
    /// The index that it is about.
    pub index: String,
    /// The statement that follows it; empty where there is nothing to do.
    pub statement: String,
    /// One sentence without a full stop.
    pub detail: Text,
    /// The fingerprints of the statements that it helps.
    pub helps: Vec<String>,
    /// What was measured on the copy.
    pub measures: Measures,
}

/// What advice goes by.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What statements took, those that took most first.
    pub statements: &'a [LoggedStatement],
    /// How many times less work an index has to bring.
    pub least_gain: u32,
    /// The run, for the place of the copy.
    pub run: RunId,
    /// The time now.
    pub now: Timestamp,
}

impl TenantFiles {
    /// How each statement would be run now, a line for each step; none for what cannot be planned.
    ///
    /// # Errors
    /// What is wrong with the file; `cancelled`.
    pub fn plans(
        &self,
        tenant: &Tenant,
        statements: &[LoggedStatement],
        work: Work<'_>,
    ) -> Result<Vec<Vec<String>>, BackendError> {
        let (path, file) = self.to_watch(tenant, work)?;
        let file = file.with_functions_of_commands(work);
        let file = file.map_err(|error| crate::sqlite::error_of_host(&error))?;
        let plans: rusqlite::Result<Vec<_>> =
            statements.iter().map(|logged| plans::plan(&file, &logged.taken.text)).collect();
        plans.map_err(|error| failed(&file, &path, tenant, error))
    }

    /// What to do and to know about indexes. An index is advised only where it makes a statement as many times cheaper as is
    /// asked for on a copy of the rows, and none that is there already. Without a candidate nothing is copied.
    ///
    /// # Errors
    /// What is wrong with the file; `too-large` where the copy would be larger than temporary files may be; `cancelled`.
    pub fn advise(&self, tenant: &Tenant, asked: &Asked<'_>, work: Work<'_>) -> Result<Vec<Advice>, BackendError> {
        let (path, file) = self.to_watch(tenant, work)?;
        let file = file.with_functions_of_commands(work);
        let file = file.map_err(|error| crate::sqlite::error_of_host(&error))?;
        let looked = || -> rusqlite::Result<_> {
            let existing = Existing::of(&file, tenant.id)?;
            let columns = existing::columns(&file)?;
            let tries = tries(&file, asked, &columns, &existing)?;
            let mut advice = existing.notes(&file, asked)?;
            advice.sort_by(|one, other| (one.kind, &one.index).cmp(&(other.kind, &other.index)));
            Ok((columns, tries, advice, existing))
        };
        let (columns, tries, notes, existing) = looked().map_err(|error| failed(&file, &path, tenant, error))?;
        drop(file);
        if tries.is_empty() {
            return Ok(notes);
        }
        let copy = Copy::make(self, tenant, asked.run, work)?;
        let proved = copy.prove(tenant, &tries, &columns, asked)?;
        Ok(proved.into_iter().map(|proved| advised(proved, &existing)).chain(notes).collect())
    }
}

/// An index to try, and the statements that it is for, by their places.
pub(super) struct Try {
    relation: String,
    columns: Vec<String>,
    helps: BTreeSet<usize>,
}

impl Try {
    /// A name that says what it is.
    fn name(&self) -> String {
        format!("{ADVISED}{}_by_{}", self.relation, self.columns.join("_"))
    }

    /// Its keys end with the tenant, as all keys here do.
    fn statement(&self) -> String {
        format!("CREATE INDEX {} ON {} ({}, tenant_id)", self.name(), self.relation, self.columns.join(", "))
    }
}

/// How the name of an advised index begins.
pub(super) const ADVISED: &str = "advised_";

/// The indexes that the statements may want and that are not there.
fn tries(file: &Connection, asked: &Asked<'_>, columns: &Columns, existing: &Existing) -> rusqlite::Result<Vec<Try>> {
    let mut tries: BTreeMap<(String, Vec<String>), BTreeSet<usize>> = BTreeMap::new();
    for (at, logged) in asked.statements.iter().enumerate().take(MOST_STATEMENTS) {
        let text = &logged.taken.text;
        let plan = plans::plan(file, text)?;
        if !plans::may_be_faster(&plan) {
            continue;
        }
        for (relation, of) in wanted(text, columns) {
            let candidates = Wanted::candidates(&of).into_iter();
            for candidate in candidates.filter(|candidate| !existing.serves(&relation, candidate)) {
                tries.entry((relation.clone(), candidate)).or_default().insert(at);
            }
        }
    }
    let tries = tries.into_iter().map(|((relation, columns), helps)| Try { relation, columns, helps });
    let mut tries: Vec<Try> = tries.collect();
    // Those for the statement that took most come first.
    tries.sort_by_key(|one| one.helps.first().copied());
    tries.truncate(MOST_TRIES);
    Ok(tries)
}

/// What is told of an index that was proved.
fn advised(proved: Proved, existing: &Existing) -> Advice {
    let (relation, columns) = (&proved.relation, &proved.columns);
    let times = proved.times;
    let mut detail = text!(
        "a copy of the rows did the statement with {times} times less work",
        "una copia de las filas hizo la sentencia con {times} veces menos trabajo"
    );
    for covered in existing.covered_by(relation, columns) {
        detail = text!(
            "{detail}; it covers `{covered}`, which may be kept",
            "{detail}; cubre `{covered}`, que se puede conservar",
            detail = detail
        );
    }
    Advice {
        kind: "index",
        relation: relation.clone(),
        index: proved.name,
        statement: proved.statement,
        detail,
        helps: proved.helps,
        measures: proved.measures,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use encargo_model::{Language, Latency, Limits, StatementUse};
    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::*;
    use crate::Interrupt;
    use crate::platform::tests::migrated;

    const DAY: i64 = 86_400_000_000;

    fn logged(text: &str, first_at: i64) -> LoggedStatement {
        let taken = StatementUse {
            tenant: 1,
            fingerprint: text.to_owned(),
            text: text.to_owned(),
            calls: 10,
            rows: 10,
            total_ns: 1,
            longest_ns: 1,
            latency: Latency::default(),
        };
        let [first_at, last_at] = [first_at, 100 * DAY].map(Timestamp);
        LoggedStatement { taken, command: "export_data".to_owned(), first_at, last_at }
    }

    #[test]
    fn an_index_that_nothing_uses_is_told_once_enough_is_remembered_and_never_one_of_a_key_or_of_the_schema() {
        let folder = TempDir::new().unwrap();
        let platform = migrated(&folder);
        let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
        let file = Connection::open(platform.data().tenant_db(acme.id)).unwrap();
        file.execute_batch(
            "CREATE INDEX advised_a ON chats (title, tenant_id); CREATE INDEX advised_b ON chats (language, tenant_id);
             CREATE INDEX advised_c ON files (document_id, name); CREATE UNIQUE INDEX advised_d ON chats (resolved_at)",
        )
        .unwrap();
        let unused = |statements: &[LoggedStatement]| -> Vec<String> {
            let (interrupt, limits) = (Arc::new(Interrupt::new()), Limits::default());
            let asked = Asked { statements, least_gain: 4, run: RunId(1), now: Timestamp(100 * DAY) };
            let work = Work { interrupt: &interrupt, limits: &limits };
            let advice = platform.files().advise(&acme, &asked, work).unwrap();
            advice.into_iter().filter(|one| one.kind == "unused").map(|one| one.index).collect()
        };
        let many = |first_at: i64| -> Vec<LoggedStatement> {
            let columns = (0..30).map(|number| logged(&format!("select {number} from agents where id = $1"), first_at));
            columns.chain([logged("select id from chats where language = $1", first_at)]).collect()
        };
        assert_eq!(unused(&many(10 * DAY)), ["advised_a"]);
        assert_eq!(unused(&many(80 * DAY)), [""; 0], "a monthly report may use it");
        assert_eq!(unused(&many(10 * DAY)[25..]), [""; 0], "too few are remembered");
    }

    #[test]
    fn a_flag_that_is_up_ends_every_piece_of_upkeep() {
        let folder = TempDir::new().unwrap();
        let platform = migrated(&folder);
        let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
        let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO logs (id, level, message, created_at) SELECT i, 'info', 'x', i FROM n";
        Connection::open(platform.data().tenant_db(acme.id)).unwrap().execute_batch(rows).unwrap();
        let (interrupt, limits) = (Arc::new(Interrupt::new()), Limits::default());
        let work = Work { interrupt: &interrupt, limits: &limits };
        let files = platform.files();
        let all = || [files.analyze(&acme, false, work), files.reindex(&acme, false, work), files.compact(&acme, work)];
        interrupt.raise();
        for ended in all() {
            assert_eq!(ended.unwrap_err().code, encargo_model::ErrorCode::Cancelled);
        }
        interrupt.lower();
        for done in all() {
            assert!(!done.unwrap().is_empty());
        }
    }
}
