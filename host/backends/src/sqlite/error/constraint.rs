//! A row that breaks a rule of its table.

use encargo_model::{ErrorCode, text};
use libsqlite3_sys as ffi;

use crate::BackendError;
use crate::sqlite::words::named;

pub(super) fn error_of(code: i32, text: &str) -> BackendError {
    // SQLite names the columns behind the colon, each with its table.
    let columns = text.split_once(": ").map_or("", |(_, columns)| columns);
    let (table, columns) = split(columns);
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            let key = columns.iter().map(|column| named(column)).collect::<Vec<_>>().join(", ");
            BackendError::new(
                ErrorCode::Unique,
                text!(
                    "{} has a row with this {key} already",
                    "{} ya tiene una fila con este {key}";
                    named(table)
                ),
            )
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => BackendError::new(
            ErrorCode::ForeignKey,
            text!(
                "a row refers to one that is not there, or one that is referred to would go",
                "una fila se refiere a otra que no existe, o desaparecería una a la que otras se refieren"
            ),
        ),
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            let column = columns.first().copied().unwrap_or_default();
            BackendError::new(
                ErrorCode::NotNull,
                text!(
                    "{} of {} needs a value",
                    "{} de {} necesita un valor";
                    named(column), named(table)
                ),
            )
        }
        ffi::SQLITE_CONSTRAINT_DATATYPE => datatype(text),
        _ => BackendError::new(
            ErrorCode::Check,
            text!("a value breaks a rule of its table", "un valor incumple una regla de su tabla"),
        ),
    }
}

/// `chats.tenant_id, chats.external_id` as the table and the columns without the tenant's.
fn split(text: &str) -> (&str, Vec<&str>) {
    let pairs: Vec<_> = text.split(", ").filter_map(|column| column.split_once('.')).collect();
    let table = pairs.first().map_or("", |(table, _)| table);
    (table, pairs.into_iter().map(|(_, column)| column).filter(|column| *column != "tenant_id").collect())
}

/// `cannot store TEXT value in INTEGER column chats.created_at`
fn datatype(text: &str) -> BackendError {
    let words: Vec<_> = text.split(' ').collect();
    let place = words.last().and_then(|place| place.split_once('.'));
    let message = match (&words[..], place) {
        (["cannot", "store", found, "value", "in", wanted, "column", _], Some((table, column))) => {
            let (wanted, found) = (wanted.to_lowercase(), found.to_lowercase());
            text!(
                "{} of {} holds `{wanted}`, not `{found}`",
                "{} de {} contiene `{wanted}`, no `{found}`";
                named(column), named(table)
            )
        }
        _ => text!("a value is of another kind than its column", "un valor es de otro tipo que su columna"),
    };
    BackendError::new(ErrorCode::TypeMismatch, message)
}
