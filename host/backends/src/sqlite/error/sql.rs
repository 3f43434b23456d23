//! SQL that cannot be read, or names what is not there.

use encargo_model::{ErrorCode, Text, text};

use crate::BackendError;
use crate::sqlite::words::named;

pub(super) fn error_of_text(text: &str, offset: Option<usize>, sql: &str) -> BackendError {
    let syntax = |message: Text| BackendError::new(ErrorCode::Syntax, message);
    let missing = |message: Text| BackendError::new(ErrorCode::NotFound, message);
    if let Some(name) = text.strip_prefix("no such table: ") {
        let name = named(name.strip_prefix("main.").unwrap_or(name));
        return missing(text!("there is no table {name}", "no existe la tabla {name}"));
    }
    if let Some(name) = text.strip_prefix("no such column: ") {
        return missing(text!("there is no column {}", "no existe la columna {}"; named(name)));
    }
    if let Some(name) = text.strip_prefix("no such function: ") {
        return missing(text!("there is no function {}", "no existe la función {}"; named(name)));
    }
    if let Some((table, column)) = text.strip_prefix("table ").and_then(|rest| rest.split_once(" has no column named "))
    {
        return BackendError::new(
            ErrorCode::NotFound,
            text!("there is no column {} in {}", "no existe la columna {} en {}"; named(column), named(table)),
        );
    }
    if let Some(name) = text.strip_prefix("ambiguous column name: ") {
        return syntax(text!(
            "{} could be a column of more than one table",
            "{} podría ser una columna de más de una tabla";
            named(name)
        ));
    }
    if text.ends_with(" may not be modified") {
        return BackendError::new(
            ErrorCode::Denied,
            text!(
                "no command may change SQLite's own tables",
                "ningún comando puede cambiar las tablas propias de SQLite"
            ),
        );
    }
    if text == "incomplete input" {
        return syntax(text!("the SQL ends before its statement does", "el SQL acaba antes que su sentencia"));
    }
    if text.starts_with("ON CONFLICT clause does not match") {
        return BackendError::new(
            ErrorCode::Invalid,
            text!(
                "the columns of ON CONFLICT are no unique key of the table",
                "las columnas de ON CONFLICT no son una clave única de la tabla"
            ),
        );
    }
    if text == "integer overflow" {
        return BackendError::new(
            ErrorCode::Invalid,
            text!("a sum is larger than an integer can be", "una suma es mayor de lo que cabe en un entero"),
        );
    }
    match offset.and_then(|offset| near(sql, offset)) {
        Some((word, character)) => syntax(text!(
            "the SQL cannot be read near {} (character {character})",
            "no se puede leer el SQL cerca de {} (carácter {character})";
            named(word)
        )),
        None => syntax(text!(
            "the SQL cannot be read, or is too large or too deep",
            "no se puede leer el SQL, o es demasiado grande o profundo"
        )),
    }
}

/// The word at an offset, and which character it begins with, from 1.
fn near(sql: &str, offset: usize) -> Option<(&str, usize)> {
    let rest = sql.get(offset..)?;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    let end = if end == 0 { rest.chars().next()?.len_utf8() } else { end };
    Some((&rest[..end], sql[..offset].chars().count() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_shown_with_its_place() {
        for (text, offset, sql, message) in [
            (
                "near \"FORM\": syntax error",
                Some(9),
                "SELECT * FORM chats",
                "the SQL cannot be read near `FORM` (character 10)",
            ),
            ("near \",\": syntax error", Some(7), "SELECT , 1", "the SQL cannot be read near `,` (character 8)"),
            ("no such table: main.x", None, "", "there is no table `x`"),
            ("no such column: a.b", None, "", "there is no column `a.b`"),
            ("table chats has no column named x", None, "", "there is no column `x` in `chats`"),
            ("some new words", Some(90), "SELECT", "the SQL cannot be read, or is too large or too deep"),
        ] {
            assert_eq!(error_of_text(text, offset, sql).message.en, message);
        }
    }
}
