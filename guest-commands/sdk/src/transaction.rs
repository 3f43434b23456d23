//! Changes that happen together or not at all.

use crate::batch::Batch;
use crate::bindings::encargo::database::database as wit;
use crate::error::Result;
use crate::row::FromRow;
use crate::stream::{Batches, Stream, rows_of};
use crate::value::{Kind, ToValue, values};
use crate::writer::{Filling, ToRow, WriteCounts, Writer, add};

/// An open transaction. Dropping it rolls back.
#[derive(Debug)]
pub struct Transaction {
    inner: wit::Transaction,
}

impl Transaction {
    pub(crate) fn new(inner: wit::Transaction) -> Self {
        Self { inner }
    }

    /// Reads rows inside the transaction, one after the other.
    ///
    /// # Errors
    /// Whatever the statement deserves; `invalid` for a fifth open cursor.
    pub fn stream<T: FromRow>(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Stream<T>> {
        self.inner.query(sql, &values(parameters), T::KINDS).map(Stream::new)
    }

    /// Reads rows inside the transaction, as column batches.
    ///
    /// # Errors
    /// As `stream`.
    pub fn batches(&self, sql: &str, parameters: &[&dyn ToValue], kinds: &[Kind]) -> Result<Batches> {
        self.inner.query(sql, &values(parameters), kinds).map(Batches::new)
    }

    /// Reads any number of rows inside the transaction, as many at a time as one batch has: at most 1,000, and about 1 MiB.
    ///
    /// # Errors
    /// As `stream`.
    pub fn chunks<T: FromRow>(
        &self,
        sql: &str,
        parameters: &[&dyn ToValue],
    ) -> Result<impl Iterator<Item = Result<Vec<T>>>> {
        let batches = self.batches(sql, parameters, T::KINDS)?;
        Ok(batches.map(|batch| rows_of(&batch?)))
    }

    /// Reads all rows of a statement that has few.
    ///
    /// # Errors
    /// As `stream`.
    pub fn rows<T: FromRow>(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Vec<T>> {
        self.stream(sql, parameters)?.collect()
    }

    /// Reads the first row, if there is one.
    ///
    /// # Errors
    /// As `stream`.
    pub fn row<T: FromRow>(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Option<T>> {
        self.stream(sql, parameters)?.next().transpose()
    }

    /// Changes rows and says how many.
    ///
    /// # Errors
    /// Whatever the statement deserves; `read-only` in a transaction that only reads.
    pub fn execute(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<u64> {
        self.inner.execute(sql, &values(parameters))
    }

    /// Writes rows into a table, batch by batch; how often to commit is the transaction's own matter.
    ///
    /// # Errors
    /// Whatever a batch deserves.
    pub fn write_rows<'r, T: ToRow + 'r>(
        &self,
        into: &Writer,
        rows: impl IntoIterator<Item = &'r T>,
    ) -> Result<WriteCounts> {
        let mut counts = WriteCounts { inserted: 0, updated: 0, unchanged: 0 };
        let mut filling = Filling::<T>::new();
        for row in rows {
            filling.push(row);
            if filling.is_full() {
                add(&mut counts, self.write(&into.spec, &filling.take())?);
            }
        }
        if !filling.is_empty() {
            add(&mut counts, self.write(&into.spec, &filling.take())?);
        }
        Ok(counts)
    }

    pub(crate) fn write(&self, spec: &wit::WriteSpec, batch: &Batch) -> Result<WriteCounts> {
        self.inner.write(spec, batch)
    }

    /// Stores a text that becomes the checkpoint of one of the run's loops when this transaction commits, and only then.
    ///
    /// # Errors
    /// `read-only` in a transaction that only reads, `invalid` for a name that is none.
    pub fn save_checkpoint(&self, loop_name: &str, checkpoint: &str) -> Result<()> {
        self.inner.save_checkpoint(loop_name, checkpoint)
    }

    /// Makes the changes last.
    ///
    /// # Errors
    /// What the database says at the end: a foreign key, a full disk.
    pub fn commit(self) -> Result<()> {
        self.inner.commit()
    }

    /// Takes the changes back.
    ///
    /// # Errors
    /// Only when the database is gone.
    pub fn rollback(self) -> Result<()> {
        self.inner.rollback()
    }
}
