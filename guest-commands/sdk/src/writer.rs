//! Many rows into one table: batches, commits and counts behind one `push`.

use std::marker::PhantomData;
use std::time;

use crate::batch::{BYTES, Batch, ColumnBuilder, ROWS};
use crate::bindings::encargo::database::database::{OnConflict, WriteSpec};
use crate::database::Database;
use crate::error::Result;
use crate::row::FromRow;
use crate::time::Instant;
use crate::transaction::Transaction;
use crate::value::{Kind, ToValue};

pub use crate::bindings::encargo::database::database::WriteCounts;

/// A transaction is due after this long, however few rows it has.
const COMMIT_WITHIN: time::Duration = time::Duration::from_secs(1);

/// A struct whose fields are the columns of a row; `derive(ToRow)` makes it.
pub trait ToRow {
    /// Name and kind of each column.
    const COLUMNS: &'static [(&'static str, Kind)];

    /// Adds a cell to each column, in the order of `COLUMNS`.
    fn push_to(&self, columns: &mut [ColumnBuilder]);
}

/// What a cell can be made from.
pub trait ToCell {
    /// The kind of its column.
    const KIND: Kind;

    /// Adds the cell.
    fn push_to(&self, column: &mut ColumnBuilder);
}

impl<T: ToCell + ?Sized> ToCell for &T {
    const KIND: Kind = T::KIND;

    fn push_to(&self, column: &mut ColumnBuilder) {
        (**self).push_to(column);
    }
}

impl<T: ToCell> ToCell for Option<T> {
    const KIND: Kind = T::KIND;

    fn push_to(&self, column: &mut ColumnBuilder) {
        match self {
            Some(value) => value.push_to(column),
            None => column.null(),
        }
    }
}

macro_rules! to_cell {
    ($($type:ty: $kind:ident => |$value:ident, $column:ident| $push:expr;)*) => {
        $(impl ToCell for $type {
            const KIND: Kind = Kind::$kind;

            fn push_to(&self, $column: &mut ColumnBuilder) {
                let $value = self;
                $push;
            }
        })*
    };
}

to_cell! {
    i64: Integer => |value, column| column.integer(*value);
    bool: Integer => |value, column| column.integer(i64::from(*value));
    Instant: Integer => |value, column| column.integer(value.micros());
    f64: Real => |value, column| column.real(*value);
    str: Text => |value, column| column.text(value);
    String: Text => |value, column| column.text(value);
    [u8]: Blob => |value, column| column.blob(value);
}

/// Where rows go and what happens to those whose key is there already.
#[derive(Debug, Clone)]
pub struct Writer {
    pub(crate) spec: WriteSpec,
    commit_every: u64,
}

impl Writer {
    /// Into this table; a known key is an error.
    pub fn into(table: &str) -> Self {
        let spec =
            WriteSpec { table: table.to_owned(), key: Vec::new(), on_conflict: OnConflict::Fail, same_when: None };
        Self { spec, commit_every: 50_000 }
    }

    /// The columns of a unique key, without the tenant's.
    #[must_use]
    pub fn key<const N: usize>(mut self, columns: [&str; N]) -> Self {
        self.spec.key = columns.map(str::to_owned).to_vec();
        self
    }

    /// A row with a known key takes the new values.
    #[must_use]
    pub fn update(mut self) -> Self {
        self.spec.on_conflict = OnConflict::Update;
        self
    }

    /// A row with a known key stays as it is.
    #[must_use]
    pub fn skip(mut self) -> Self {
        self.spec.on_conflict = OnConflict::Skip;
        self
    }

    /// A row with a known key and an equal value in this column is unchanged. It needs the permission to read the table.
    #[must_use]
    pub fn same_when(mut self, column: &str) -> Self {
        self.spec.same_when = Some(column.to_owned());
        self
    }

    /// A transaction is due after this many rows; 50,000 by default, and a second in any case.
    #[must_use]
    pub fn commit_every(mut self, rows: u64) -> Self {
        self.commit_every = rows.max(1);
        self
    }
}

/// A batch that is being filled with rows of one struct.
#[derive(Debug)]
pub(crate) struct Filling<T> {
    columns: Vec<ColumnBuilder>,
    rows: u32,
    row: PhantomData<fn(&T)>,
}

