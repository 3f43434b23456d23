//! Why the platform's databases cannot be used, for the operator.

mod words;

use std::io;
use std::path::{Path, PathBuf};

use encargo_model::{ErrorCode, Exit, Lack, Text, text};
use libsqlite3_sys as ffi;

use crate::BackendError;
use crate::data_dir::{check_may_write, lack_at};

/// Why the platform's databases cannot be used. The messages name files and are for the operator, never for a command.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// Nothing was made there yet.
    NotInitialised {
        /// The data directory.
        path: PathBuf,
    },
    /// The files are older than this program.
    NeedsMigrate {
        /// The database.
        path: PathBuf,
        /// The version it has.
        from: u32,
        /// The version it needs.
        to: u32,
    },
    /// The files were made by a newer program.
    TooNew {
        /// The database.
        path: PathBuf,
        /// The version it has.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// Another environment was recorded at the first migrate.
    EnvironmentMismatch {
        /// The recorded one.
        recorded: String,
        /// The configured one.
        given: String,
    },
    /// A file is not a database, or a damaged one.
    Corrupt {
        /// The file.
        path: PathBuf,
    },
    /// `platform.db` is gone, and what it speaks of is there.
    PlatformLost {
        /// The database.
        path: PathBuf,
    },
    /// `platform.db` is asked to be made again, and it is there.
    PlatformThere {
        /// The database.
        path: PathBuf,
    },
    /// The files do not agree about who the tenants are.
    Disagreeing {
        /// One file.
        one: PathBuf,
        /// Another.
        other: PathBuf,
        /// In what they disagree.
        why: Text,
    },
    /// A tenant's file is gone, or has no bytes any more.
    TenantLost {
        /// The database.
        path: PathBuf,
        /// The tenant.
        slug: String,
        /// Whether there is a file, without bytes.
        empty: bool,
    },
    /// A file is another tenant's, or another installation's.
    Foreign {
        /// The database.
        path: PathBuf,
        /// The tenant.
        slug: String,
        /// Whose it is.
        whose: Text,
    },
    /// The engine store is gone, or has no bytes any more.
    EngineLost {
        /// The database.
        path: PathBuf,
    },
    /// A folder or file cannot be written.
    ReadOnly {
        /// The folder or file.
        path: PathBuf,
    },
    /// There is no room left.
    DiskFull {
        /// The folder or file.
        path: PathBuf,
        /// What there is none of.
        lack: Lack,
    },
    /// Another process holds the file.
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// A restore was begun, and cannot be gone on with now.
    Unfinished {
        /// The folder of what is restored.
        path: PathBuf,
        /// Why not.
        why: Box<PlatformError>,
    },
    /// Some tenants' files could not be migrated; the others were.
    Quarantined {
        /// Slug and reason.
        tenants: Vec<(String, Box<PlatformError>)>,
        /// What was migrated all the same.
        done: Vec<crate::Pending>,
    },
    /// The operating system said no.
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// SQLite said no.
    Database {
        /// The database.
        path: PathBuf,
        /// What it said.
        source: rusqlite::Error,
    },
}

impl PlatformError {
    /// The exit code: a lost, damaged or mistaken file is a failed verification, a full disk a failure, a held file a held
    /// lock, and everything else is the configuration's.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Corrupt { .. }
            | Self::PlatformLost { .. }
            | Self::TenantLost { .. }
            | Self::Foreign { .. }
            | Self::Disagreeing { .. }
            | Self::EngineLost { .. } => Exit::Verification,
            Self::DiskFull { .. } => Exit::Failed,
            Self::Busy { .. } => Exit::LockHeld,
            Self::Unfinished { why, .. } => why.exit(),
            Self::Quarantined { tenants, .. } if tenants.iter().any(|(_, why)| why.exit() == Exit::Verification) => {
                Exit::Verification
            }
            _ => Exit::Usage,
        }
    }

    /// What is wrong with a tenant's file, without its name: a command reads it.
    pub(crate) fn for_command(self, slug: &str) -> BackendError {
        let code = match &self {
            Self::Corrupt { .. } | Self::TenantLost { .. } | Self::Foreign { .. } => ErrorCode::Internal,
            _ => ErrorCode::Unavailable,
        };
        let message = text!(
            "the rows of the tenant `{slug}`: {why}",
            "las filas del inquilino `{slug}`: {why}",
            why = self.without_names()
        );
        BackendError::new(code, message).because(self)
    }

    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { lack: lack_at(&path).unwrap_or(Lack::Space), path }
            }
            _ => Self::Io { path, source },
        }
    }

    pub(crate) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Sqlite;
        let path = path.to_owned();
        let full = lack_after(&source, &path);
        match (source.sqlite_error_code(), full) {
            (_, Some(lack)) => Self::DiskFull { path, lack },
            (Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase), _) => Self::Corrupt { path },
            (Some(Sqlite::ReadOnly | Sqlite::PermissionDenied), _) => Self::ReadOnly { path },
            (Some(Sqlite::CannotOpen), _) if check_may_write(&path).is_err() => Self::ReadOnly { path },
            (Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked), _) => Self::Busy { path },
            _ => Self::Database { path, source: without_statement(source) },
        }
    }
}

