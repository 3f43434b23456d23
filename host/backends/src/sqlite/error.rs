//! What SQLite says, in our own words: never its text, never a file's name.

mod constraint;
mod sql;

use std::path::Path;

use encargo_model::{ErrorCode, Lack, Worded, text};
use libsqlite3_sys as ffi;

use super::functions::Refusal;
use super::statement::Fault;
use crate::error::lack_after;
use crate::{Access, BackendError};

/// What a command is told when its statement `sql` failed.
///
/// `most_bytes` is how large its values might be.
pub(super) fn error_of(fault: &Fault, sql: &str, access: &Access, most_bytes: i32) -> BackendError {
    if access.interrupt.is_raised() {
        return cancelled();
    }
    match fault.code & 0xff {
        ffi::SQLITE_INTERRUPT => late_or_cancelled(access),
        ffi::SQLITE_ERROR => match Refusal::of(&fault.text) {
            Some(Refusal::Cancelled) => late_or_cancelled(access),
            Some(ours) => BackendError::new(ErrorCode::Invalid, ours.text()),
            None => sql::error_of_text(&fault.text, fault.offset, sql),
        },
        ffi::SQLITE_CONSTRAINT => constraint::error_of(fault.code, &fault.text),
        ffi::SQLITE_TOOBIG => BackendError::new(
            ErrorCode::TooLarge,
            text!(
                "a value or a row is larger than {most_bytes} bytes",
                "un valor o una fila tiene más de {most_bytes} bytes"
            ),
        ),
        ffi::SQLITE_MISMATCH => BackendError::new(
            ErrorCode::TypeMismatch,
            text!("a value is of another kind than its column", "un valor es de otro tipo que su columna"),
        ),
        ffi::SQLITE_AUTH => BackendError::new(
            ErrorCode::Denied,
            text!("this statement is not for commands", "esta sentencia no es para comandos"),
        ),
        ffi::SQLITE_FULL => BackendError::new(
            ErrorCode::Quota,
            text!(
                "the tenant's rows would take more than {} bytes",
                "las filas del inquilino ocuparían más de {} bytes";
                access.limits.database_bytes
            ),
        ),
        ffi::SQLITE_NOMEM => BackendError::new(
            ErrorCode::Quota,
            text!(
                "the statement needs more than {} bytes of memory",
                "la sentencia necesita más de {} bytes de memoria";
                access.limits.sql_memory_bytes
            ),
        ),
        code => of_code(code).because(format!("{} (SQLite {})", fault.text, fault.code)),
    }
}

/// A statement stops for want of time where the run goes on.
fn late_or_cancelled(access: &Access) -> BackendError {
    if !access.interrupt.is_late() {
        return cancelled();
    }
    let message = text!(
        "the statement took longer than {} s, its limit `statement_seconds`",
        "la sentencia tardó más de {} s, su límite `statement_seconds`";
        access.limits.statement_seconds.as_secs_f64()
    );
    BackendError::new(ErrorCode::Quota, message)
}

/// What a command is told when its statement `sql` cannot be compiled.
pub(super) fn error_of_compiling(fault: &Fault, sql: &str, access: &Access) -> BackendError {
    if fault.code & 0xff == ffi::SQLITE_NOMEM && !access.interrupt.is_raised() {
        let message = text!(
            "the SQL is too large when its parts are written out; write it as several statements",
            "el SQL es demasiado grande con sus partes escritas por entero; escríbalo como varias sentencias"
        );
        return BackendError::new(ErrorCode::TooLarge, message);
    }
    error_of(fault, sql, access, i32::try_from(access.limits.value_bytes).unwrap_or(i32::MAX))
}

/// What a command is told when its temporary files would become too large.
pub(super) fn too_much_disk(access: &Access) -> BackendError {
    let most = access.limits.temporary_bytes;
    BackendError::new(
        ErrorCode::Quota,
        text!(
            "the statement needs more than {most} bytes of temporary files",
            "la sentencia necesita más de {most} bytes de archivos temporales"
        ),
    )
}

/// The same for a statement of the host's own.
pub(crate) fn error_of_host(error: &rusqlite::Error) -> BackendError {
    let code = error.sqlite_error().map_or(ffi::SQLITE_ERROR, |error| error.extended_code);
    of_code(code & 0xff).because(format!("{error} (SQLite {code})"))
}

/// The same for a file that could not be opened for a command.
pub(super) fn error_of_opening(error: &rusqlite::Error, path: &Path, access: &Access) -> BackendError {
    if access.interrupt.is_raised() {
        return cancelled();
    }
    lack_after(error, path).map_or_else(|| error_of_host(error), disk_full)
}