impl<T: ToRow> Filling<T> {
    pub(crate) fn new() -> Self {
        let columns = T::COLUMNS.iter().map(|&(name, kind)| ColumnBuilder::new(name, kind)).collect();
        Self { columns, rows: 0, row: PhantomData }
    }

    /// Adds a row, perhaps of another type with the same columns.
    pub(crate) fn push<R: ToRow>(&mut self, row: &R) {
        row.push_to(&mut self.columns);
        self.rows += 1;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Whether it is as large as a batch should be.
    pub(crate) fn is_full(&self) -> bool {
        self.rows == ROWS || self.columns.iter().map(ColumnBuilder::bytes).sum::<usize>() >= BYTES / 2
    }

    /// Hands over what is in it; it is empty then.
    pub(crate) fn take(&mut self) -> Batch {
        let columns = T::COLUMNS.iter().zip(&mut self.columns).map(|((_, kind), column)| column.take(*kind)).collect();
        Batch { rows: std::mem::take(&mut self.rows), columns }
    }
}

/// Writes rows of one struct. Rows that were not committed when it is dropped are not written.
#[derive(Debug)]
pub struct BulkWriter<'a, T> {
    database: &'a Database,
    writer: Writer,
    waiting: Filling<T>,
    transaction: Option<Transaction>,
    uncommitted: u64,
    begun: time::Instant,
    counts: WriteCounts,
}

impl<'a, T: ToRow> BulkWriter<'a, T> {
    pub(crate) fn new(database: &'a Database, writer: Writer) -> Self {
        let counts = WriteCounts { inserted: 0, updated: 0, unchanged: 0 };
        let begun = time::Instant::now();
        Self { database, writer, waiting: Filling::new(), transaction: None, uncommitted: 0, begun, counts }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Whatever the batch that it completes deserves.
    pub fn push(&mut self, row: &T) -> Result<()> {
        self.push_as(row)
    }

    /// Adds a row of another type with the same columns, as one is that borrows its cells.
    ///
    /// # Errors
    /// As `push`.
    pub fn push_as<R: ToRow>(&mut self, row: &R) -> Result<()> {
        self.waiting.push(row);
        self.uncommitted += 1;
        if self.waiting.is_full() { self.flush() } else { Ok(()) }
    }

    /// Reads rows inside of the transaction that the next rows go to; those that wait are not among them.
    ///
    /// # Errors
    /// Whatever the statement deserves.
    pub fn rows<R: FromRow>(&mut self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Vec<R>> {
        self.transaction()?.rows(sql, parameters)
    }

    /// Whether it is time to commit.
    pub fn is_due(&self) -> bool {
        self.uncommitted >= self.writer.commit_every
            || (self.waiting.is_empty() && self.uncommitted > 0 && self.begun.elapsed() >= COMMIT_WITHIN)
    }

    /// Makes all rows so far last, together with a loop's checkpoint: its name and its text.
    ///
    /// # Errors
    /// What the database says at the end.
    pub fn commit(&mut self, checkpoint: Option<(&str, &str)>) -> Result<()> {
        self.flush()?;
        if let Some((loop_name, checkpoint)) = checkpoint {
            self.transaction()?.save_checkpoint(loop_name, checkpoint)?;
        }
        self.uncommitted = 0;
        self.transaction.take().map_or(Ok(()), Transaction::commit)
    }

    /// What became of the rows so far; certain after a commit.
    pub fn counts(&self) -> WriteCounts {
        self.counts
    }

    /// The transaction that the next rows go to; those that wait are not in it yet. It is the writer's to end.
    ///
    /// # Errors
    /// As [`Database::begin`].
    pub fn transaction(&mut self) -> Result<&Transaction> {
        let transaction = match self.transaction.take() {
            Some(transaction) => transaction,
            None => {
                self.begun = time::Instant::now();
                self.database.begin()?
            }
        };
        Ok(self.transaction.insert(transaction))
    }

    /// Sends what waits, so that `counts` speaks of every row pushed so far.
    ///
    /// # Errors
    /// Whatever the batch deserves.
    pub fn flush(&mut self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let batch = self.waiting.take();
        let spec = self.writer.spec.clone();
        let written = self.transaction()?.write(&spec, &batch)?;
        add(&mut self.counts, written);
        Ok(())
    }
}

/// Adds up what batches did.
pub(crate) fn add(counts: &mut WriteCounts, written: WriteCounts) {
    counts.inserted += written.inserted;
    counts.updated += written.updated;
    counts.unchanged += written.unchanged;
}
