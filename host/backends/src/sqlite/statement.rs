//! One compiled statement: the only file that calls SQLite's C interface.
//!
//! rusqlite's own statements borrow their connection, so a cursor that outlives the call which made it could not hold
//! one; and they copy every text that is bound, which a bulk write cannot afford.
#![expect(unsafe_code, reason = "SQLite is a C library; every call stands here with the reason why it is sound")]

use std::ffi::{CStr, c_char, c_int};
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::slice;

use encargo_model::Value;
use libsqlite3_sys as ffi;
use rusqlite::Connection;

/// A compiled statement and the connection that it belongs to.
pub(crate) struct Statement {
    raw: NonNull<ffi::sqlite3_stmt>,
    /// Keeps the connection open for as long as the statement is there.
    connection: Rc<Connection>,
}

/// What SQLite said when something could not be done. Its text is for `error.rs` to read, never for a command.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The extended result code.
    pub(crate) code: c_int,
    pub(crate) text: String,
    /// Where in the SQL, where that is known.
    pub(crate) offset: Option<usize>,
}

/// One cell: of a row that was read, or to be bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Integer(i64),
    Real(f64),
    /// Perhaps not UTF-8: SQLite does not check.
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

impl Cell<'_> {
    /// How many bytes a text or a blob has.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::Text(bytes) | Self::Blob(bytes) => bytes.len(),
            _ => 0,
        }
    }
}

impl Statement {
    /// Compiles the first statement of `sql`, and answers the length of what it took. `None` for blanks and comments.
    pub(crate) fn compile(connection: &Rc<Connection>, sql: &str, flags: u32) -> Result<Option<(Self, usize)>, Fault> {
        let Ok(length) = c_int::try_from(sql.len()) else {
            return Err(Fault { code: ffi::SQLITE_TOOBIG, text: String::new(), offset: None });
        };
        let start = sql.as_ptr().cast::<c_char>();
        let (mut raw, mut tail) = (ptr::null_mut(), ptr::null());
        // SAFETY: the handle is open while `connection` lives; text and length are of one string; both results are
        // ours. `tail` stays inside the text.
        let (code, taken) = unsafe {
            let code = ffi::sqlite3_prepare_v3(connection.handle(), start, length, flags, &mut raw, &mut tail);
            (code, if tail.is_null() { 0 } else { tail.offset_from(start) })
        };
        if code != ffi::SQLITE_OK {
            return Err(fault(connection));
        }
        let taken = usize::try_from(taken).unwrap_or(sql.len());
        Ok(NonNull::new(raw).map(|raw| (Self { raw, connection: Rc::clone(connection) }, taken)))
    }

    /// Whether it changes nothing in the database.
    pub(crate) fn is_read_only(&self) -> bool {
        // SAFETY: the statement is alive until it is dropped; so in all calls below that say no more.
        unsafe { ffi::sqlite3_stmt_readonly(self.raw.as_ptr()) != 0 }
    }

    /// Whether it is an EXPLAIN.
    pub(crate) fn is_explain(&self) -> bool {
        // SAFETY: see `is_read_only`.
        unsafe { ffi::sqlite3_stmt_isexplain(self.raw.as_ptr()) != 0 }
    }

    /// Makes it list its program, an instruction a row, instead of running it.
    pub(crate) fn explain(&mut self) -> Result<(), Fault> {
        // SAFETY: see `is_read_only`. The statement has not been stepped.
        match unsafe { ffi::sqlite3_stmt_explain(self.raw.as_ptr(), 1) } {
            ffi::SQLITE_OK => Ok(()),
            _ => Err(fault(&self.connection)),
        }
    }

    /// Sets how large the values of its connection may be from now on, in bytes.
    pub(crate) fn limit_values(&self, most: i32) {
        // SAFETY: the handle is open while the statement lives.
        unsafe { ffi::sqlite3_limit(self.connection.handle(), ffi::SQLITE_LIMIT_LENGTH, most) };
    }

    pub(crate) fn columns(&self) -> usize {
        // SAFETY: see `is_read_only`.
        usize::try_from(unsafe { ffi::sqlite3_column_count(self.raw.as_ptr()) }).unwrap_or(0)
    }

