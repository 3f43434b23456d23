//! What a database, its transaction and its cursors share: one connection and who is using it.

mod ending;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use encargo_model::{ErrorCode, Text, Value, text};
use rusqlite::Connection;

use super::cache::{Author, Cache, Prepared};
use super::connect::{self, Durability};
use super::cursor::Reading;
use super::gate::Gate;
use super::pages::Pages;
use super::rights::Rights;
use super::statement::{Cell as Read, Fault, Statement};
use super::tally::{Snapshot, Tally};
use super::{budget, busy, error, placeholders};
use crate::error::lack_after_code;
use crate::meter::{OpenTransaction, RunningStatement};
use crate::statement_log::Slot;
use crate::{Access, BackendError};

/// How many bytes the instructions of one program may go over together, when each works on the largest value: the time
/// between two looks at the flag, which are at the ends of loops. 256 instructions take values of 16 MiB, and a
/// thousand take 4 MiB; they are then done in about a second.
const BYTES_IN_A_PROGRAM: u64 = 4 << 30;

/// What is open on the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    ReadOnly,
    ReadWrite,
    /// A read-only transaction with one cursor and nothing else.
    Stream,
}

pub(super) struct Session {
    pub(super) access: Access,
    pub(super) rights: Rights,
    pub(super) tenant: String,
    /// The tenant's id, by which its statements are remembered.
    tenant_id: i64,
    pub(super) tally: Arc<Tally>,
    /// The columns of the tables that were written to.
    pub(super) columns: RefCell<HashMap<String, Rc<[String]>>>,
    /// Whether the connection is set up for many rows.
    pub(super) bulk: Cell<bool>,
    /// Which transaction is open, by its number, and what it may do.
    pub(super) open: Cell<Option<(u64, Scope)>>,
    /// Times it.
    timed: RefCell<Option<OpenTransaction>>,
    serial: Cell<u64>,
    pub(super) readings: RefCell<Vec<Rc<RefCell<Option<Reading>>>>>,
    cache: RefCell<Cache>,
    gate: OnceCell<Gate>,
    /// How large values may be on the connection now, in bytes.
    most_bytes: Cell<i32>,
    path: PathBuf,
    pages: Pages,
    ticket: u64,
    pub(super) connection: Rc<Connection>,
}

impl Session {
    pub(super) fn open(
        path: &Path,
        (tenant_id, tenant): (i64, &str),
        access: Access,
        durability: Durability,
    ) -> Result<Self, BackendError> {
        let tally = Arc::new(Tally::default());
        let connection = connect::main(path, &access, durability, &tally)
            .map_err(|error| error::error_of_opening(&error, path, &access))?;
        let ticket = access.interrupt.register(connection.get_interrupt_handle());
        Ok(Self {
            rights: Rights::of(&access.permissions),
            access,
            tenant: tenant.to_owned(),
            tenant_id,
            tally,
            columns: RefCell::default(),
            bulk: Cell::new(false),
            open: Cell::new(None),
            timed: RefCell::default(),
            serial: Cell::new(0),
            readings: RefCell::default(),
            cache: RefCell::default(),
            gate: OnceCell::new(),
            most_bytes: Cell::new(0),
            path: path.to_owned(),
            pages: Pages::default(),
            ticket,
            connection: Rc::new(connection),
        })
    }

    /// Begins every call: nothing more is done once the flag is up.
    pub(super) fn enter(&self) -> Result<(), BackendError> {
        busy::watch(&self.access.interrupt);
        budget::was_disk_refused();
        if self.access.interrupt.is_raised() { Err(error::cancelled()) } else { Ok(()) }
    }

    /// Counts a statement or a batch of the command's, where the run may have one more.
    pub(super) fn count_statement(&self) -> Result<(), BackendError> {
        let most = self.access.limits.statements;
        if self.access.meter.count_statement(most) {
            return Ok(());
        }
        let message = text!(
            "the run has had {most} statements, its limit `statements`",
            "la ejecución ya tuvo {most} sentencias, su límite `statements`"
        );
        Err(BackendError::new(ErrorCode::Quota, message))
    }

