//! Changes that happen together or not at all.

use std::rc::Rc;

use encargo_model::{Batch, Kind, Value};

use super::cursor::{Cursor, read_only};
use super::session::{Scope, Session};
use super::{WriteCounts, WriteSpec, checkpoints, write};
use crate::BackendError;

/// Changes that happen together or not at all. Dropping it rolls back.
pub struct Transaction {
    session: Rc<Session>,
    serial: u64,
}

impl Transaction {
    pub(super) const fn new(session: Rc<Session>, serial: u64) -> Self {
        Self { session, serial }
    }

    /// Reads inside the transaction. At most four cursors are open at a time.
    ///
    /// # Errors
    /// `read-only` for a statement that writes in a read-only transaction, and those of the statement.
    pub fn query(&self, sql: &str, values: &[Value], kinds: &[Kind]) -> Result<Cursor, BackendError> {
        Cursor::open(&self.session, self.serial, sql, values, kinds)
    }

    /// Changes rows and says how many. A statement that fails changes none; the transaction goes on unless the message
    /// says that it is rolled back.
    ///
    /// # Errors
    /// `read-only`, and those of the statement.
    pub fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, BackendError> {
        self.session.enter()?;
        let scope = self.session.scope_of(self.serial)?;
        let prepared = self.session.prepare(sql, values)?;
        if !prepared.read_only && scope != Scope::ReadWrite {
            self.session.give_back(prepared);
            return Err(read_only());
        }
        self.session.run(prepared)
    }

    /// Writes a batch. A row that cannot be written rolls the whole transaction back, as on PostgreSQL.
    ///
    /// # Errors
    /// `too-large` or `invalid` for a batch that is not one, `not-found` for a table or column, `denied`, and those of
    /// the rows, with the row's number in the batch.
    pub fn write(&self, spec: &WriteSpec, batch: &Batch) -> Result<WriteCounts, BackendError> {
        self.check_writable()?;
        write::write(&self.session, spec, batch)
    }

    /// Stores a text that becomes the checkpoint of one of the run's loops when this transaction commits, and only then.
    ///
    /// # Errors
    /// `read-only`, `too-large`, `invalid` for a name that is none.
    pub fn save_checkpoint(&self, loop_name: &str, checkpoint: &str) -> Result<(), BackendError> {
        self.check_writable()?;
        checkpoints::save(&self.session, loop_name, checkpoint)
    }

    /// Makes the changes last. Open cursors end.
    ///
    /// # Errors
    /// When it cannot be done; nothing has changed then.
    pub fn commit(self) -> Result<(), BackendError> {
        self.session.commit(self.serial)
    }

    /// Takes the changes back. Open cursors end.
    ///
    /// # Errors
    /// `invalid` when the transaction was over already.
    pub fn rollback(self) -> Result<(), BackendError> {
        self.session.scope_of(self.serial)?;
        self.session.roll_back(self.serial);
        Ok(())
    }

    fn check_writable(&self) -> Result<(), BackendError> {
        self.session.enter()?;
        match self.session.scope_of(self.serial)? {
            Scope::ReadWrite => Ok(()),
            Scope::ReadOnly | Scope::Stream => Err(read_only()),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.session.roll_back(self.serial);
    }
}
