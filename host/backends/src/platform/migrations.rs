//! Brings every file to this program's schema.

use std::fs::File;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Row, Transaction, TransactionBehavior};

use super::head;
use super::identity::Identity;
use super::registry::{INSTALLATION, record, recorded};
use super::{connection, tenant_files};
use crate::data_dir::{make_file, make_folder};
use crate::{DataDir, PlatformError, schema};

/// The name under which the environment of the first migrate is recorded.
pub(crate) const ENVIRONMENT: &str = "environment";
/// The name under which stands which version all tenants' files have, so that opening the platform opens none of them.
pub(crate) const TENANT_SCHEMA: &str = "tenant_schema";

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
    if !data.is_made()? {
        return Ok(vec![pending("platform", 0, to)]);
    }
    head::look(&path)?;
    let platform = connection::open(&path)?;
    let from = connection::version(&path, &platform)?;
    check_known(&path, from, to)?;
    let mut plan: Vec<_> = (from < to).then(|| pending("platform", from, to)).into_iter().collect();
    let to = schema::version(schema::TENANT);
    for identity in tenants(&path, &platform)? {
        let file = data.tenant_db(identity.tenant);
        let (_, from) = open_tenant_file(&file, &identity)?;
        check_known(&file, from, to)?;
        if from < to {
            plan.push(pending(&identity.slug, from, to));
        }
    }
    Ok(plan)
}

pub(super) fn migrate(data: &DataDir, environment: &str) -> Result<Vec<Pending>, PlatformError> {
    // A lost list of tenants is not made anew.
    data.is_made()?;
    make_folders(data)?;
    let path = data.platform_db();
    let mut done: Vec<_> = migrate_platform_alone(data)?.into_iter().collect();
    let platform = connection::open(&path)?;
    let sqlite = |error| PlatformError::sqlite(&path, error);
    record_environment(&platform, environment, &path)?;

    let mut quarantined = Vec::new();
    for identity in tenants(&path, &platform)? {
        match migrate_tenant_file(&data.tenant_db(identity.tenant), &identity) {
            Ok(pending) => done.extend(pending),
            Err(why) => quarantined.push((identity.slug, Box::new(why))),
        }
    }
    // Recorded also when some failed: these answer for themselves when they are opened, and the others can be used.
    record(&platform, TENANT_SCHEMA, &schema::version(schema::TENANT).to_string()).map_err(sqlite)?;
    let _ = platform.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    if quarantined.is_empty() { Ok(done) } else { Err(PlatformError::Quarantined { tenants: quarantined, done }) }
}

/// Whoever makes the same file at the same time waits: half of its first page looks cut off.
fn migrate_platform_alone(data: &DataDir) -> Result<Option<Pending>, PlatformError> {
    // The root of a scratch installation is held already, by its own process.
    let tenants = data.root().join("tenants");
    let folder = File::open(&tenants).map_err(|error| PlatformError::io(&tenants, error))?;
    // Without locks nobody can wait.
    let _ = folder.lock();
    migrate_platform(&data.platform_db())
}

pub(super) fn make_folders(data: &DataDir) -> Result<(), PlatformError> {
    for folder in [data.root().to_owned()].into_iter().chain(data.folders()) {
        make_folder(&folder).map_err(|error| PlatformError::io(&folder, error))?;
    }
    connection::check_writable(data.root())
}

/// Makes `platform.db` or brings it up to date; nothing when there was nothing to do.
pub(crate) fn migrate_platform(path: &Path) -> Result<Option<Pending>, PlatformError> {
    let to = schema::version(schema::PLATFORM);
    make_file(path).map_err(|error| PlatformError::io(path, error))?;
    head::look(path)?;
    let file = connection::open(path)?;
    let from = connection::version(path, &file)?;
    check_known(path, from, to)?;
    if from == to {
        return Ok(None);
    }
    bring_up(path, file, schema::PLATFORM, from, "", |_, _| Ok(()))?;
    Ok(Some(Pending { database: "platform".to_owned(), from, to }))
}

/// Makes a tenant's file where there is none.
pub(super) fn make_tenant_file(path: &Path, identity: &Identity) -> Result<(), PlatformError> {
    make_file(path).map_err(|error| PlatformError::io(path, error))?;
    bring_up_tenant(path, connection::open(path)?, 0, identity)
}

