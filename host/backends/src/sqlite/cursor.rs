//! Rows to come.

use std::cell::RefCell;
use std::rc::Rc;

use encargo_model::{Batch, ErrorCode, Kind, Value, text};

use super::batches::Builder;
use super::cache::Prepared;
use super::session::{Scope, Session};
use crate::BackendError;

/// How many cursors are open at a time.
const MOST_CURSORS: usize = 4;

/// Rows to come. It ends with its transaction; dropping it ends it.
pub struct Cursor {
    session: Rc<Session>,
    serial: u64,
    /// Shared with the session, which empties it when the transaction ends.
    reading: Rc<RefCell<Option<Reading>>>,
    /// Whether the transaction is the cursor's own.
    stream: bool,
    /// Whether a stream was read to its end, which ended its transaction.
    finished: bool,
}

/// A statement that is being read.
pub(super) struct Reading {
    pub(super) prepared: Prepared,
    names: Vec<String>,
    kinds: Vec<Kind>,
    /// Whether the statement stands on a row that did not fit into the last batch.
    waiting: bool,
    /// How many rows were handed out.
    rows: u64,
    /// Whether all rows were handed out.
    ended: bool,
}

impl Reading {
    pub(super) fn new(session: &Session, prepared: Prepared, kinds: &[Kind]) -> Result<Self, BackendError> {
        let columns = prepared.statement.columns();
        if columns != kinds.len() {
            let message = text!(
                "the SQL has {columns} columns and {} kinds were given",
                "el SQL tiene {columns} columnas y se dieron {} tipos";
                kinds.len()
            );
            session.give_back(prepared);
            return Err(BackendError::new(ErrorCode::Invalid, message));
        }
        let names = (0..columns).map(|column| prepared.statement.column_name(column)).collect();
        Ok(Self { prepared, names, kinds: kinds.to_vec(), waiting: false, rows: 0, ended: false })
    }

    /// The next rows, as many as fit; an empty batch at the end.
    pub(super) fn next(&mut self, session: &Session, most: usize) -> Result<Batch, BackendError> {
        let running = session.running();
        session.bound_values(&self.prepared);
        let read = self.read(session, most);
        self.prepared.took += running.elapsed();
        self.prepared.rows += read.as_ref().map_or(0, |batch| u64::from(batch.rows));
        read
    }

    fn read(&mut self, session: &Session, most: usize) -> Result<Batch, BackendError> {
        let row_bytes = usize::try_from(session.access.limits.value_bytes).unwrap_or(usize::MAX).saturating_mul(2);
        let mut builder = Builder::new(&self.names, &self.kinds, self.rows + 1, most, row_bytes);
        while builder.rows() < most && !self.ended {
            if !self.waiting {
                // A statement that writes does all of it in its first step.
                let before = (!self.prepared.read_only).then(|| session.tally.snapshot());
                match self.prepared.statement.step() {
                    Ok(true) => self.waiting = true,
                    Ok(false) => {
                        self.ended = true;
                        break;
                    }
                    Err(fault) => {
                        self.ended = true;
                        self.prepared.statement.reset();
                        let before = before.unwrap_or_else(|| session.tally.snapshot());
                        return Err(session.failed(&fault, &self.prepared.sql, &before));
                    }
                }
            }
            if !builder.push(&self.prepared.statement)? {
                break;
            }
            self.waiting = false;
        }
        let batch = builder.finish()?;
        self.rows += u64::from(batch.rows);
        Ok(batch)
    }

    /// Whether there is another row; nothing is read after the answer.
    pub(super) fn has_more(&mut self, session: &Session) -> Result<bool, BackendError> {
        if !self.ended && !self.waiting {
            let _running = session.running();
            session.bound_values(&self.prepared);
            match self.prepared.statement.step() {
                Ok(row) => self.waiting = row,
                Err(fault) => return Err(session.failed(&fault, &self.prepared.sql, &session.tally.snapshot())),
            }
        }
        Ok(self.waiting)
    }
}

impl Cursor {
    /// Opens a cursor in a transaction.
    pub(super) fn open(
        session: &Rc<Session>,
        serial: u64,
        sql: &str,
        values: &[Value],
        kinds: &[Kind],
    ) -> Result<Self, BackendError> {
        session.enter()?;
        let scope = session.scope_of(serial)?;
        session.readings.borrow_mut().retain(|reading| reading.borrow().is_some());
        if session.readings.borrow().len() >= MOST_CURSORS {
            let message = text!(
                "{MOST_CURSORS} cursors are open, which is the most",
                "hay {MOST_CURSORS} cursores abiertos, que es el máximo"
            );
            return Err(BackendError::new(ErrorCode::Invalid, message));
        }
        let prepared = session.prepare(sql, values)?;
        if !prepared.read_only && scope != Scope::ReadWrite {
            session.give_back(prepared);
            return Err(read_only());
        }
        let reading = Reading::new(session, prepared, kinds)?;
        let reading = Rc::new(RefCell::new(Some(reading)));
        session.readings.borrow_mut().push(Rc::clone(&reading));
        Ok(Self { session: Rc::clone(session), serial, reading, stream: scope == Scope::Stream, finished: false })
    }

    /// The next rows, at most `max_rows` and at most a batch; `None` at the end.
    ///
    /// # Errors
    /// `invalid` when the transaction is over, `type-mismatch` with row and column, and those of the statement.
    pub fn next(&mut self, max_rows: u32) -> Result<Option<Batch>, BackendError> {
        self.session.enter()?;
        if self.finished {
            return Ok(None);
        }
        let taken = self.reading.borrow_mut().take();
        let Some(mut reading) = taken else {
            return Err(BackendError::new(
                ErrorCode::Invalid,
                text!(
                    "the cursor is over: it ended with its transaction",
                    "el cursor ha acabado: terminó con su transacción"
                ),
            ));
        };
        let most = max_rows.clamp(1, Batch::MOST_ROWS) as usize;
        let batch = reading.next(&self.session, most);
        // A failure may have ended the transaction, and the cursor with it.
        if self.session.scope_of(self.serial).is_err() {
            self.session.give_back(reading.prepared);
            return batch.map(Some);
        }
        *self.reading.borrow_mut() = Some(reading);
        let batch = batch?;
        if batch.rows > 0 {
            return Ok(Some(batch));
        }
        if self.stream {
            self.finished = true;
            self.session.roll_back(self.serial);
        }
        Ok(None)
    }
}

impl Drop for Cursor {
    fn drop(&mut self) {
        if let Some(reading) = self.reading.borrow_mut().take() {
            self.session.give_back(reading.prepared);
        }
        if self.stream {
            self.session.roll_back(self.serial);
        }
    }
}

pub(super) fn read_only() -> BackendError {
    BackendError::new(
        ErrorCode::ReadOnly,
        text!(
            "a statement that writes is not taken where only reading is allowed",
            "no se acepta una sentencia que escribe donde solo se permite leer"
        ),
    )
}