/// Adds the statement to an error that says it cannot be read: the operator sees it in the run's error.
pub(super) fn with_statement(error: BackendError, sql: &str) -> BackendError {
    const LONGEST: usize = 200;
    if error.code != ErrorCode::Syntax {
        return error;
    }
    let plain = |c: char| if c.is_whitespace() || c.is_control() { ' ' } else { c };
    let mut shown: String = sql.trim().chars().map(plain).take(LONGEST).collect();
    if sql.trim().chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    if shown.is_empty() {
        return error;
    }
    error.reworded(|message| message.clone().map(|_, message| format!("{message}: {shown}")))
}

pub(crate) fn cancelled() -> BackendError {
    BackendError::new(ErrorCode::Cancelled, text!("the run was cancelled", "la ejecución fue cancelada"))
}

pub(super) fn disk_full(lack: Lack) -> BackendError {
    BackendError::new(ErrorCode::Unavailable, lack.text())
}

fn of_code(code: i32) -> BackendError {
    match code {
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_SCHEMA | ffi::SQLITE_PROTOCOL => BackendError::retryable(
            ErrorCode::Busy,
            text!("another run is writing to the same rows", "otra ejecución está escribiendo en las mismas filas"),
        ),
        ffi::SQLITE_INTERRUPT => cancelled(),
        ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => BackendError::new(
            ErrorCode::Internal,
            text!(
                "the rows are damaged; an operator restores them from a backup",
                "las filas están dañadas; un operador las restaura de un respaldo"
            ),
        ),
        ffi::SQLITE_READONLY | ffi::SQLITE_PERM => BackendError::new(
            ErrorCode::Unavailable,
            text!(
                "the storage of the rows cannot be written",
                "no se puede escribir en el almacenamiento de las filas"
            ),
        ),
        ffi::SQLITE_FULL => disk_full(Lack::Space),
        ffi::SQLITE_NOMEM => BackendError::new(
            ErrorCode::Quota,
            text!("the statement needs more memory than there is", "la sentencia necesita más memoria de la que hay"),
        ),
        ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN => BackendError::new(
            ErrorCode::Unavailable,
            text!("the storage of the rows cannot be used", "no se puede usar el almacenamiento de las filas"),
        ),
        _ => BackendError::new(ErrorCode::Internal, text!("the rows cannot be used", "no se pueden usar las filas")),
    }
}

#[cfg(test)]
mod tests {
    use encargo_model::Text;

    use super::*;

    #[test]
    fn a_statement_that_cannot_be_read_is_shown_on_one_line_and_not_all_of_a_long_one() {
        let shown = |code, sql: &str| with_statement(BackendError::new(code, Text::quoted("it")), sql).message.en;
        assert_eq!(shown(ErrorCode::Syntax, " SELEC\n\t1\u{1b}[2J\n"), "it: SELEC  1 [2J");
        assert_eq!(shown(ErrorCode::Syntax, &"x".repeat(200)), format!("it: {}", "x".repeat(200)));
        assert_eq!(shown(ErrorCode::Syntax, &"x".repeat(201)), format!("it: {}…", "x".repeat(200)));
        assert_eq!(shown(ErrorCode::Syntax, " "), "it");
        assert_eq!(shown(ErrorCode::Denied, "SELECT 1"), "it");
    }

    #[test]
    fn only_a_lock_is_worth_another_try() {
        for (code, expected, retryable) in [
            (ffi::SQLITE_BUSY, ErrorCode::Busy, true),
            (ffi::SQLITE_INTERRUPT, ErrorCode::Cancelled, false),
            (ffi::SQLITE_CORRUPT, ErrorCode::Internal, false),
            (ffi::SQLITE_IOERR, ErrorCode::Unavailable, false),
            (ffi::SQLITE_FULL, ErrorCode::Unavailable, false),
            (ffi::SQLITE_NOMEM, ErrorCode::Quota, false),
            (ffi::SQLITE_MISUSE, ErrorCode::Internal, false),
        ] {
            let error = of_code(code);
            assert_eq!((error.code, error.retryable), (expected, retryable));
        }
        assert_ne!(of_code(ffi::SQLITE_NOTADB), of_code(ffi::SQLITE_MISUSE), "damage is named");
    }

    #[test]
    fn the_host_is_told_the_whole_code_and_the_command_what_it_is_of() {
        for (code, expected) in
            [(ffi::SQLITE_IOERR_WRITE, ErrorCode::Unavailable), (ffi::SQLITE_BUSY_SNAPSHOT, ErrorCode::Busy)]
        {
            let error = error_of_host(&rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
            assert_eq!(error.code, expected);
            assert!(error.cause().unwrap().en.contains(&format!("(SQLite {code})")), "{error:?}");
        }
    }
}
