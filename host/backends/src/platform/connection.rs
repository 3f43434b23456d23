//! Opens database files for the host's own use.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode};

use crate::{PlatformError, replicas};

/// How long the host waits for another process's write.
const BUSY_FOR: Duration = Duration::from_secs(5);

/// Opens a file that is there, for the host's own statements: for reading where it cannot be written. Closing it leaves
/// the main file's bytes as they are.
pub(crate) fn open(path: &Path) -> Result<Connection, PlatformError> {
    let open = || -> rusqlite::Result<Connection> {
        let connection = replicas::open(path)?;
        connection.busy_timeout(BUSY_FOR)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    };
    open().map_err(|error| PlatformError::sqlite(path, error))
}

/// Keeps a copy from being written to, since what is written to it is gone with it.
pub(super) fn deny_writes(path: &Path, connection: &Connection) -> Result<(), PlatformError> {
    if replicas::way_of(path) == replicas::Way::Write {
        return Ok(());
    }
    connection.pragma_update(None, "query_only", 1).map_err(|error| PlatformError::sqlite(path, error))
}

/// Gives a new file its page size and its log. Each changes the file's head in a transaction that reads first, which
/// SQLite refuses at once while another process writes; a transaction that writes from its beginning is waited for.
pub(super) fn lay_out(connection: &Connection) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        // The page size holds only when it is set before the first table and before the journal mode.
        let laid = connection.execute_batch("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL");
        let busy = laid.as_ref().is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy));
        if !busy || begun.elapsed() >= BUSY_FOR {
            return laid;
        }
        connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
    }
}

/// Begins to write and does not.
pub(super) fn check_free(path: &Path, connection: &Connection, within: Duration) -> Result<(), PlatformError> {
    let tried = connection.busy_timeout(within).and_then(|()| connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK"));
    tried.map_err(|error| PlatformError::sqlite(path, error))
}

/// Reads the first and the last row of every table, so that its pages from the root down to both ends are looked at.
pub(super) fn read_ends(path: &Path, connection: &Connection) -> Result<(), PlatformError> {
    let read = || -> rusqlite::Result<()> {
        let mut tables = connection.prepare("SELECT name, wr FROM pragma_table_list WHERE type = 'table'")?;
        let tables: Vec<(String, bool)> =
            tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        for (table, without_rowid) in tables {
            let sql = match without_rowid {
                true => format!("SELECT * FROM \"{table}\" LIMIT 1"),
                false => format!("SELECT *, (SELECT max(rowid) FROM \"{table}\") FROM \"{table}\" LIMIT 1"),
            };
            connection.prepare(&sql)?.query([])?.next()?;
        }
        Ok(())
    };
    read().map_err(|error| PlatformError::sqlite(path, error))
}

/// The schema version of an open file.
pub(super) fn version(path: &Path, connection: &Connection) -> Result<u32, PlatformError> {
    connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|error| PlatformError::sqlite(path, error))
}

/// Refuses a folder that this process cannot write, before SQLite does in other words.
pub(super) fn check_writable(folder: &Path) -> Result<(), PlatformError> {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
        .map_err(|error| PlatformError::io(folder, error.into()))
}
