//! The functions that a command's SQL may call, and our own versions of those that defeat its limits.
//!
//! SQLite's `replace`, `trim` and `LIKE` take time by the product of their arguments' lengths inside one call,
//! where neither the progress handler nor an interrupt is seen: seconds for a few megabytes. `json_group_array`,
//! `printf`, `zeroblob`, `randomblob` and others take memory or time past every limit. So functions are denied unless
//! they are listed, and ours stand in for the first kind.

mod like;
mod text;

use std::borrow::Cow;
use std::sync::Arc;

use encargo_model::ErrorCode;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};

use super::words::named;
use crate::{BackendError, Interrupt};

/// What a command may call: what PostgreSQL has under the same name and meaning.
#[rustfmt::skip]
const OFFERED: [&str; 46] = [
    "abs", "avg", "ceil", "ceiling", "coalesce", "concat", "concat_ws", "count", "cume_dist", "dense_rank", "exp",
    "first_value", "floor", "lag", "last_value", "lead", "length",
    "like", "ln", "lower", "ltrim", "max", "min", "mod", "nth_value", "ntile", "nullif", "octet_length",
    "percent_rank", "pow", "power", "rank", "replace", "round", "row_number", "rtrim", "sign", "sqrt", "string_agg",
    "substr", "substring", "sum", "trim", "trunc", "unistr", "upper",
];

/// Functions that only SQLite has, and what says the same on every database.
const INSTEAD: [(&str, &str); 11] = [
    ("group_concat", "`string_agg(.., ',')`"),
    ("ifnull", "`coalesce(.., ..)`"),
    ("iif", "`CASE WHEN .. THEN .. ELSE .. END`"),
    ("if", "`CASE WHEN .. THEN .. ELSE .. END`"),
    ("total", "`coalesce(sum(..), 0)`"),
    ("instr", "`LIKE`"),
    ("glob", "`LIKE`"),
    ("match", "`LIKE`"),
    ("regexp", "`LIKE`"),
    ("datetime", "a placeholder with the time"),
    ("unixepoch", "a placeholder with the time"),
];

/// Errors with this beginning are our own words and may be shown.
pub(super) const OURS: &str = "encargo: ";

/// Whether a command may call this function, and what to write instead where that is known.
pub(super) fn check(name: &str) -> Result<(), BackendError> {
    if OFFERED.iter().any(|offered| offered.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    let mut message = format!("the function {} is not offered to commands", named(name));
    if let Some((_, instead)) = INSTEAD.iter().find(|(refused, _)| refused.eq_ignore_ascii_case(name)) {
        message.push_str(&format!("; write {instead}"));
    }
    Err(BackendError::new(ErrorCode::Denied, message))
}

/// Puts our versions in place of SQLite's.
pub(super) fn replace_dangerous(
    connection: &Connection,
    interrupt: &Arc<Interrupt>,
    value_bytes: u64,
) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let most = usize::try_from(value_bytes).unwrap_or(usize::MAX);
    connection.create_scalar_function("replace", 3, flags, move |call| text::replace(call, most))?;
    for (name, ends) in [("trim", text::Ends::Both), ("ltrim", text::Ends::Left), ("rtrim", text::Ends::Right)] {
        for arguments in [1, 2] {
            connection.create_scalar_function(name, arguments, flags, move |call| text::trim(call, ends))?;
        }
    }
    for arguments in [2, 3] {
        let interrupt = Arc::clone(interrupt);
        connection.create_scalar_function("like", arguments, flags, move |call| like::like(call, &interrupt))?;
    }
    Ok(())
}

/// An argument as text; `None` for a null.
fn argument<'a>(call: &'a Context<'_>, at: usize) -> rusqlite::Result<Option<Cow<'a, str>>> {
    match call.get_raw(at) {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(value) => Ok(Some(value.to_string().into())),
        ValueRef::Text(bytes) => {
            std::str::from_utf8(bytes).map(|text| Some(text.into())).map_err(|_| refused("a text is not UTF-8"))
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(refused("a text function was given a real or a blob")),
    }
}

fn refused(problem: &str) -> Error {
    Error::UserFunctionError(format!("{OURS}{problem}").into())
}
