//! One tenant's rows.

use crate::Choice;
use crate::bindings::encargo::database::database as wit;
use crate::choice::Choice as _;
use crate::error::Result;
use crate::row::FromRow;
use crate::stream::{Batches, Stream, rows_of};
use crate::transaction::Transaction;
use crate::value::{Kind, ToValue, values};
use crate::writer::{BulkWriter, ToRow, Writer};

/// A database behind the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgresql,
}

/// The most rows that `rows` reads at once; more is what `stream` is for.
const MOST_ROWS: u32 = 4_000;

/// One tenant's rows. SQL names the logical relations, with placeholders `$1` to `$n`.
#[derive(Debug)]
pub struct Database {
    inner: wit::Database,
}

impl Database {
    pub(crate) fn new(inner: wit::Database) -> Self {
        Self { inner }
    }

    /// The database behind, for a statement that cannot be said in one way for all; none for one that is not known here.
    pub fn dialect(&self) -> Option<Dialect> {
        Dialect::from_word(&self.inner.dialect())
    }

    /// Reads a few rows, at most 4,000.
    ///
    /// # Errors
    /// `too-large` when there are more; whatever the statement deserves.
    pub fn rows<T: FromRow>(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Vec<T>> {
        rows_of(&self.inner.rows(sql, &values(parameters), T::KINDS, MOST_ROWS)?)
    }

    /// Reads the first row, if there is one. The statement should have no more.
    ///
    /// # Errors
    /// Whatever the statement deserves.
    pub fn row<T: FromRow>(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Option<T>> {
        Ok(self.rows(sql, parameters)?.into_iter().next())
    }

    /// Changes rows in a transaction of its own and says how many.
    ///
    /// # Errors
    /// Whatever the statement deserves.
    pub fn execute(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<u64> {
        self.inner.execute(sql, &values(parameters))
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// `transaction-open` when there is one, `busy` when another writer holds the database too long.
    pub fn begin(&self) -> Result<Transaction> {
        self.inner.begin(wit::Mode::ReadWrite).map(Transaction::new)
    }

    /// Begins a transaction that reads one snapshot.
    ///
    /// # Errors
    /// `transaction-open` when there is one.
    pub fn begin_read_only(&self) -> Result<Transaction> {
        self.inner.begin(wit::Mode::ReadOnly).map(Transaction::new)
    }

    /// Reads any number of rows from one snapshot.
    ///
    /// # Errors
    /// Whatever the statement deserves.
    pub fn stream<T: FromRow>(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Stream<T>> {
        self.inner.stream(sql, &values(parameters), T::KINDS).map(Stream::new)
    }

    /// Reads any number of rows from one snapshot, as column batches.
    ///
    /// # Errors
    /// Whatever the statement deserves.
    pub fn batches(&self, sql: &str, parameters: &[&dyn ToValue], kinds: &[Kind]) -> Result<Batches> {
        self.inner.stream(sql, &values(parameters), kinds).map(Batches::new)
    }

    /// Writes many rows into a table, batch by batch.
    pub fn writer<T: ToRow>(&self, into: Writer) -> BulkWriter<'_, T> {
        BulkWriter::new(self, into)
    }
}
