//! Brings every file to this program's schema.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::connection;
use crate::data_dir::{make_file, make_folder};
use crate::{DataDir, PlatformError, schema};

/// The name under which the environment of the first migrate is recorded.
pub(super) const ENVIRONMENT: &str = "environment";
/// The name under which stands which version all tenants' files have, so that opening the platform opens none of them.
pub(super) const TENANT_SCHEMA: &str = "tenant_schema";

/// A file that a migration brings from one version to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// `platform`, or the tenant's slug.
    pub database: String,
    /// The version it has; 0 when it is to be made.
    pub from: u32,
    /// The version it gets.
    pub to: u32,
}

pub(super) fn check_version(path: &Path, found: u32, known: u32) -> Result<(), PlatformError> {
    let path = path.to_owned();
    match found {
        _ if found == known => Ok(()),
        _ if found < known => Err(PlatformError::NeedsMigrate { path, from: found, to: known }),
        _ => Err(PlatformError::TooNew { path, found, known }),
    }
}

pub(super) fn plan(data: &DataDir) -> Result<Vec<Pending>, PlatformError> {
    let path = data.platform_db();
    let to = schema::version(schema::PLATFORM);
    let pending = |database: &str, from, to| Pending { database: database.to_owned(), from, to };
    if !path.exists() {
        return Ok(vec![pending("platform", 0, to)]);
    }
    let platform = connection::open(&path)?;
    let from = connection::version(&path, &platform)?;
    check_known(&path, from, to)?;
    let mut plan: Vec<_> = (from < to).then(|| pending("platform", from, to)).into_iter().collect();
    let to = schema::version(schema::TENANT);
    for (slug, file) in tenants(data, &path, &platform)? {
        let from = version_in(&file)?;
        check_known(&file, from, to)?;
        if from < to {
            plan.push(pending(&slug, from, to));
        }
    }
    Ok(plan)
}

pub(super) fn migrate(data: &DataDir, environment: &str) -> Result<Vec<Pending>, PlatformError> {
    for folder in [data.root().to_owned()].into_iter().chain(data.folders()) {
        make_folder(&folder).map_err(|error| PlatformError::io(&folder, error))?;
    }
    connection::check_writable(data.root())?;
    let path = data.platform_db();
    let mut done: Vec<_> = migrate_file(&path, "platform", schema::PLATFORM, "")?.into_iter().collect();
    let platform = connection::open(&path)?;
    record_environment(&platform, environment, &path)?;

    let mut quarantined = Vec::new();
    for (slug, file) in tenants(data, &path, &platform)? {
        match migrate_file(&file, &slug, schema::TENANT, &id_of(&file)) {
            Ok(pending) => done.extend(pending),
            Err(why) => quarantined.push((slug, Box::new(why))),
        }
    }
    // Recorded also when some failed: these answer for themselves when they are opened, and the others can be used.
    record(&platform, TENANT_SCHEMA, &schema::version(schema::TENANT).to_string(), &path)?;
    let _ = platform.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    if quarantined.is_empty() { Ok(done) } else { Err(PlatformError::Quarantined { tenants: quarantined, done }) }
}

/// Makes one file or brings it up to date; `None` when there was nothing to do. Each version is one transaction, so a
/// break in between is taken up again.
pub(super) fn migrate_file(
    path: &Path,
    database: &str,
    migrations: &[&str],
    tenant_id: &str,
) -> Result<Option<Pending>, PlatformError> {
    let to = schema::version(migrations);
    make_file(path).map_err(|error| PlatformError::io(path, error))?;
    let from = version_in(path)?;
    check_known(path, from, to)?;
    if from == to {
        return Ok(None);
    }
    let mut connection = connection::open(path)?;
    let sqlite = |error| PlatformError::sqlite(path, error);
    if from == 0 {
        // The page size holds only when it is set before the first table and before the journal mode.
        connection.execute_batch("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL").map_err(sqlite)?;
    }
    for (migration, version) in migrations.iter().zip(1_u32..) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
        let found: u32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(sqlite)?;
        if found < version {
            transaction.execute_batch(&migration.replace("{tenant_id}", tenant_id)).map_err(sqlite)?;
            transaction.pragma_update(None, "user_version", version).map_err(sqlite)?;
        }
        transaction.commit().map_err(sqlite)?;
    }
    // The log's files go with this connection, so that a new file stands alone.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(sqlite)?;
    connection.close().map_err(|(_, error)| sqlite(error))?;
    Ok(Some(Pending { database: database.to_owned(), from, to }))
}

/// The version of a file, from its header where that says enough: it is behind only when a migration was cut off.
fn version_in(path: &Path) -> Result<u32, PlatformError> {
    if !path.exists() {
        return Ok(0);
    }
    connection::version_of_file(path)?;
    connection::version(path, &connection::open(path)?)
}

fn check_known(path: &Path, found: u32, known: u32) -> Result<(), PlatformError> {
    if found > known { Err(PlatformError::TooNew { path: path.to_owned(), found, known }) } else { Ok(()) }
}

fn tenants(data: &DataDir, path: &Path, platform: &Connection) -> Result<Vec<(String, PathBuf)>, PlatformError> {
    let list = || -> rusqlite::Result<Vec<(String, i64)>> {
        let mut statement = platform.prepare("SELECT slug, id FROM tenants ORDER BY slug")?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let known: bool = platform
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'tenants'", [], |row| row.get(0))
        .map_err(|error| PlatformError::sqlite(path, error))?;
    if !known {
        return Ok(Vec::new());
    }
    let list = list().map_err(|error| PlatformError::sqlite(path, error))?;
    Ok(list.into_iter().map(|(slug, id)| (slug, data.tenant_db(id))).collect())
}

fn id_of(file: &Path) -> String {
    file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn record_environment(platform: &Connection, environment: &str, path: &Path) -> Result<(), PlatformError> {
    let recorded: Option<String> = platform
        .query_row("SELECT value FROM installation WHERE name = ?1", [ENVIRONMENT], |row| row.get(0))
        .optional()
        .map_err(|error| PlatformError::sqlite(path, error))?;
    match recorded {
        Some(recorded) if recorded == environment => Ok(()),
        Some(recorded) => Err(PlatformError::EnvironmentMismatch { recorded, given: environment.to_owned() }),
        None => record(platform, ENVIRONMENT, environment, path),
    }
}

fn record(platform: &Connection, name: &str, value: &str, path: &Path) -> Result<(), PlatformError> {
    let sql = "INSERT INTO installation (name, value) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value";
    platform.execute(sql, params![name, value]).map_err(|error| PlatformError::sqlite(path, error))?;
    Ok(())
}
