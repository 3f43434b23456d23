//! The platform database: `platform.db`, one file for each tenant, and what opens them.

mod connection;
mod migrations;
mod overlay;
mod tenants;
mod users;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use encargo_model::{CommandError, Tenant};
use rusqlite::{Connection, OptionalExtension};

pub use migrations::Pending;
pub use users::User;

use crate::replicas::{self, Replicas, Way};
use crate::sqlite::{Durability, error_of_host};
use crate::{Access, DataDir, Database, PlatformError, schema};
use overlay::{Overlay, error_of_copy};

/// The platform's databases under one data directory.
pub struct Platform {
    data: DataDir,
    environment: String,
    /// `platform.db`, opened at its first use in a dry run.
    main: Mutex<Option<Connection>>,
    /// Where the copies of a dry run lie.
    overlay: Option<Overlay>,
    /// Where files are read that cannot be read in their place.
    replicas: Arc<Replicas>,
}

impl Platform {
    /// What [`Platform::migrate`] would do.
    ///
    /// # Errors
    /// When a file is damaged, newer than this program or cannot be read.
    pub fn plan(data: &DataDir) -> Result<Vec<Pending>, PlatformError> {
        migrations::plan(data)
    }

    /// Makes the data directory's folders and files where they are missing and brings every file to this program's
    /// schema, one after the other; it can be run again after a break. The environment is recorded the first time.
    ///
    /// # Errors
    /// [`PlatformError::Quarantined`] when some tenants' files could not be migrated and all others were.
    pub fn migrate(data: &DataDir, environment: &str) -> Result<Vec<Pending>, PlatformError> {
        migrations::migrate(data, environment)
    }

    /// Opens `platform.db`. Tenants' files are opened when they are used.
    ///
    /// # Errors
    /// When there is no data directory, it needs a migration, it is another environment's, damaged or not writable.
    pub fn open(data: DataDir, environment: &str) -> Result<Self, PlatformError> {
        let path = data.platform_db();
        if path.exists() {
            connection::check_writable(data.root())?;
            replicas::check_writable(&path)?;
        }
        Self::open_to_read(&Arc::new(Replicas::new(data.clone())), data, environment)
    }

    /// The same for who may only want to read: it need not be writable. [`Platform::check_writable`] asks for that.
    ///
    /// # Errors
    /// When there is no data directory, it needs a migration, it is another environment's, damaged or not readable.
    pub fn open_to_read(replicas: &Arc<Replicas>, data: DataDir, environment: &str) -> Result<Self, PlatformError> {
        let path = data.platform_db();
        if !path.exists() {
            return Err(PlatformError::NotInitialised { path: data.root().to_owned() });
        }
        let main = connection::open(&replicas.readable(&path)?.file)?;
        connection::deny_writes(&path, &main)?;
        migrations::check_version(&path, connection::version(&path, &main)?, schema::version(schema::PLATFORM))?;
        let recorded = |name| -> Result<Option<String>, PlatformError> {
            main.query_row("SELECT value FROM installation WHERE name = ?1", [name], |row| row.get(0))
                .optional()
                .map_err(|error| PlatformError::sqlite(&path, error))
        };
        let tenants_at = recorded(migrations::TENANT_SCHEMA)?.and_then(|text| text.parse().ok()).unwrap_or(0);
        migrations::check_version(&path, tenants_at, schema::version(schema::TENANT))?;
        match recorded(migrations::ENVIRONMENT)? {
            Some(recorded) if recorded != environment => {
                return Err(PlatformError::EnvironmentMismatch { recorded, given: environment.to_owned() });
            }
            _ => {}
        }
        let (environment, replicas) = (environment.to_owned(), Arc::clone(replicas));
        Ok(Self { data, environment, main: Mutex::new(Some(main)), overlay: None, replicas })
    }

    /// The same platform for a dry run: every database file that it uses is first copied into `scratch`, once, and all
    /// writes go to the copies. The real files stay byte for byte as they are (`-wal` and `-shm` exempt).
    #[must_use]
    pub fn dry_run(&self, scratch: &Path) -> Self {
        Self {
            data: self.data.clone(),
            environment: self.environment.clone(),
            main: Mutex::new(None),
            overlay: Some(Overlay::new(scratch.to_owned(), Arc::clone(&self.replicas))),
            replicas: Arc::clone(&self.replicas),
        }
    }

