//! Opens database files for the host's own use, and reads a file's version without opening it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::PlatformError;

/// How long the host waits for another process's write.
const BUSY_FOR: Duration = Duration::from_secs(5);

/// Opens a file that is there, for the host's own statements. Closing it leaves the main file's bytes as they are.
pub(super) fn open(path: &Path) -> Result<Connection, PlatformError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_FOR)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    };
    open().map_err(|error| PlatformError::sqlite(path, error))
}

/// The schema version of an open file.
pub(super) fn version(path: &Path, connection: &Connection) -> Result<u32, PlatformError> {
    connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|error| PlatformError::sqlite(path, error))
}

/// The schema version in a file's header. It is what the last checkpoint wrote, so a file whose migration was cut off
/// is opened to make sure.
pub(super) fn version_of_file(path: &Path) -> Result<u32, PlatformError> {
    let mut header = [0; 100];
    let mut file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => PlatformError::Corrupt { path: path.to_owned() },
        _ => PlatformError::io(path, error),
    })?;
    match file.read_exact(&mut header) {
        Ok(()) if header.starts_with(b"SQLite format 3\0") => {}
        Ok(()) => return Err(PlatformError::Corrupt { path: path.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            let length = file.metadata().map_err(|error| PlatformError::io(path, error))?.len();
            return if length == 0 { Ok(0) } else { Err(PlatformError::Corrupt { path: path.to_owned() }) };
        }
        Err(error) => return Err(PlatformError::io(path, error)),
    }
    Ok(u32::from_be_bytes([header[60], header[61], header[62], header[63]]))
}

/// Refuses a file that this process cannot write: SQLite would open it for reading and fail at the first change.
pub(super) fn check_writable_file(path: &Path) -> Result<(), PlatformError> {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).map_err(|error| PlatformError::io(path, error.into()))
}

/// Refuses a folder that this process cannot write, before SQLite does in other words.
pub(super) fn check_writable(folder: &Path) -> Result<(), PlatformError> {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
        .map_err(|error| PlatformError::io(folder, error.into()))
}
