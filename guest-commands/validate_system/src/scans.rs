//! What is told from a row alone: each relation is read once, from its first row to its last.

mod rows;

use encargo_sdk::batch::{Batch, Cells, Texts};
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
    /// Looks at every row. Where a text is not UTF-8 the relation is read again by its bytes, and U+FFFD stands for them.
    pub(crate) fn run(&self, run: &Run, database: &Database, found: &mut Found) -> Result<()> {
        let before = found.clone();
        match self.pass(run, database, found, self.kinds) {
            Err(error) if error.code() == ErrorCode::TypeMismatch => {
                *found = before;
                let by_bytes = |kind: &Kind| if *kind == Kind::Text { Kind::Blob } else { *kind };
                self.pass(run, database, found, &self.kinds.iter().map(by_bytes).collect::<Vec<_>>())
            }
            passed => passed,
        }
    }

    fn pass(&self, run: &Run, database: &Database, found: &mut Found, kinds: &[Kind]) -> Result<()> {
        let mut hasher = Hasher::default();
        for batch in database.batches(self.sql, &[], kinds)? {
            run.check()?;
            let mut batch = batch?;
            batch.columns.iter_mut().for_each(|column| read_as_text(&mut column.cells));
            for row in 0..batch.rows as usize {
                let look =
                    &mut Look { relation: self.relation, batch: &batch, row, hasher: &mut hasher, found: &mut *found };
                (self.look)(look);
            }
        }
        Ok(())
    }
}

/// Makes texts of bytes, with U+FFFD for what is none.
fn read_as_text(cells: &mut Cells) {
    let Cells::Blobs(blobs) = cells else { return };
    let mut texts = Texts { offsets: vec![0], data: String::with_capacity(blobs.data.len()) };
    for ends in blobs.offsets.windows(2) {
        let bytes = blobs.data.get(ends[0] as usize..ends[1] as usize).unwrap_or_default();
        texts.data.push_str(&String::from_utf8_lossy(bytes));
        texts.offsets.push(u32::try_from(texts.data.len()).unwrap_or(u32::MAX));
    }
    *cells = Cells::Texts(texts);
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

#[cfg(test)]
mod tests {
    use encargo_sdk::batch::Blobs;

    use super::*;

    #[test]
    fn bytes_that_are_no_text_stay_in_their_cell() {
        let mut cells = Cells::Blobs(Blobs { offsets: vec![0, 1, 3, 3, 5], data: b"a\xc3\xb1\xf1b".to_vec() });
        read_as_text(&mut cells);
        let Cells::Texts(texts) = cells else { panic!("texts") };
        let read: Vec<_> =
            texts.offsets.windows(2).map(|ends| &texts.data[ends[0] as usize..ends[1] as usize]).collect();
        assert_eq!(read, ["a", "ñ", "", "\u{fffd}b"]);
    }
}
