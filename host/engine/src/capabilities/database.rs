//! `encargo:database`: the rows of one tenant.
#![expect(unreachable_pub, reason = "the generated bindings re-export the types of resources")]

use std::rc::Rc;

use encargo_backends::{BackendError, Cursor, Database, OnConflict, Transaction, WriteSpec};
use encargo_model::{ErrorCode, LogLevel, text};
use send_wrapper::SendWrapper;
use wasmtime::component::Resource;

use super::types::{kinds, values};
use crate::bindings::encargo::database::database as wit;
use crate::bindings::encargo::types::types;
use crate::rows::{Opening, Seat};
use crate::state::State;

/// A guest's handle on a tenant's rows.
pub struct OpenDatabase(Opening);
/// A transaction, until the guest ends it.
pub struct OpenTransaction(Option<SendWrapper<Transaction>>);
/// Rows that the guest has not read to the end.
pub struct OpenCursor(SendWrapper<Cursor>);

type Answer<T> = wasmtime::Result<Result<T, types::Error>>;

impl State {
    /// The guest's answer: an error in its words, with the way out of a denial. What the system or the database said
    /// stays here, as a line of the log for the operator.
    pub(crate) fn answer<T>(&self, result: Result<T, BackendError>) -> Result<T, types::Error> {
        result.map_err(|error| {
            if let Some(cause) = error.cause() {
                let fields = [
                    ("code".to_owned(), error.code.as_str().to_owned()),
                    ("cause".to_owned(), cause.get(self.job.language).to_owned()),
                ];
                let level = if error.code == ErrorCode::Cancelled { LogLevel::Debug } else { LogLevel::Warning };
                self.log.line(level, error.message.get(self.job.language), &fields);
            }
            self.job.explain(error).said(self.job.language).into()
        })
    }

    /// A handle on a tenant's rows, opened in a seat.
    pub(crate) fn push_database(
        &mut self,
        seat: Seat,
        opened: Result<Rc<Database>, BackendError>,
    ) -> Answer<Resource<OpenDatabase>> {
        match (self.answer(opened), self.here.rows.opening(seat)) {
            (Ok(_), Some(opening)) => Ok(Ok(self.table.push(OpenDatabase(opening))?)),
            (Err(error), _) => Ok(Err(error)),
            (Ok(_), None) => Err(wasmtime::Error::msg("what was opened is not open")),
        }
    }

    /// What an open tenant's rows answer, while the run goes on.
    fn on_rows<T>(
        &self,
        database: &Resource<OpenDatabase>,
        call: impl FnOnce(&Database) -> Result<T, BackendError>,
    ) -> Answer<T> {
        self.alive()?;
        let opening = self.table.get(database)?.0;
        Ok(self.answer(self.here.rows.get(opening).and_then(call)))
    }

    /// What a transaction answers that has not ended, while the run goes on.
    fn in_transaction<T>(
        &self,
        transaction: &Resource<OpenTransaction>,
        call: impl FnOnce(&Transaction) -> Result<T, BackendError>,
    ) -> Answer<T> {
        self.alive()?;
        let open = self.table.get(transaction)?.0.as_ref();
        Ok(self.answer(open.ok_or_else(ended).and_then(|open| call(open))))
    }

    /// Ends a transaction; its handle stays until the guest lets it go.
    fn end(
        &mut self,
        transaction: &Resource<OpenTransaction>,
        how: impl FnOnce(Transaction) -> Result<(), BackendError>,
    ) -> Answer<()> {
        self.alive()?;
        let open = self.table.get_mut(transaction)?.0.take().map(SendWrapper::take);
        Ok(self.answer(open.ok_or_else(ended).and_then(how)))
    }

    fn push_cursor(&mut self, cursor: Cursor) -> wasmtime::Result<Resource<OpenCursor>> {
        Ok(self.table.push(OpenCursor(SendWrapper::new(cursor)))?)
    }
}

fn ended() -> BackendError {
    BackendError::new(ErrorCode::Invalid, text!("the transaction has ended", "la transacción ha terminado"))
}

impl wit::Host for State {
    fn open(&mut self) -> Answer<Resource<OpenDatabase>> {
        self.alive()?;
        let own = self.own();
        self.push_database(Seat::Main, own)
    }
}

impl wit::HostDatabase for State {
    fn dialect(&mut self, _: Resource<OpenDatabase>) -> wasmtime::Result<String> {
        self.alive()?;
        Ok("sqlite".to_owned())
    }

    fn rows(
        &mut self,
        database: Resource<OpenDatabase>,
        sql: String,
        parameters: Vec<types::Value>,
        wanted: Vec<types::Kind>,
        max_rows: u32,
    ) -> Answer<types::Batch> {
        let (parameters, wanted) = (values(parameters), kinds(wanted));
        self.on_rows(&database, |rows| rows.rows(&sql, &parameters, &wanted, max_rows).map(types::Batch::from))
    }

