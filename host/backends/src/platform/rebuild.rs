//! Makes a lost `platform.db` again from what the tenants' files say of themselves.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use encargo_model::{Clock, Text, text};
use rusqlite::{Connection, params};

use super::head::{self, Look, log_of};
use super::identity::Identity;
use super::registry::{INSTALLATION, LAST_TENANT, record};
use super::tenant_files::{put_in_place, remove, rename_new, waiting_of};
use super::{connection, migrations};
use crate::data_dir::sync_folder_of;
use crate::{DataDir, PlatformError};

/// What was registered again and what was not.
#[derive(Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// The slugs of the tenants, in their order.
    pub tenants: Vec<String>,
    /// Files that are left out, and why.
    pub left: Vec<(PathBuf, Text)>,
}

/// What a folder of tenants' files says.
#[derive(Default)]
struct Found {
    /// By their slugs.
    tenants: BTreeMap<String, (PathBuf, Identity)>,
    left: Vec<(PathBuf, Text)>,
    /// The highest id that any name has.
    last: i64,
}

pub(super) fn rebuild(data: &DataDir, environment: &str, clock: &dyn Clock) -> Result<Rebuilt, PlatformError> {
    let path = data.platform_db();
    match data.is_made() {
        Ok(true) => return Err(PlatformError::PlatformThere { path }),
        Ok(false) => return Err(PlatformError::NotInitialised { path: data.root().to_owned() }),
        // What has no bytes is in the way.
        Err(PlatformError::PlatformLost { .. }) if path.exists() => {
            fs::remove_file(&path).map_err(|error| PlatformError::io(&path, error))?;
        }
        Err(PlatformError::PlatformLost { .. }) => {}
        Err(error) => return Err(error),
    }
    migrations::make_folders(data)?;
    let found = look_around(data)?;
    let waiting = waiting_of(&path);
    remove(&waiting);
    migrations::migrate_platform(&waiting)?;
    let mut platform = connection::open(&waiting)?;
    fill(&mut platform, environment, &found, clock).map_err(|error| PlatformError::sqlite(&waiting, error))?;
    let checkpoint = platform.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    checkpoint.map_err(|error| PlatformError::sqlite(&waiting, error))?;
    drop(platform);
    // A log without its database would be taken for that of the new one.
    let log = log_of(&path);
    if log.exists() {
        let aside = data.root().join("platform.db-wal.lost");
        rustix::fs::rename(&log, &aside).map_err(|error| PlatformError::io(&log, error.into()))?;
    }
    rename_new(&waiting, &path)
        .and_then(|()| sync_folder_of(&path))
        .map_err(|error| PlatformError::io(&path, error))?;
    remove(&waiting);
    Ok(Rebuilt { tenants: found.tenants.into_keys().collect(), left: found.left })
}

fn fill(platform: &mut Connection, environment: &str, found: &Found, clock: &dyn Clock) -> rusqlite::Result<()> {
    let transaction = platform.transaction()?;
    for (slug, (_, identity)) in &found.tenants {
        record(&transaction, INSTALLATION, &identity.installation)?;
        let sql = "INSERT INTO tenants (id, slug, name, created_at) VALUES (?1, ?2, ?2, ?3)";
        transaction.execute(sql, params![identity.tenant, slug, clock.now().0])?;
    }
    record(&transaction, migrations::ENVIRONMENT, environment)?;
    record(&transaction, LAST_TENANT, &found.last.to_string())?;
    transaction.commit()
}

/// Asks every file of the folder of tenants whose it is.
fn look_around(data: &DataDir) -> Result<Found, PlatformError> {
    let mut found = Found::default();
    let folder = data.root().join("tenants");
    let io = |error| PlatformError::io(&folder, error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).map_err(io)? {
        paths.push(entry.map_err(io)?.path());
    }
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let id = name.split('.').next().and_then(|id| id.parse().ok());
        found.last = found.last.max(id.unwrap_or(0));
        // Logs and files that were being made belong to the databases beside them.
        if name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with(".new") {
            let main = path.with_file_name(name.split(".db").next().map(|id| format!("{id}.db")).unwrap_or_default());
            if !main.exists() && name.ends_with("-wal") {
                found.left.push((
                    path,
                    text!("the database of this log is gone", "la base de datos de este registro ya no está"),
                ));
            }
            continue;
        }
        put_in_place(&path);
        match ask(&path) {
            Ok(Some(identity)) if data.tenant_db(identity.tenant) == path => take(&mut found, path, identity)?,
            Ok(Some(identity)) => {
                let why = text!(
                    "it is that of `{}` (tenant {})",
                    "es el de `{}` (inquilino {})";
                    identity.slug, identity.tenant
                );
                found.left.push((path, why));
            }
            Ok(None) => found.left.push((path, text!("it does not say whose it is", "no dice de quién es"))),
            Err(error) => found.left.push((path, error.without_names())),
        }
    }
    Ok(found)
}

fn ask(path: &Path) -> Result<Option<Identity>, PlatformError> {
    match head::look(path)? {
        Look::Database(_) => Identity::read(path, &connection::open(path)?),
        Look::Missing | Look::Empty => Ok(None),
    }
}

fn take(found: &mut Found, path: PathBuf, identity: Identity) -> Result<(), PlatformError> {
    let disagreeing = |one: &PathBuf, why| PlatformError::Disagreeing { one: one.clone(), other: path.clone(), why };
    if let Some((one, other)) = found.tenants.values().next()
        && other.installation != identity.installation
    {
        return Err(disagreeing(one, text!("are of two installations", "son de dos instalaciones")));
    }
    if let Some((one, _)) = found.tenants.get(&identity.slug) {
        return Err(disagreeing(
            one,
            text!("both say that they are the same tenant's", "dicen ambos que son del mismo inquilino"),
        ));
    }
    found.tenants.insert(identity.slug.clone(), (path, identity));
    Ok(())
}
