//! Why the platform's databases cannot be used, for the operator.

use std::io;
use std::path::{Path, PathBuf};

use encargo_model::Exit;

use crate::data_dir::is_disk_full;

/// Why the platform's databases cannot be used. The messages name files and are for the operator, never for a command.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// Nothing was made there yet.
    #[error("there is no data directory at `{}`; `encargo init_system` or `encargo migrate` makes one", path.display())]
    NotInitialised {
        /// The data directory.
        path: PathBuf,
    },
    /// The files are older than this program.
    #[error("`{}` has schema version {from} and this program needs {to}; run `encargo migrate`", path.display())]
    NeedsMigrate {
        /// The database.
        path: PathBuf,
        /// The version it has.
        from: u32,
        /// The version it needs.
        to: u32,
    },
    /// The files were made by a newer program.
    #[error("`{}` has schema version {found} and this program knows {known}; use the newer program that wrote it", path.display())]
    TooNew {
        /// The database.
        path: PathBuf,
        /// The version it has.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// Another environment was recorded at the first migrate.
    #[error(
        "this data directory belongs to the environment `{recorded}`, and `{given}` is configured; correct `environment` or choose another data directory"
    )]
    EnvironmentMismatch {
        /// The recorded one.
        recorded: String,
        /// The configured one.
        given: String,
    },
    /// A file is not a database, or a damaged one.
    #[error("`{}` is damaged or not a database; restore it from a backup", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
    },
    /// A folder or file cannot be written.
    #[error("`{}` cannot be written; make it writable for this user or choose another data directory", path.display())]
    ReadOnly {
        /// The folder or file.
        path: PathBuf,
    },
    /// There is no space left.
    #[error("the disk is full while writing `{}`; free some space and try again", path.display())]
    DiskFull {
        /// The folder or file.
        path: PathBuf,
    },
    /// Another process holds the file.
    #[error("another process is using `{}`; try again when it is done", path.display())]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// Some tenants' files could not be migrated; the others were.
    #[error("the files of these tenants could not be migrated, all others were: {}", tenants.iter().map(|(slug, why)| format!("`{slug}` ({why})")).collect::<Vec<_>>().join(", "))]
    Quarantined {
        /// Slug and reason.
        tenants: Vec<(String, Box<PlatformError>)>,
        /// What was migrated all the same.
        done: Vec<crate::Pending>,
    },
    /// The operating system said no.
    #[error("`{}` cannot be used: {source}", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// SQLite said no.
    #[error("`{}` cannot be used: {source}", path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// What it said.
        source: rusqlite::Error,
    },
}

impl PlatformError {
    /// The exit code: a damaged file is a failed verification, everything else is the configuration's.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Corrupt { .. } => Exit::Verification,
            Self::DiskFull { .. } => Exit::Failed,
            Self::Quarantined { tenants, .. } if tenants.iter().any(|(_, why)| why.exit() == Exit::Verification) => {
                Exit::Verification
            }
            _ => Exit::Usage,
        }
    }

    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io { path, source },
        }
    }

    pub(crate) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Sqlite;
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => Self::Corrupt { path },
            Some(Sqlite::ReadOnly | Sqlite::PermissionDenied) => Self::ReadOnly { path },
            Some(Sqlite::DiskFull) => Self::DiskFull { path },
            Some(Sqlite::SystemIoFailure | Sqlite::CannotOpen) if is_disk_full(&path) => Self::DiskFull { path },
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => Self::Busy { path },
            _ => Self::Database { path, source },
        }
    }
}