    fn execute(&mut self, database: Resource<OpenDatabase>, sql: String, parameters: Vec<types::Value>) -> Answer<u64> {
        self.on_rows(&database, |rows| rows.execute(&sql, &values(parameters)))
    }

    fn begin(&mut self, database: Resource<OpenDatabase>, mode: wit::Mode) -> Answer<Resource<OpenTransaction>> {
        match self.on_rows(&database, |rows| rows.begin(mode == wit::Mode::ReadWrite))? {
            Ok(begun) => Ok(Ok(self.table.push(OpenTransaction(Some(SendWrapper::new(begun))))?)),
            Err(error) => Ok(Err(error)),
        }
    }

    fn stream(
        &mut self,
        database: Resource<OpenDatabase>,
        sql: String,
        parameters: Vec<types::Value>,
        wanted: Vec<types::Kind>,
    ) -> Answer<Resource<OpenCursor>> {
        match self.on_rows(&database, |rows| rows.stream(&sql, &values(parameters), &kinds(wanted)))? {
            Ok(cursor) => self.push_cursor(cursor).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    fn drop(&mut self, database: Resource<OpenDatabase>) -> wasmtime::Result<()> {
        // The rows stay open until another tenant is opened: there is at most one.
        self.table.delete(database)?;
        Ok(())
    }
}

impl wit::HostTransaction for State {
    fn query(
        &mut self,
        transaction: Resource<OpenTransaction>,
        sql: String,
        parameters: Vec<types::Value>,
        wanted: Vec<types::Kind>,
    ) -> Answer<Resource<OpenCursor>> {
        let (parameters, wanted) = (values(parameters), kinds(wanted));
        match self.in_transaction(&transaction, |open| open.query(&sql, &parameters, &wanted))? {
            Ok(cursor) => self.push_cursor(cursor).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    fn execute(
        &mut self,
        transaction: Resource<OpenTransaction>,
        sql: String,
        parameters: Vec<types::Value>,
    ) -> Answer<u64> {
        self.in_transaction(&transaction, |open| open.execute(&sql, &values(parameters)))
    }

    fn write(
        &mut self,
        transaction: Resource<OpenTransaction>,
        spec: wit::WriteSpec,
        batch: types::Batch,
    ) -> Answer<wit::WriteCounts> {
        let on_conflict = match spec.on_conflict {
            wit::OnConflict::Fail => OnConflict::Fail,
            wit::OnConflict::Skip => OnConflict::Skip,
            wit::OnConflict::Update => OnConflict::Update,
        };
        let spec = WriteSpec { table: spec.table, key: spec.key, on_conflict, same_when: spec.same_when };
        let batch = batch.into();
        let written = self.in_transaction(&transaction, |open| open.write(&spec, &batch))?;
        Ok(written.map(|counts| wit::WriteCounts {
            inserted: counts.inserted,
            updated: counts.updated,
            unchanged: counts.unchanged,
        }))
    }

    fn save_checkpoint(
        &mut self,
        transaction: Resource<OpenTransaction>,
        loop_name: String,
        checkpoint: String,
    ) -> Answer<()> {
        let saved = self.in_transaction(&transaction, |open| match &self.job.tenant {
            Some(_) => open.save_checkpoint(&loop_name, &checkpoint),
            // It would lie in one of several tenants, and no resume would find it.
            None => Err(BackendError::new(
                ErrorCode::Invalid,
                text!(
                    "a run of system scope has no checkpoints",
                    "una ejecución de ámbito de sistema no tiene puntos de control"
                ),
            )),
        })?;
        self.checkpoint_saved |= saved.is_ok();
        Ok(saved)
    }

    fn commit(&mut self, transaction: Resource<OpenTransaction>) -> Answer<()> {
        self.end(&transaction, Transaction::commit)
    }

    fn rollback(&mut self, transaction: Resource<OpenTransaction>) -> Answer<()> {
        self.end(&transaction, Transaction::rollback)
    }

    fn drop(&mut self, transaction: Resource<OpenTransaction>) -> wasmtime::Result<()> {
        self.table.delete(transaction)?;
        Ok(())
    }
}

impl wit::HostCursor for State {
    fn next(&mut self, cursor: Resource<OpenCursor>, max_rows: u32) -> Answer<Option<types::Batch>> {
        self.alive()?;
        if max_rows == 0 {
            let error = BackendError::new(
                ErrorCode::Invalid,
                text!("a cursor reads at least one row at a time", "un cursor lee al menos una fila cada vez"),
            );
            return Ok(self.answer(Err(error)));
        }
        let next = self.table.get_mut(&cursor)?.0.next(max_rows);
        Ok(self.answer(next.map(|batch| batch.map(types::Batch::from))))
    }

    fn drop(&mut self, cursor: Resource<OpenCursor>) -> wasmtime::Result<()> {
        self.table.delete(cursor)?;
        Ok(())
    }
}