    /// Times what works in the database for the command, until the answer is dropped; its error is worded before that.
    pub(super) fn running(&self) -> RunningStatement<'_> {
        self.access.meter.statement(&self.access.interrupt, &self.access.limits)
    }

    /// Refuses what cannot be done while a transaction or a stream is open.
    pub(super) fn check_idle(&self) -> Result<(), BackendError> {
        let what = match self.open.get() {
            None => return Ok(()),
            Some((_, Scope::Stream)) => text!(
                "a stream is open; read it to its end or drop it first",
                "hay una lectura abierta; léala hasta el final o suéltela antes"
            ),
            Some(_) => text!("a transaction is open; end it first", "hay una transacción abierta; termínela antes"),
        };
        Err(BackendError::new(ErrorCode::TransactionOpen, what))
    }

    /// Compiles what a command wrote, after the gate let it pass, and binds its values.
    pub(super) fn prepare(&self, sql: &str, values: &[Value]) -> Result<Prepared, BackendError> {
        self.count_statement()?;
        let cached = self.cache.borrow_mut().take(Author::Command, sql);
        let mut prepared = match cached {
            Some(prepared) => prepared,
            None => {
                let passed = self.gate()?.check(sql).map_err(|error| error::with_statement(error, sql))?;
                let compiled = budget::compiling(|| self.compile(Author::Command, sql));
                let prepared = compiled.map_err(|fault| self.error_of(&fault, sql))?;
                let most =
                    self.access.limits.value_bytes.min(BYTES_IN_A_PROGRAM / u64::from(passed.instructions.max(1)));
                let most_bytes = connect::at_most(most, i32::MAX);
                let slot = self.slot(sql);
                Prepared { numbers: placeholders::numbers(&prepared.statement)?, most_bytes, slot, ..prepared }
            }
        };
        self.bound_values(&prepared);
        let bound = placeholders::check_values(prepared.numbers.len(), values.len())
            .and_then(|()| prepared.bind(values).map_err(|fault| self.error_of(&fault, sql)));
        match bound {
            Ok(()) => Ok(prepared),
            Err(error) => {
                self.give_back(prepared);
                Err(error)
            }
        }
    }

    /// Compiles a statement of the host's own, with `?1` to `?n`.
    pub(super) fn prepare_own(&self, sql: &str) -> Result<Prepared, BackendError> {
        let cached = self.cache.borrow_mut().take(Author::Host, sql);
        let prepared =
            cached.map_or_else(|| self.compile(Author::Host, sql).map_err(|fault| self.error_of(&fault, sql)), Ok)?;
        self.bound_values(&prepared);
        Ok(prepared)
    }

    /// Sets how large values may be while this statement runs.
    pub(super) fn bound_values(&self, prepared: &Prepared) {
        if self.most_bytes.replace(prepared.most_bytes) != prepared.most_bytes {
            prepared.statement.limit_values(prepared.most_bytes);
        }
    }

    /// Which of the run's statements it is.
    pub(super) fn slot(&self, sql: &str) -> Option<Slot> {
        self.access.statements.slot(self.tenant_id, sql)
    }

    /// Takes a statement back, and remembers what its execution took.
    pub(super) fn give_back(&self, mut prepared: Prepared) {
        let (took, rows) = (std::mem::take(&mut prepared.took), std::mem::take(&mut prepared.rows));
        if let Some(slot) = prepared.slot.filter(|_| !took.is_zero()) {
            self.access.statements.add(slot, took, rows);
            self.count_pages();
        }
        self.cache.borrow_mut().give_back(prepared);
    }

    fn count_pages(&self) {
        self.access.meter.count_pages(self.pages.since(&self.connection));
    }

    fn compile(&self, author: Author, sql: &str) -> Result<Prepared, Fault> {
        let flags = libsqlite3_sys::SQLITE_PREPARE_PERSISTENT
            | if author == Author::Command { libsqlite3_sys::SQLITE_PREPARE_NO_VTAB } else { 0 };
        let empty = || Fault { code: libsqlite3_sys::SQLITE_ERROR, text: String::new(), offset: None };
        let (statement, _) = Statement::compile(&self.connection, sql, flags)?.ok_or_else(empty)?;
        let numbers = (0..statement.parameters()).collect();
        let read_only = statement.is_read_only();
        let most_bytes = connect::at_most(self.access.limits.value_bytes, i32::MAX);
        let sql = sql.to_owned();
        let (slot, took, rows) = (None, Duration::ZERO, 0);
        Ok(Prepared { author, sql, statement, numbers, read_only, most_bytes, slot, took, rows })
    }

    fn gate(&self) -> Result<&Gate, BackendError> {
        if let Some(gate) = self.gate.get() {
            return Ok(gate);
        }
        let gate = Gate::open(&self.connection, &self.access, &self.rights)
            .map_err(|error| error::error_of_opening(&error, &self.path, &self.access))?;
        Ok(self.gate.get_or_init(|| gate))
    }

    /// Runs a statement to its end and answers how many rows it changed.
    pub(super) fn run(&self, mut prepared: Prepared) -> Result<u64, BackendError> {
        let running = self.running();
        let before = self.tally.snapshot();
        let done = loop {
            match prepared.statement.step() {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(fault) => break Err(fault),
            }
        };
        // A change counts when the statement has ended without an error, so the order of the two matters.
        prepared.statement.reset();
        let changed = if prepared.read_only { 0 } else { self.connection.changes() };
        prepared.took = running.elapsed();
        prepared.rows = changed;
        let done = done.map(|()| changed).map_err(|fault| self.failed(&fault, &prepared.sql, &before));
        self.give_back(prepared);
        done
    }

    /// Runs a statement of the host's own and answers the first cell of its first row.
    pub(super) fn run_own(&self, sql: &str, values: &[Value]) -> Result<Option<Value>, BackendError> {
        let mut prepared = self.prepare_own(sql)?;
        let run = |prepared: &mut Prepared| {
            prepared.bind(values)?;
            let mut first = None;
            while prepared.statement.step()? {
                if first.is_none() {
                    first = Some(match prepared.statement.cell(0) {
                        Read::Integer(value) => Value::Integer(value),
                        Read::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                        _ => Value::Null,
                    });
                }
            }
            Ok(first)
        };
        let done = run(&mut prepared).map_err(|fault| self.error_of(&fault, sql));
        self.give_back(prepared);
        done
    }

    /// The error of a statement that failed: what it counted is taken back, and when SQLite gave the whole transaction
    /// up, so is the transaction.
    pub(super) fn failed(&self, fault: &Fault, sql: &str, before: &Snapshot) -> BackendError {
        let error = self.error_of(fault, sql);
        self.tally.restore(before);
        if self.open.get().is_some() && self.connection.is_autocommit() {
            self.forget_transaction();
            return error.reworded(rolled_back);
        }
        error
    }

    pub(super) fn error_of(&self, fault: &Fault, sql: &str) -> BackendError {
        // SQLite has one code for a full disk, for the file's own limit and for that of temporary files.
        if fault.code & 0xff == libsqlite3_sys::SQLITE_FULL && budget::was_disk_refused() {
            return error::too_much_disk(&self.access);
        }
        if let Some(lack) = lack_after_code(fault.code, &self.path) {
            return error::disk_full(lack);
        }
        error::error_of(fault, sql, &self.access, self.most_bytes.get())
    }
}

/// What is said of an error that took its transaction along.
pub(super) fn rolled_back(problem: &Text) -> Text {
    text!("{problem}; the transaction is rolled back", "{problem}; la transacción se deshizo", problem = problem)
}

impl Drop for Session {
    fn drop(&mut self) {
        self.access.interrupt.forget(self.ticket);
        self.count_pages();
    }
}
