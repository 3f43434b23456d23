//! What is told from a row alone: each relation is read once, from its first row to its last.

mod rows;

use encargo_sdk::batch::{Batch, Cells};
use encargo_sdk::knowledge::Hasher;
use encargo_sdk::prelude::*;

use crate::found::Found;
use crate::issues::Issue;
use crate::module::Module;
use crate::texts::{self, Damage};

pub(crate) use rows::ALL;

/// A relation, how it is read, and what looks at each row. Its first column is the row's key.
pub(crate) struct Scan {
    pub(crate) module: Module,
    pub(crate) relation: &'static str,
    sql: &'static str,
    kinds: &'static [Kind],
    look: fn(&mut Look<'_>),
}

/// One row under the eye of a scan.
pub(crate) struct Look<'a> {
    relation: &'static str,
    batch: &'a Batch,
    row: usize,
    hasher: &'a mut Hasher,
    found: &'a mut Found,
}

impl Scan {
    /// Looks at every row.
    pub(crate) fn run(&self, run: &Run, database: &Database, found: &mut Found) -> Result<()> {
        let mut hasher = Hasher::default();
        for batch in database.batches(self.sql, &[], self.kinds)? {
            run.check()?;
            let batch = batch?;
            for row in 0..batch.rows as usize {
                let look =
                    &mut Look { relation: self.relation, batch: &batch, row, hasher: &mut hasher, found: &mut *found };
                (self.look)(look);
            }
        }
        Ok(())
    }
}

impl<'a> Look<'a> {
    /// A column's text; nothing where there is none.
    fn text(&self, column: usize) -> &'a str {
        self.batch.columns[column].text(self.row).unwrap_or_default()
    }

    fn is_null(&self, column: usize) -> bool {
        self.batch.columns[column].is_null(self.row)
    }

    fn integer(&self, column: usize) -> Option<i64> {
        match &self.batch.columns[column].cells {
            Cells::Integers(cells) if !self.is_null(column) => cells.get(self.row).copied(),
            _ => None,
        }
    }

    fn real(&self, column: usize) -> Option<f64> {
        match &self.batch.columns[column].cells {
            Cells::Reals(cells) if !self.is_null(column) => cells.get(self.row).copied(),
            _ => None,
        }
    }

    /// The name of a column, as in the statement.
    fn name(&self, column: usize) -> &'a str {
        &self.batch.columns[column].name
    }

    fn note(&mut self, issue: &'static Issue, detail: &str) {
        let (batch, row) = (self.batch, self.row);
        self.found.note(issue, self.relation, detail, || match &batch.columns[0].cells {
            Cells::Integers(cells) => cells.get(row).map(ToString::to_string).unwrap_or_default(),
            _ => batch.columns[0].text(row).unwrap_or_default().to_owned(),
        });
    }

    /// Notes the issue where it is one, with the column that it is about.
    fn check(&mut self, is_well: bool, issue: &'static Issue, column: usize) {
        if !is_well {
            self.note(issue, self.name(column));
        }
    }

    /// Notes the row once where one of these texts is not what somebody wrote.
    fn texts(&mut self, columns: &[usize], issue: &'static Issue) {
        let damaged = columns.iter().find(|&&column| texts::damage(self.text(column)).is_some());
        if let Some(&column) = damaged {
            self.note(issue, self.name(column));
        }
    }

    /// As `texts`, where colours of a terminal may stand in a text.
    fn texts_with_control(&mut self, columns: &[usize], issue: &'static Issue) {
        let is_damaged = |text| texts::damage(text).is_some_and(|damage| damage != Damage::Control);
        if let Some(&column) = columns.iter().find(|&&column| is_damaged(self.text(column))) {
            self.note(issue, self.name(column));
        }
    }

    /// Notes the row once where one of these times is before the first one.
    fn times(&mut self, first: usize, later: &[usize], issue: &'static Issue) {
        let begun = self.integer(first);
        let is_before = |column: usize| matches!((begun, self.integer(column)), (Some(first), Some(at)) if at < first);
        if let Some(&column) = later.iter().find(|&&column| is_before(column)) {
            self.note(issue, self.name(column));
        }
    }
}
