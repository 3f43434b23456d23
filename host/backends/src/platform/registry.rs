//! `platform.db`: who the tenants are, who works with them, and what this installation is.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use encargo_model::{Clock, ErrorCode, text};
use rusqlite::{Connection, OptionalExtension, params};

use super::overlay::Overlay;
use super::{connection, migrations};
use crate::sqlite::error_of_host;
use crate::{BackendError, DataDir, PlatformError, Replicas, schema};

/// The name under which this installation's id stands.
pub(super) const INSTALLATION: &str = "id";
/// The name under which the mark of this installation's engine store stands, once there was one.
pub(crate) const ENGINE_STORE: &str = "engine_store";
/// The name under which the highest id of a tenant stands that was ever given.
pub(crate) const LAST_TENANT: &str = "last_tenant";

/// Who the tenants are and who works with them.
pub struct Registry {
    place: PathBuf,
    installation: String,
    /// Opened at its first use in a dry run.
    connection: Mutex<Option<Connection>>,
    /// Where the copies of a dry run lie.
    overlay: Option<Arc<Overlay>>,
    pub(super) clock: Arc<dyn Clock>,
    replicas: Arc<Replicas>,
}

impl Registry {
    /// Opens `platform.db`.
    pub(super) fn open(
        data: &DataDir,
        environment: &str,
        clock: Arc<dyn Clock>,
        replicas: Arc<Replicas>,
    ) -> Result<Self, PlatformError> {
        let place = data.platform_db();
        if !data.is_made()? {
            return Err(PlatformError::NotInitialised { path: data.root().to_owned() });
        }
        super::head::look(&place)?;
        let main = connection::open(&replicas.readable(&place)?.file)?;
        connection::deny_writes(&place, &main)?;
        migrations::check_version(&place, connection::version(&place, &main)?, schema::version(schema::PLATFORM))?;
        let recorded = |name| recorded(&main, name).map_err(|error| PlatformError::sqlite(&place, error));
        let tenants_at = recorded(migrations::TENANT_SCHEMA)?.and_then(|text| text.parse().ok()).unwrap_or(0);
        migrations::check_version(&place, tenants_at, schema::version(schema::TENANT))?;
        match recorded(migrations::ENVIRONMENT)? {
            Some(recorded) if recorded != environment => {
                return Err(PlatformError::EnvironmentMismatch { recorded, given: environment.to_owned() });
            }
            _ => {}
        }
        let installation = recorded(INSTALLATION)?.ok_or_else(|| PlatformError::Corrupt { path: place.clone() })?;
        Ok(Self { place, installation, connection: Mutex::new(Some(main)), overlay: None, clock, replicas })
    }

    /// The same on a copy.
    pub(super) fn dry_run(&self, overlay: Arc<Overlay>) -> Self {
        Self {
            place: self.place.clone(),
            installation: self.installation.clone(),
            connection: Mutex::new(None),
            overlay: Some(overlay),
            clock: Arc::clone(&self.clock),
            replicas: Arc::clone(&self.replicas),
        }
    }

    /// Reads the ends of each table of `platform.db`, without changing it.
    pub(crate) fn read_once(&self) -> Result<(), PlatformError> {
        connection::read_ends(&self.place, &connection::open(&self.replicas.readable(&self.place)?.file)?)
    }

    /// This installation's id: 32 hexadecimal digits, for as long as it lives.
    pub fn installation(&self) -> &str {
        &self.installation
    }

    /// The mark of this installation's engine store; nothing while there was never one.
    ///
    /// # Errors
    /// When `platform.db` cannot be read.
    pub fn engine_store(&self) -> Result<Option<u32>, BackendError> {
        self.read(|main| {
            let mark = recorded(main, ENGINE_STORE).map_err(|error| error_of_host(&error))?;
            Ok(mark.and_then(|mark| mark.parse().ok()))
        })
    }

    /// Remembers that there is an engine store, by its mark, or by a new one; the mark.
    ///
    /// # Errors
    /// When `platform.db` cannot be written.
    pub fn remember_engine_store(&self, mark: Option<u32>) -> Result<u32, BackendError> {
        self.change(|main| {
            let sql = "INSERT INTO installation (name, value)
                       VALUES (?1, coalesce(?2, abs(random() % 2147483646) + 1))
                       ON CONFLICT (name) DO UPDATE SET value = value RETURNING CAST(value AS INTEGER)";
            main.query_row(sql, params![ENGINE_STORE, mark], |row| row.get(0)).map_err(|error| error_of_host(&error))
        })
    }

    /// Works on `platform.db`, or on its copy in a dry run.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, BackendError>,
    ) -> Result<T, BackendError> {
        let mut main = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match (&mut *main, &self.overlay) {
            (Some(connection), _) => connection,
            (empty, Some(overlay)) => {
                let path = overlay.copy_of(&self.place)?;
                let connection = connection::open(&path).map_err(|why| unusable().because(why))?;
                connection.pragma_update(None, "synchronous", "OFF").map_err(|error| error_of_host(&error))?;
                empty.insert(connection)
            }
            (_, None) => return Err(unusable()),
        };
        work(connection)
    }

    /// Writes to `platform.db` and brings what was written into the main file, since closing the connection does not:
    /// a process that only reads must not change it.
    pub(super) fn change<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, BackendError>,
    ) -> Result<T, BackendError> {
        self.read(|main| {
            let done = work(main)?;
            // A reader in another process may hold the log back; the next change brings it in.
            let _ = main.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            Ok(done)
        })
    }
}

/// What stands under a name about this installation.
pub(crate) fn recorded(main: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    main.query_row("SELECT value FROM installation WHERE name = ?1", [name], |row| row.get(0)).optional()
}

/// Writes what stands under a name about this installation.
pub(crate) fn record(main: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO installation (name, value) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value";
    main.execute(sql, params![name, value]).map(drop)
}

pub(super) fn unusable() -> BackendError {
    BackendError::new(
        ErrorCode::Internal,
        text!("the list of tenants cannot be opened", "no se puede abrir la lista de inquilinos"),
    )
}
