//! Makes, migrates and opens the file of the engine store.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlSafeStr, SqliteConnection};
use tokio::sync::Mutex;

use crate::{Inner, Store, StoreError};

/// Number, name and text of each migration, in order. Those that were ever released never change.
const MIGRATIONS: &[(u32, &str, &str)] = &[(1, "runs", include_str!("../migrations/sqlite/0001_runs.sql"))];

/// How long a statement waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Store {
    /// The numbers of the migrations that the file still lacks; all of them when there is no file.
    ///
    /// # Errors
    /// The file is corrupt, of a newer version or cannot be read.
    pub async fn plan(path: &Path) -> Result<Vec<u32>, StoreError> {
        Ok(pending(if path.exists() { applied(path, &mut connect(path).await?).await? } else { 0 }))
    }

    /// Makes the file, for its user alone, where there is none, and applies what it lacks; what was applied.
    ///
    /// # Errors
    /// The file is corrupt or of a newer version, or it cannot be made or written.
    pub async fn migrate(path: &Path) -> Result<Vec<u32>, StoreError> {
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
                return Err(StoreError::ReadOnly { path: path.to_owned() });
            }
            Err(error) => return Err(StoreError::Io { path: path.to_owned(), problem: error.to_string() }),
            Ok(_) => {}
        }
        let failed = |error| StoreError::of(path, error);
        let mut connection = connect(path).await?;
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

    /// Opens an up-to-date file.
    ///
    /// # Errors
    /// There is no file, or it is corrupt, of another version, or cannot be read.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::NotInitialised { path: path.to_owned() });
        }
        let mut connection = connect(path).await?;
        if applied(path, &mut connection).await? < newest() {
            return Err(StoreError::NeedsMigrate { path: path.to_owned() });
        }
        Ok(Self { inner: Arc::new(Inner { path: path.to_owned(), connection: Mutex::new(connection) }) })
    }
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

async fn connect(path: &Path) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true);
    options.connect().await.map_err(|error| StoreError::of(path, error))
}

/// The number of the newest migration in the file; 0 for an empty one.
async fn applied(path: &Path, connection: &mut SqliteConnection) -> Result<u32, StoreError> {
    let failed = |error| StoreError::of(path, error);
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
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use encargo_model::Exit;

    use super::*;
    use crate::samples::{at, block_on, now, run};

    #[test]
    fn a_store_is_made_once_and_for_its_user_alone() {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("engine.db");
            let missing = Store::open(&path).await.unwrap_err();
            assert!(matches!(missing, StoreError::NotInitialised { .. }) && missing.exit() == Exit::Usage);
            assert_eq!(Store::plan(&path).await.unwrap(), [1]);
            assert!(!path.exists());

            assert_eq!(Store::migrate(&path).await.unwrap(), [1]);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(Store::migrate(&path).await.unwrap(), [0; 0]);
            assert_eq!(Store::plan(&path).await.unwrap(), [0; 0]);
            Store::open(&path).await.unwrap();
        });
    }

    #[test]
    fn two_processes_may_migrate_at_the_same_time() {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("engine.db");
            let path_too = path.clone();
            let other = tokio::spawn(async move { Store::migrate(&path_too).await });
            let applied = [Store::migrate(&path).await.unwrap(), other.await.unwrap().unwrap()].concat();
            assert_eq!(applied, [1]);
            Store::open(&path).await.unwrap();
        });
    }

    #[test]
    fn a_file_of_another_version_is_named() {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("engine.db");
            fs::write(&path, "").unwrap();
            assert!(matches!(Store::open(&path).await, Err(StoreError::NeedsMigrate { .. })));
            Store::migrate(&path).await.unwrap();
            let later = "INSERT INTO _sqlx_migrations VALUES (9, 'later', 'now', 1, x'', 0)";
            sqlx::query(later).execute(&mut connect(&path).await.unwrap()).await.unwrap();
            assert!(matches!(Store::open(&path).await, Err(StoreError::TooNew { found: 9, known: 1, .. })));
            assert!(matches!(Store::migrate(&path).await, Err(StoreError::TooNew { .. })));
        });
    }

    #[test]
    fn a_corrupt_file_is_named_and_left_as_it_was() {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("engine.db");
            let nonsense = "not a database, and longer than the header of one ".repeat(100);
            fs::write(&path, &nonsense).unwrap();
            for error in [Store::open(&path).await.unwrap_err(), Store::migrate(&path).await.unwrap_err()] {
                assert!(error.to_string().contains("engine.db` is corrupt: "), "{error}");
                assert_eq!(error.exit(), Exit::Verification);
            }
            assert_eq!(fs::read_to_string(&path).unwrap(), nonsense);
        });
    }

    #[test]
    fn a_full_disk_and_a_read_only_file_have_their_own_errors() {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("engine.db");
            Store::migrate(&path).await.unwrap();
            for (pragma, expected) in [
                ("PRAGMA max_page_count = 1", "cannot grow: the disk is full"),
                ("PRAGMA query_only = 1", "are its file and folder writable by this user?"),
            ] {
                let store = Store::open(&path).await.unwrap();
                sqlx::query(pragma).execute(&mut *store.connection().await).await.unwrap();
                let mut run = run(1);
                run.backtrace = Some("x".repeat(100_000));
                let error = store.begin_run(&at(&run), &now(0)).await.unwrap_err();
                assert!(error.to_string().contains(expected), "{error}");
            }
        });
    }
}