    pub(crate) fn column_name(&self, column: usize) -> String {
        // SAFETY: SQLite answers null outside the columns; a name is a C string that lives until the next call.
        unsafe { text_of(ffi::sqlite3_column_name(self.raw.as_ptr(), index(column))) }.unwrap_or_default()
    }

    pub(crate) fn parameters(&self) -> usize {
        // SAFETY: see `is_read_only`.
        usize::try_from(unsafe { ffi::sqlite3_bind_parameter_count(self.raw.as_ptr()) }).unwrap_or(0)
    }

    /// How the parameter (from 1) is written, `$1`; `None` for a bare `?`.
    pub(crate) fn parameter_name(&self, parameter: usize) -> Option<String> {
        // SAFETY: as for a column's name.
        unsafe { text_of(ffi::sqlite3_bind_parameter_name(self.raw.as_ptr(), index(parameter))) }
    }

    /// Binds a copy of a value to a parameter (from 1).
    pub(crate) fn bind(&mut self, parameter: usize, value: &Value) -> Result<(), Fault> {
        let cell = match value {
            Value::Null => Cell::Null,
            Value::Integer(value) => Cell::Integer(*value),
            Value::Real(value) => Cell::Real(*value),
            Value::Text(value) => Cell::Text(value.as_bytes()),
            Value::Blob(value) => Cell::Blob(value),
        };
        // SAFETY: SQLITE_TRANSIENT makes SQLite copy the bytes before the call ends.
        unsafe { self.bind_cell(parameter, cell, ffi::SQLITE_TRANSIENT()) }
    }

    /// Takes one step: whether there is a row.
    pub(crate) fn step(&mut self) -> Result<bool, Fault> {
        // SAFETY: see `is_read_only`.
        match unsafe { ffi::sqlite3_step(self.raw.as_ptr()) } {
            ffi::SQLITE_ROW => Ok(true),
            ffi::SQLITE_DONE => Ok(false),
            _ => Err(fault(&self.connection)),
        }
    }

