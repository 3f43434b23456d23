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
const MOST_TRIES: usize = 40;

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
    Ok(tries.take(MOST_TRIES).collect())
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
