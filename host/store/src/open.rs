//! Makes, migrates and opens the file of the engine store.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqlSafeStr, SqliteConnection};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use crate::turn::{PAUSE, is_busy};
use crate::{Inner, Store, StoreError};

/// Number, name and text of each migration, in order. Those that were ever released never change.
const MIGRATIONS: &[(u32, &str, &str)] = &[
    (1, "runs", include_str!("../migrations/sqlite/0001_runs.sql")),
    (2, "unique ids", include_str!("../migrations/sqlite/0002_unique_ids.sql")),
    (3, "log pages", include_str!("../migrations/sqlite/0003_log_pages.sql")),
    (4, "commands", include_str!("../migrations/sqlite/0004_commands.sql")),
    (5, "upkeep", include_str!("../migrations/sqlite/0005_upkeep.sql")),
    (6, "drills", include_str!("../migrations/sqlite/0006_drills.sql")),
    (7, "publishing", include_str!("../migrations/sqlite/0007_publishing.sql")),
];

/// How long a statement waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Store {
    /// The numbers of the migrations that the file still lacks; all of them when there is no file.
    ///
    /// # Errors
    /// The file is corrupt, of a newer version or cannot be read; `Full` or `ReadOnly` where it can only be had as
    /// [`ToRead`].
    pub async fn plan(path: &Path, to_read: Option<&ToRead>) -> Result<Vec<u32>, StoreError> {
        if !path.exists() {
            return Ok(pending(0));
        }
        let mut connection = match to_read {
            None => connect(path).await?,
            Some(to_read) => connect_to_read(path, to_read).await?,
        };
        Ok(pending(applied(path, &mut connection).await?))
    }

    /// Makes the file, for its user alone, where there is none, and applies what it lacks; what was applied.
    ///
    /// # Errors
    /// The file is corrupt or of a newer version, or it cannot be made or written.
    pub async fn migrate(path: &Path) -> Result<Vec<u32>, StoreError> {
        make_file(path)?;
        let mut connection = connect(path).await?;
        let applied = apply(path, &mut connection).await?;
        // Dropped, it would be closed by a thread of its own, which writes into the file after this has returned.
        connection.close().await.map_err(|error| StoreError::of(path, &error))?;
        Ok(applied)
    }

    /// Opens an up-to-date file.
    ///
    /// # Errors
    /// There is no file, or it is corrupt, of another version, or cannot be read; `Full` or `ReadOnly` where
    /// [`Store::open_to_read`] may still open it.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::NotInitialised { path: path.to_owned() });
        }
        Self::over(path, connect(path).await?).await
    }

    /// Opens an up-to-date file where nothing can be written. Whatever would write answers `Full` or `ReadOnly`.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_to_read(path: &Path, to_read: &ToRead) -> Result<Self, StoreError> {
        Self::over(path, connect_to_read(path, to_read).await?).await
    }

    async fn over(path: &Path, mut connection: SqliteConnection) -> Result<Self, StoreError> {
        if applied(path, &mut connection).await? < newest() {
            return Err(StoreError::NeedsMigrate { path: path.to_owned() });
        }
        Ok(Self { inner: Arc::new(Inner { path: path.to_owned(), connection: Mutex::new(connection) }) })
    }

    /// Whether a transaction that writes could begin now, within this long. It writes nothing.
    ///
    /// # Errors
    /// `Busy` when another process is writing for longer, `Full` or `ReadOnly` when nothing can be written at all.
    pub async fn check_writable(&self, within: Duration) -> Result<(), StoreError> {
        let mut connection = self.connection().await;
        let wait = |within: Duration| AssertSqlSafe(format!("PRAGMA busy_timeout = {}", within.as_millis()));
        sqlx::query(wait(within)).execute(&mut *connection).await.map_err(self.failed())?;
        let tried = async { connection.begin_with("BEGIN IMMEDIATE").await?.rollback().await }.await;
        sqlx::query(wait(BUSY_TIMEOUT)).execute(&mut *connection).await.map_err(self.failed())?;
        tried.map_err(self.failed())
    }
}

/// Where the bytes of a store are read that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToRead {
    /// The file itself, or a copy of it.
    pub file: PathBuf,
    /// Whether it is read as it lies, because no index of a log can be made: there is no log, and nobody writes.
    pub as_it_lies: bool,
}

/// Makes an empty file for its user alone, unless it is there.
pub(crate) fn make_file(path: &Path) -> Result<(), StoreError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::io(path, &error)),
        Ok(_) => Ok(()),
    }
}

/// Applies what a file lacks; what was applied.
pub(crate) async fn apply(path: &Path, connection: &mut SqliteConnection) -> Result<Vec<u32>, StoreError> {
    let failed = |error| StoreError::of(path, &error);
    // One immediate transaction around all, so that two processes migrate one after the other.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let pending = pending(applied(path, &mut transaction).await?);
    migrator().run_direct(None, &mut *transaction, false).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => failed(error),
        error => StoreError::Io { path: path.to_owned(), problem: error.to_string() },
    })?;
    transaction.commit().await.map_err(failed)?;
    Ok(pending)
}

fn pending(applied: u32) -> Vec<u32> {
    MIGRATIONS.iter().map(|(number, ..)| *number).filter(|number| *number > applied).collect()
}

fn newest() -> u32 {
    MIGRATIONS.last().map_or(0, |(number, ..)| *number)
}

fn migrator() -> Migrator {
    let migration = |(number, name, text): &(u32, &'static str, &'static str)| {
        Migration::new((*number).into(), (*name).into(), MigrationType::Simple, (*text).into_sql_str(), false)
    };
    Migrator::with_migrations(MIGRATIONS.iter().map(migration).collect())
}

/// A new file is given its log in a transaction that reads first, which SQLite refuses at once, without waiting, while
/// another process writes, so the wait is here.
pub(crate) async fn connect(path: &Path) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        // The first to open the file reads and sums the whole log, which is for each short process to do.
        .pragma("wal_autocheckpoint", "100")
        .foreign_keys(true);
    let begun = Instant::now();
    loop {
        match options.connect().await {
            Err(error) if is_busy(&error) && begun.elapsed() < BUSY_TIMEOUT => sleep(PAUSE).await,
            connected => return connected.map_err(|error| StoreError::of(path, &error)),
        }
    }
}

/// A copy could be written to, and what was written would be gone with it, so that is denied.
async fn connect_to_read(path: &Path, to_read: &ToRead) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(&to_read.file)
        .read_only(to_read.as_it_lies)
        .immutable(to_read.as_it_lies)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("query_only", "1");
    options.connect().await.map_err(|error| StoreError::of(path, &error))
}

/// The number of the newest migration in the file; 0 for an empty one.
async fn applied(path: &Path, connection: &mut SqliteConnection) -> Result<u32, StoreError> {
    let failed = |error| StoreError::of(path, &error);
    let known = "SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    let known: i64 = sqlx::query_scalar(known).fetch_one(&mut *connection).await.map_err(failed)?;
    if known == 0 {
        return Ok(0);
    }
    let newest_of_file = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success";
    let found: u32 = sqlx::query_scalar(newest_of_file).fetch_one(connection).await.map_err(failed)?;
    if found > newest() {
        return Err(StoreError::TooNew { path: path.to_owned(), found, known: newest() });
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
