//! The functions that a command's SQL may call, and our own versions of those that defeat its limits.
//!
//! SQLite's `replace`, `trim` and `LIKE` take time by the product of their arguments' lengths inside one call,
//! where neither the progress handler nor an interrupt is seen: seconds for a few megabytes. `json_group_array`,
//! `printf`, `zeroblob`, `randomblob` and others take memory or time past every limit. So functions are denied unless
//! they are listed, and ours stand in for the first kind.

mod like;
mod refusal;
mod text;

use std::borrow::Cow;
use std::sync::Arc;

use encargo_model::{ErrorCode, text};
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use super::words::named;
use crate::{BackendError, Interrupt};

pub(super) use refusal::Refusal;

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
const INSTEAD: [(&str, &str); 9] = [
    ("group_concat", "`string_agg(.., ',')`"),
    ("ifnull", "`coalesce(.., ..)`"),
    ("iif", "`CASE WHEN .. THEN .. ELSE .. END`"),
    ("if", "`CASE WHEN .. THEN .. ELSE .. END`"),
    ("total", "`coalesce(sum(..), 0)`"),
    ("instr", "`LIKE`"),
    ("glob", "`LIKE`"),
    ("match", "`LIKE`"),
    ("regexp", "`LIKE`"),
];

/// Functions that take the time from a clock of SQLite's.
const CLOCKS: [&str; 2] = ["datetime", "unixepoch"];

/// Whether a command may call this function, and what to write instead where that is known.
pub(super) fn check(name: &str) -> Result<(), BackendError> {
    if OFFERED.iter().any(|offered| offered.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    let refused = text!(
        "the function {} is not offered to commands",
        "la función {} no se ofrece a los comandos";
        named(name)
    );
    let is_clock = CLOCKS.iter().any(|clock| clock.eq_ignore_ascii_case(name));
    let message = match INSTEAD.iter().find(|(refused, _)| refused.eq_ignore_ascii_case(name)) {
        Some((_, instead)) => text!("{refused}; write {instead}", "{refused}; escriba {instead}", refused = refused),
        None if is_clock => text!(
            "{refused}; write a placeholder with the time",
            "{refused}; escriba un marcador con la hora",
            refused = refused
        ),
        None => refused,
    };
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
            std::str::from_utf8(bytes).map(|text| Some(text.into())).map_err(|_| Refusal::NotUtf8.into())
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(Refusal::NotAText.into()),
    }
}