    /// Runs the statement once for each row, and `otherwise` with the same values for a row that it did not change anything
    /// for. `cell` gives the value of a row's column, which is not copied.
    ///
    /// On a fault the first part of the pair is the row's number; the rows before it are written.
    pub(crate) fn run_rows<'a>(
        &mut self,
        mut otherwise: Option<&mut Self>,
        rows: usize,
        columns: usize,
        cell: impl Fn(usize, usize) -> Cell<'a>,
    ) -> Result<(), (usize, Fault)> {
        let mut done = Ok(());
        for row in 0..rows {
            let ran = self.run_row(columns, |column| cell(row, column)).and_then(|()| match otherwise.as_deref_mut() {
                Some(otherwise) if !self.has_changed() => otherwise.run_row(columns, |column| cell(row, column)),
                _ => Ok(()),
            });
            done = ran.map_err(|fault| (row, fault));
            if done.is_err() {
                break;
            }
        }
        // The values are the caller's, and go with it.
        self.reset();
        otherwise.into_iter().for_each(Self::reset);
        done
    }

    /// Runs the statement once. Its values stay bound, so whoever calls this resets it before they go.
    fn run_row<'a>(&mut self, columns: usize, cell: impl Fn(usize) -> Cell<'a>) -> Result<(), Fault> {
        let mut run = || {
            for column in 0..columns {
                // SAFETY: the bytes live for 'a, which spans the call of `run_rows`. Before that returns every binding is
                // cleared, and nothing between steps the statement without binding all its parameters anew.
                unsafe { self.bind_cell(column + 1, cell(column), ffi::SQLITE_STATIC()) }?;
            }
            while self.step()? {}
            Ok(())
        };
        let done = run();
        // SAFETY: see `is_read_only`. The code repeats the step's.
        unsafe { ffi::sqlite3_reset(self.raw.as_ptr()) };
        done
    }

    /// Whether the statement that was last run on this connection to its end changed a row; what triggers did does not count.
    fn has_changed(&self) -> bool {
        // SAFETY: see `is_read_only`; a statement's connection is open as long as the statement is.
        unsafe { ffi::sqlite3_changes(ffi::sqlite3_db_handle(self.raw.as_ptr())) > 0 }
    }

    /// Ends the execution and forgets the values.
    pub(crate) fn reset(&mut self) {
        // SAFETY: see `is_read_only`. The code of a reset repeats the last step's and says nothing new.
        unsafe {
            ffi::sqlite3_reset(self.raw.as_ptr());
            ffi::sqlite3_clear_bindings(self.raw.as_ptr());
        }
    }

    /// A cell of the row that the last step found.
    pub(crate) fn cell(&self, column: usize) -> Cell<'_> {
        let (raw, column) = (self.raw.as_ptr(), index(column));
        // SAFETY: SQLite answers null outside the row. The bytes live until the next step, reset or drop, which all
        // need the statement mutably or by value while the cell borrows it. The length is asked for after the
        // pointer, as the documentation wants it.
        unsafe {
            match ffi::sqlite3_column_type(raw, column) {
                ffi::SQLITE_INTEGER => Cell::Integer(ffi::sqlite3_column_int64(raw, column)),
                ffi::SQLITE_FLOAT => Cell::Real(ffi::sqlite3_column_double(raw, column)),
                ffi::SQLITE_TEXT => {
                    let data = ffi::sqlite3_column_text(raw, column);
                    Cell::Text(bytes(data, ffi::sqlite3_column_bytes(raw, column)))
                }
                ffi::SQLITE_BLOB => {
                    let data = ffi::sqlite3_column_blob(raw, column).cast();
                    Cell::Blob(bytes(data, ffi::sqlite3_column_bytes(raw, column)))
                }
                _ => Cell::Null,
            }
        }
    }

    /// # Safety
    /// With `SQLITE_STATIC` the cell's bytes must stay where they are until the parameter is bound anew or cleared.
    unsafe fn bind_cell(
        &mut self,
        parameter: usize,
        cell: Cell<'_>,
        life: ffi::sqlite3_destructor_type,
    ) -> Result<(), Fault> {
        let (raw, at) = (self.raw.as_ptr(), index(parameter));
        // A pointer that dangles is fine for no bytes, and null would bind a null.
        let code = unsafe {
            match cell {
                Cell::Null => ffi::sqlite3_bind_null(raw, at),
                Cell::Integer(value) => ffi::sqlite3_bind_int64(raw, at, value),
                Cell::Real(value) => ffi::sqlite3_bind_double(raw, at, value),
                Cell::Text(text) => match c_int::try_from(text.len()) {
                    Ok(length) => ffi::sqlite3_bind_text(raw, at, text.as_ptr().cast(), length, life),
                    Err(_) => ffi::SQLITE_TOOBIG,
                },
                Cell::Blob(blob) => match c_int::try_from(blob.len()) {
                    Ok(length) => ffi::sqlite3_bind_blob(raw, at, blob.as_ptr().cast(), length, life),
                    Err(_) => ffi::SQLITE_TOOBIG,
                },
            }
        };
        match code {
            ffi::SQLITE_OK => Ok(()),
            code => Err(Fault { code, text: String::new(), offset: None }),
        }
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: nobody else has the pointer, and the connection is still open.
        unsafe { ffi::sqlite3_finalize(self.raw.as_ptr()) };
    }
}

/// What the connection says about its last call.
fn fault(connection: &Connection) -> Fault {
    // SAFETY: the handle is open, and the text lives until the next call on it.
    unsafe {
        let handle = connection.handle();
        Fault {
            code: ffi::sqlite3_extended_errcode(handle),
            text: text_of(ffi::sqlite3_errmsg(handle)).unwrap_or_default(),
            offset: usize::try_from(ffi::sqlite3_error_offset(handle)).ok(),
        }
    }
}

/// Whether SQLite was built with this option.
pub(super) fn is_built_with(option: &CStr) -> bool {
    // SAFETY: the option is a C string.
    unsafe { ffi::sqlite3_compileoption_used(option.as_ptr()) != 0 }
}

/// # Safety
/// `text` is null or a C string.
unsafe fn text_of(text: *const c_char) -> Option<String> {
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// # Safety
/// `data` is null or has `length` bytes that live for 'a.
unsafe fn bytes<'a>(data: *const u8, length: c_int) -> &'a [u8] {
    match usize::try_from(length) {
        Ok(length) if !data.is_null() => unsafe { slice::from_raw_parts(data, length) },
        _ => &[],
    }
}

/// SQLite counts columns and parameters in a C int; there are never more than 32,767.
fn index(at: usize) -> c_int {
    c_int::try_from(at).unwrap_or(c_int::MAX)
}
