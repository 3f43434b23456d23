//! Opens connections on which a command's SQL is compiled or run.

use std::ffi::CStr;
use std::path::Path;
use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::tally::Tally;
use super::{budget, busy, functions, temporary};
use crate::{Access, replicas};

/// Whether what is written must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// On the disk at every commit.
    Kept,
    /// A dry run's copy, thrown away at its end.
    Discarded,
    /// Nothing may be written: the file cannot be, or this is a copy to read it by.
    Denied,
}

/// How many instructions of SQLite's machine pass between two looks at the flag: microseconds, and less than a second when
/// each works on a value that is as large as one may be.
const INSTRUCTIONS: i32 = 200;
/// Pages kept in memory by a connection that reads and writes single rows, in KiB.
const CACHE_KIB: i64 = 8 << 10;

/// A connection with every limit, without tricks of the file, and with our own functions. Its temporary files lie beside
/// the database.
fn guarded(path: &Path, access: &Access) -> rusqlite::Result<Connection> {
    busy::watch(&access.interrupt);
    temporary::lie_in(path.parent().unwrap_or(path));
    let connection = replicas::open(path)?;
    connection.busy_handler(Some(busy::wait))?;
    guard(&connection, access)?;
    Ok(connection)
}

/// An empty database in memory, where statements are compiled as on a guarded connection and never run.
pub(super) fn compiling(access: &Access) -> rusqlite::Result<Connection> {
    let connection = Connection::open_in_memory_with_flags_and_vfs(OpenFlags::default(), layer()?)?;
    guard(&connection, access)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    Ok(connection)
}

/// The file layer that every connection of this process is opened through, and before it the memory is bounded.
pub(crate) fn layer() -> rusqlite::Result<&'static CStr> {
    // Where SQLite was used before, its memory stays as it was, which `build.rs` tells.
    budget::bound_memory();
    if temporary::install() {
        return Ok(temporary::NAME);
    }
    let misuse = libsqlite3_sys::Error::new(libsqlite3_sys::SQLITE_MISUSE);
    Err(rusqlite::Error::SqliteFailure(misuse, Some("there is no layer for temporary files".to_owned())))
}

fn guard(connection: &Connection, access: &Access) -> rusqlite::Result<()> {
    for (option, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true),
    ] {
        connection.set_db_config(option, on)?;
    }
    let limits = &access.limits;
    budget::limit(limits.sql_memory_bytes, limits.temporary_bytes);
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, at_most(limits.value_bytes, 1_000_000_000)),
        // The gate holds a command to its own limit; the host's statements are not to meet it.
        (Limit::SQLITE_LIMIT_SQL_LENGTH, at_most(limits.sql_bytes.max(1 << 20), 1_000_000_000)),
        (Limit::SQLITE_LIMIT_COLUMN, 256),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (Limit::SQLITE_LIMIT_VDBE_OP, 100_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 32),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 8),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, most)?;
    }
    let interrupt = Arc::clone(&access.interrupt);
    connection.progress_handler(INSTRUCTIONS, Some(move || interrupt.stops()))?;
    functions::replace_dangerous(connection, &access.interrupt, limits.value_bytes)
}

/// The connection that runs statements.
pub(super) fn main(
    path: &Path,
    access: &Access,
    durability: Durability,
    tally: &Arc<Tally>,
) -> rusqlite::Result<Connection> {
    let connection = guarded(path, access)?;
    let synchronous = if durability == Durability::Kept { "FULL" } else { "OFF" };
    connection.execute_batch(&format!("PRAGMA synchronous = {synchronous}; PRAGMA cache_size = -{CACHE_KIB}"))?;
    if durability == Durability::Denied {
        connection.pragma_update(None, "query_only", 1)?;
    }
    let page_bytes: u32 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let pages = at_most((access.limits.database_bytes / u64::from(page_bytes)).max(1), i32::MAX);
    connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    let tally = Arc::clone(tally);
    connection.update_hook(Some(move |action, _: &str, table: &str, _: i64| tally.count(action, table)))?;
    connection.authorizer(Some(no_shortcuts))?;
    Ok(connection)
}

/// `Ignore` for a delete keeps SQLite from emptying a whole table in one stroke, which no hook sees and no interrupt
/// ends. The rest passed the gate or is the host's; what neither needs is denied once more.
fn no_shortcuts(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Delete { .. } => Authorization::Ignore,
        AuthAction::Attach { .. } | AuthAction::Detach { .. } | AuthAction::CreateVtable { .. } => Authorization::Deny,
        _ => Authorization::Allow,
    }
}

pub(super) fn at_most(value: u64, most: i32) -> i32 {
    i32::try_from(value).map_or(most, |value| value.min(most))
}