/// Brings a registered tenant's own file up to date; nothing when there was nothing to do.
pub(crate) fn migrate_tenant_file(path: &Path, identity: &Identity) -> Result<Option<Pending>, PlatformError> {
    let to = schema::version(schema::TENANT);
    let (file, from) = open_tenant_file(path, identity)?;
    check_known(path, from, to)?;
    if from == to {
        return Ok(None);
    }
    bring_up_tenant(path, file, from, identity)?;
    Ok(Some(Pending { database: identity.slug.clone(), from, to }))
}

/// A registered tenant's own file and its version.
fn open_tenant_file(path: &Path, identity: &Identity) -> Result<(Connection, u32), PlatformError> {
    tenant_files::put_in_place(path);
    identity.look(path)?;
    let file = connection::open(path)?;
    let version = identity.check_version(path, &file)?;
    Ok((file, version))
}

fn bring_up_tenant(path: &Path, file: Connection, from: u32, identity: &Identity) -> Result<(), PlatformError> {
    bring_up(path, file, schema::TENANT, from, &identity.tenant.to_string(), |transaction, version| {
        if version == super::identity::SINCE { identity.write(transaction) } else { Ok(()) }
    })
}

/// Runs the migrations that a file lacks. Each version is one transaction, with what `after` adds to it, so a break in
/// between is taken up again.
fn bring_up(
    path: &Path,
    mut file: Connection,
    migrations: &[&str],
    from: u32,
    tenant_id: &str,
    after: impl Fn(&Transaction<'_>, u32) -> rusqlite::Result<()>,
) -> Result<(), PlatformError> {
    let sqlite = |error| PlatformError::sqlite(path, error);
    if from == 0 {
        connection::lay_out(&file).map_err(sqlite)?;
    }
    // A migration may put the text of the schema in other words, which no other statement of the host's may.
    file.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).map_err(sqlite)?;
    for (migration, version) in migrations.iter().zip(1_u32..) {
        let transaction = file.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
        let found: u32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(sqlite)?;
        if found < version {
            transaction.execute_batch(&migration.replace("{tenant_id}", tenant_id)).map_err(sqlite)?;
            after(&transaction, version).map_err(sqlite)?;
            transaction.pragma_update(None, "user_version", version).map_err(sqlite)?;
        }
        transaction.commit().map_err(sqlite)?;
    }
    // The log's files go with this connection, so that a new file stands alone.
    file.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(sqlite)?;
    file.close().map_err(|(_, error)| sqlite(error))
}

fn check_known(path: &Path, found: u32, known: u32) -> Result<(), PlatformError> {
    if found > known { Err(PlatformError::TooNew { path: path.to_owned(), found, known }) } else { Ok(()) }
}

/// Whom the registered tenants' files have to be of, in the order of the slugs.
fn tenants(path: &Path, platform: &Connection) -> Result<Vec<Identity>, PlatformError> {
    let list = || -> rusqlite::Result<Vec<Identity>> {
        let known = "SELECT count(*) FROM sqlite_schema WHERE name = 'tenants'";
        if !platform.query_row(known, [], |row| row.get::<_, bool>(0))? {
            return Ok(Vec::new());
        }
        // One that is still to be migrated has no id, and its tenants' files have none either.
        let installation = recorded(platform, INSTALLATION)?.unwrap_or_default();
        let mut statement = platform.prepare("SELECT id, slug FROM tenants ORDER BY slug")?;
        let identity =
            |row: &Row<'_>| Ok(Identity { installation: installation.clone(), tenant: row.get(0)?, slug: row.get(1)? });
        statement.query_map([], identity)?.collect()
    };
    list().map_err(|error| PlatformError::sqlite(path, error))
}

fn record_environment(platform: &Connection, environment: &str, path: &Path) -> Result<(), PlatformError> {
    match recorded(platform, ENVIRONMENT).map_err(|error| PlatformError::sqlite(path, error))? {
        Some(recorded) if recorded == environment => Ok(()),
        Some(recorded) => Err(PlatformError::EnvironmentMismatch { recorded, given: environment.to_owned() }),
        None => record(platform, ENVIRONMENT, environment).map_err(|error| PlatformError::sqlite(path, error)),
    }
}
