//! What SQLite says, in our own words: never its text, never a file's name.

mod constraint;
mod sql;

use std::path::Path;

use encargo_model::{ErrorCode, Lack};
use libsqlite3_sys as ffi;

use super::functions::OURS;
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
        ffi::SQLITE_ERROR => match fault.text.strip_prefix(OURS) {
            Some(ours) => BackendError::new(ErrorCode::Invalid, ours),
            None => sql::error_of_text(&fault.text, fault.offset, sql),
        },
        ffi::SQLITE_CONSTRAINT => constraint::error_of(fault.code, &fault.text),
        ffi::SQLITE_TOOBIG => {
            BackendError::new(ErrorCode::TooLarge, format!("a value or a row is larger than {most_bytes} bytes"))
        }
        ffi::SQLITE_MISMATCH => {
            BackendError::new(ErrorCode::TypeMismatch, "a value is of another kind than its column")
        }
        ffi::SQLITE_AUTH => BackendError::new(ErrorCode::Denied, "this statement is not for commands"),
        ffi::SQLITE_FULL => BackendError::new(
            ErrorCode::Quota,
            format!("the tenant's rows would take more than {} bytes", access.limits.database_bytes),
        ),
        ffi::SQLITE_NOMEM => BackendError::new(
            ErrorCode::Quota,
            format!("the statement needs more than {} bytes of memory", access.limits.sql_memory_bytes),
        ),
        code => of_code(code).because(format!("{} (SQLite {})", fault.text, fault.code)),
    }
}

/// What a command is told when its statement `sql` cannot be compiled.
pub(super) fn error_of_compiling(fault: &Fault, sql: &str, access: &Access) -> BackendError {
    if fault.code & 0xff == ffi::SQLITE_NOMEM && !access.interrupt.is_raised() {
        let message = "the SQL is too large when its parts are written out; write it as several statements";
        return BackendError::new(ErrorCode::TooLarge, message);
    }
    error_of(fault, sql, access, i32::try_from(access.limits.value_bytes).unwrap_or(i32::MAX))
}

/// What a command is told when its temporary files would become too large.
pub(super) fn too_much_disk(access: &Access) -> BackendError {
    let most = access.limits.temporary_bytes;
    BackendError::new(ErrorCode::Quota, format!("the statement needs more than {most} bytes of temporary files"))
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
pub(super) fn with_statement(mut error: BackendError, sql: &str) -> BackendError {
    const LONGEST: usize = 200;
    if error.code != ErrorCode::Syntax {
        return error;
    }
    let plain = |c: char| if c.is_whitespace() || c.is_control() { ' ' } else { c };
    let mut shown: String = sql.trim().chars().map(plain).take(LONGEST).collect();
    if sql.trim().chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    if !shown.is_empty() {
        error.message = format!("{}: {shown}", error.message);
    }
    error
}

pub(super) fn cancelled() -> BackendError {
    BackendError::new(ErrorCode::Cancelled, "the run was cancelled")
}

pub(super) fn disk_full(lack: Lack) -> BackendError {
    BackendError::new(ErrorCode::Unavailable, lack.to_string())
}

fn of_code(code: i32) -> BackendError {
    match code {
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_SCHEMA | ffi::SQLITE_PROTOCOL => {
            BackendError::retryable(ErrorCode::Busy, "another run is writing to the same rows")
        }
        ffi::SQLITE_INTERRUPT => cancelled(),
        ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => {
            BackendError::new(ErrorCode::Internal, "the rows are damaged; an operator restores them from a backup")
        }
        ffi::SQLITE_READONLY | ffi::SQLITE_PERM => {
            BackendError::new(ErrorCode::Unavailable, "the storage of the rows cannot be written")
        }
        ffi::SQLITE_FULL => disk_full(Lack::Space),
        ffi::SQLITE_NOMEM => BackendError::new(ErrorCode::Quota, "the statement needs more memory than there is"),
        ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN => {
            BackendError::new(ErrorCode::Unavailable, "the storage of the rows cannot be used")
        }
        _ => BackendError::new(ErrorCode::Internal, "the rows cannot be used"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_cannot_be_read_is_shown_on_one_line_and_not_all_of_a_long_one() {
        let shown = |code, sql: &str| with_statement(BackendError::new(code, "it"), sql).message;
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
            assert!(error.cause().unwrap().contains(&format!("(SQLite {code})")), "{error:?}");
        }
    }
}