    /// Whether `platform.db`, and a tenant's file, can be written: asked before a run that changes anything begins.
    ///
    /// # Errors
    /// `ReadOnly` or `DiskFull`, with the file.
    pub fn check_writable(&self, tenant: Option<&Tenant>) -> Result<(), PlatformError> {
        let files = [Some(self.data.platform_db()), tenant.map(|tenant| self.data.tenant_db(tenant.id))];
        files.iter().flatten().try_for_each(|path| replicas::check_writable(path))
    }

    /// Whether `platform.db` could be written now, within this long. It writes nothing.
    ///
    /// # Errors
    /// `Busy` when another process is writing for longer.
    pub fn check_free(&self, within: Duration) -> Result<(), PlatformError> {
        let path = self.data.platform_db();
        connection::check_free(&path, &connection::open(&path)?, within)
    }

    /// A folder for what lives as long as a run, elsewhere when nothing can be written under the data directory.
    pub fn scratch(&self) -> PathBuf {
        // Where neither can be written, whoever makes a file there says so.
        self.replicas.scratch().unwrap_or_else(|_| self.data.scratch())
    }

    /// Where its files lie.
    pub const fn data(&self) -> &DataDir {
        &self.data
    }

    /// The environment that it was opened for.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// Opens a tenant's rows for one run.
    ///
    /// # Errors
    /// `not-found` when the tenant has no file, `unavailable` when it needs a migration, `internal` when it is damaged.
    pub fn open_tenant(&self, tenant: &Tenant, access: Access) -> Result<Database, CommandError> {
        let path = self.tenant_file(tenant.id)?;
        let durability = match self.overlay {
            Some(_) => Durability::Discarded,
            None if replicas::way_of(&self.data.tenant_db(tenant.id)) == Way::Write => Durability::Kept,
            None => Durability::Denied,
        };
        Database::open(&path, tenant, access, durability)
    }

    /// Whether a tenant's file is there, undamaged at its head, and of this program's schema: cheaper than opening it.
    ///
    /// # Errors
    /// What is wrong with it, with the exit code of a damaged or outdated file.
    pub fn check_tenant(&self, tenant: &Tenant) -> Result<(), PlatformError> {
        let path = self.data.tenant_db(tenant.id);
        let version = connection::version_of_file(&path)?;
        migrations::check_version(&path, version, schema::version(schema::TENANT))
    }

    /// Opens a tenant's file and reads the ends of each of its tables, without changing it.
    pub(crate) fn read_once(&self, tenant: &Tenant) -> Result<(), PlatformError> {
        let path = self.data.tenant_db(tenant.id);
        connection::version_of_file(&path)?;
        connection::read_ends(&path, &connection::open(&self.replicas.readable(&path)?.file)?)
    }

    /// The same for `platform.db`.
    pub(crate) fn read_main_once(&self) -> Result<(), PlatformError> {
        let path = self.data.platform_db();
        connection::read_ends(&path, &connection::open(&self.replicas.readable(&path)?.file)?)
    }

    /// The tenant's file, or its copy in a dry run.
    pub(crate) fn tenant_file(&self, id: i64) -> Result<PathBuf, CommandError> {
        let real = self.data.tenant_db(id);
        match &self.overlay {
            None if !real.exists() => Ok(real),
            None => self.replicas.readable(&real).map(|readable| readable.file).map_err(|error| error_of_copy(&error)),
            Some(overlay) => overlay.copy_of(&real),
        }
    }

    /// Works on `platform.db`, or on its copy in a dry run.
    fn with_main<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, CommandError>) -> Result<T, CommandError> {
        let mut main = self.main.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match (&mut *main, &self.overlay) {
            (Some(connection), _) => connection,
            (empty, Some(overlay)) => {
                let path = overlay.copy_of(&self.data.platform_db())?;
                let connection = connection::open(&path).map_err(|_| unusable())?;
                connection.pragma_update(None, "synchronous", "OFF").map_err(|error| error_of_host(&error))?;
                empty.insert(connection)
            }
            (_, None) => return Err(unusable()),
        };
        work(connection)
    }

    /// Writes to `platform.db` and brings what was written into the main file, since closing the connection does not:
    /// a process that only reads must not change it.
    fn change_main<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, CommandError>) -> Result<T, CommandError> {
        self.with_main(|main| {
            let done = work(main)?;
            // A reader in another process may hold the log back; the next change brings it in.
            let _ = main.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            Ok(done)
        })
    }
}

fn unusable() -> CommandError {
    CommandError::new(encargo_model::ErrorCode::Internal, "the list of tenants cannot be opened")
}

#[cfg(test)]
mod tests;
