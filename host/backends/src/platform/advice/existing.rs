//! The indexes that a tenant's file has, what each is for, and what there is to know about them.

use std::collections::{BTreeMap, BTreeSet};

use encargo_model::text;
use rusqlite::Connection;

use super::{Advice, Asked, plans};
use crate::platform::{integrity, storage};
use crate::sqlite::Columns;

/// How old what is remembered of statements has to be, and how many of them there have to be, before an index that none of
/// them uses is told: a monthly report may use it.
const OLD_ENOUGH: i64 = 35 * 86_400_000_000;
const ENOUGH: usize = 20;

/// One index.
struct Index {
    name: String,
    relation: String,
    /// Without the tenant's at its end, which is the same in all rows.
    columns: Vec<String>,
    /// Whether a rule of the schema stands on it: a primary key, a unique key, or rows that name other rows.
    is_a_rules: bool,
    /// Whether the migrations make it.
    is_the_schemas: bool,
}

/// The indexes of a file.
pub(super) struct Existing(Vec<Index>);

/// The columns of each relation of commands.
pub(super) fn columns(file: &Connection) -> rusqlite::Result<Columns> {
    let mut columns = BTreeMap::new();
    for relation in encargo_model::RELATIONS {
        let mut statement = file.prepare("SELECT lower(name) FROM pragma_table_info(?1)")?;
        let of: Result<BTreeSet<String>, _> = statement.query_map([relation], |row| row.get(0))?.collect();
        columns.insert(relation.to_owned(), of?);
    }
    Ok(columns)
}

impl Existing {
    pub(super) fn of(file: &Connection, tenant: i64) -> rusqlite::Result<Self> {
        let of_schema = integrity::indexes_of_schema(tenant)?;
        let mut indexes = Vec::new();
        for (name, relation) in storage::indexes(file)? {
            let sql = "SELECT coalesce(lower(name), '') FROM pragma_index_info(?1) ORDER BY seqno";
            let mut columns: Vec<String> =
                file.prepare(sql)?.query_map([&name], |row| row.get(0))?.collect::<Result<_, _>>()?;
            if columns.len() > 1 && columns.last().is_some_and(|last| last == "tenant_id") {
                columns.pop();
            }
            let unique = "SELECT \"unique\" FROM pragma_index_list(?1) WHERE name = ?2";
            let is_unique: bool = file.query_row(unique, [&relation, &name], |row| row.get(0))?;
            let naming = "SELECT count(*) FROM pragma_foreign_key_list(?1) WHERE lower(\"from\") = ?2";
            let first = columns.first().map_or("", String::as_str);
            let is_naming: i64 = file.query_row(naming, [&relation, first], |row| row.get(0))?;
            let is_the_schemas = of_schema.contains(&name);
            indexes.push(Index { name, relation, columns, is_a_rules: is_unique || is_naming > 0, is_the_schemas });
        }
        Ok(Self(indexes))
    }

    fn of_relation(&self, relation: &str) -> impl Iterator<Item = &Index> {
        self.0.iter().filter(move |index| index.relation == relation)
    }

    /// Whether an index with these columns would bring nothing: there is an equal one, or one that begins with them. The
    /// primary key of a relation with ids is its rows' own order.
    pub(super) fn serves(&self, relation: &str, columns: &[String]) -> bool {
        columns.first().is_some_and(|first| first == "id")
            || self.of_relation(relation).any(|index| index.columns.starts_with(columns))
    }

    /// The indexes that one with these columns would begin with.
    pub(super) fn covered_by(&self, relation: &str, columns: &[String]) -> Vec<String> {
        let covered = |index: &&Index| !index.is_a_rules && columns.starts_with(&index.columns);
        self.of_relation(relation).filter(covered).map(|index| index.name.clone()).collect()
    }

    /// What there is to know about them.
    pub(super) fn notes(&self, file: &Connection, asked: &Asked<'_>) -> rusqlite::Result<Vec<Advice>> {
        let mut notes = Vec::new();
        let used = self.used(file, asked)?;
        for (at, index) in self.0.iter().enumerate().filter(|(_, index)| !index.is_a_rules) {
            let others =
                || self.0.iter().enumerate().filter(|(other, of)| *other != at && of.relation == index.relation);
            let equal = others().find(|(other, of)| of.columns == index.columns && (of.is_a_rules || *other < at));
            let longer = others()
                .find(|(_, of)| of.columns.len() > index.columns.len() && of.columns.starts_with(&index.columns));
            let drop = || if index.is_the_schemas { String::new() } else { format!("DROP INDEX {}", index.name) };
            let note = |kind, statement, detail| Advice {
                kind,
                relation: index.relation.clone(),
                index: index.name.clone(),
                statement,
                detail,
                helps: Vec::new(),
                measures: Vec::new(),
            };
            if let Some((_, equal)) = equal {
                let detail = text!("`{}` has the same columns", "`{}` tiene las mismas columnas"; equal.name);
                notes.push(note("equal", drop(), detail));
            } else if let Some((_, longer)) = longer {
                let detail = text!(
                    "`{}` covers it; it may be kept",
                    "`{}` lo cubre; se puede conservar";
                    longer.name
                );
                notes.push(note("covered", String::new(), detail));
            } else if used.as_ref().is_some_and(|used| !used.contains(&index.name)) && !index.is_the_schemas {
                let detail = text!(
                    "no statement of the last five weeks uses it",
                    "ninguna sentencia de las últimas cinco semanas lo usa"
                );
                notes.push(note("unused", drop(), detail));
            }
        }
        Ok(notes)
    }

    /// The indexes that statements use; none where too little is remembered to tell.
    fn used(&self, file: &Connection, asked: &Asked<'_>) -> rusqlite::Result<Option<BTreeSet<String>>> {
        let oldest = asked.statements.iter().map(|logged| logged.first_at.0).min().unwrap_or(i64::MAX);
        if asked.statements.len() < ENOUGH || asked.now.0.saturating_sub(oldest) < OLD_ENOUGH {
            return Ok(None);
        }
        let mut used = BTreeSet::new();
        for logged in asked.statements {
            used.extend(plans::indexes(&plans::plan(file, &logged.taken.text)?).map(str::to_owned));
        }
        Ok(Some(used))
    }
}