/// An error of a statement says what was wrong without the statement, which may be a whole migration.
fn without_statement(error: rusqlite::Error) -> rusqlite::Error {
    match error {
        rusqlite::Error::SqlInputError { error, msg, .. } => rusqlite::Error::SqliteFailure(error, Some(msg)),
        error => error,
    }
}

/// Whether an error of SQLite's means that its disk has no room, and what it lacks.
///
/// SQLite has many codes for that: a log's index cannot be made (4874), a file not opened (14), a page or a sync failed
/// (778, 1034). So the disk itself is asked; it is not for what failed at reading, or where this user may not write.
pub(crate) fn lack_after(error: &rusqlite::Error, path: &Path) -> Option<Lack> {
    lack_after_code(error.sqlite_error()?.extended_code, path)
}

/// The same for an extended result code.
pub(crate) fn lack_after_code(code: i32, path: &Path) -> Option<Lack> {
    let may_write = || check_may_write(path).is_ok();
    match code {
        ffi::SQLITE_IOERR_READ
        | ffi::SQLITE_IOERR_SHORT_READ
        | ffi::SQLITE_IOERR_FSTAT
        | ffi::SQLITE_IOERR_DATA
        | ffi::SQLITE_IOERR_CORRUPTFS => None,
        _ => match code & 0xff {
            ffi::SQLITE_FULL | ffi::SQLITE_IOERR => lack_at(path),
            ffi::SQLITE_CANTOPEN | ffi::SQLITE_READONLY if may_write() => lack_at(path),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_code(path: &Path, code: i32) -> PlatformError {
        PlatformError::sqlite(path, rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
    }

    #[test]
    fn what_is_wrong_with_a_statement_is_said_without_it() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        let wrong = database.execute_batch("SELECT secret FROM nowhere -- and much more").unwrap_err();
        let said = PlatformError::sqlite(Path::new("1.db"), wrong).to_string();
        assert!(said.contains("no such table: nowhere") && !said.contains("much more"), "{said}");
    }

    #[test]
    fn every_code_of_sqlite_has_an_error_and_an_exit_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.db");
        std::fs::write(&path, "").unwrap();
        for (code, exit, words) in [
            (ffi::SQLITE_BUSY, Exit::LockHeld, "another process is using"),
            (ffi::SQLITE_READONLY, Exit::Usage, "cannot be written"),
            (ffi::SQLITE_CORRUPT, Exit::Verification, "is damaged"),
            // Nothing is said about the disk while there is room on it, nor about who may write.
            (ffi::SQLITE_CANTOPEN, Exit::Usage, "cannot be used"),
            (ffi::SQLITE_IOERR_SHMSIZE, Exit::Usage, "cannot be used"),
        ] {
            let error = of_code(&path, code);
            assert!(error.to_string().contains(words) && error.exit() == exit, "{code}: {error}");
        }
    }

    #[test]
    fn a_full_disk_is_named_whatever_code_sqlite_has_for_it() {
        // A file system with a size of its own that has no room.
        let path = Path::new("/proc/self/status");
        for code in [
            ffi::SQLITE_FULL,
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_IOERR_TRUNCATE,
            ffi::SQLITE_IOERR_SHMOPEN,
            ffi::SQLITE_IOERR_SHMSIZE,
        ] {
            let error = of_code(path, code);
            assert!(matches!(error, PlatformError::DiskFull { lack: Lack::Space, .. }), "{code}: {error}");
        }
        assert!(matches!(of_code(path, ffi::SQLITE_IOERR_READ), PlatformError::Database { .. }));
    }
}
