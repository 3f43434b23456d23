//! A database that was fetched: whole, its own, of this program's schema and undamaged, before it takes any place.

use std::path::Path;
use std::sync::Arc;

use encargo_model::{ErrorCode, Tenant, Timestamp, text};

use super::{Fetched, Restoring};
use crate::backups::Part;
use crate::platform::{Identity, connection, copies, integrity, migrations, tenant_files};
use crate::{BackendError, Interrupt, PlatformError};

impl Restoring {
    /// Fetches a database of the backup under this name, and compares its rows with what the manifest counted.
    pub(super) fn fetch_database(&self, part: &Part, name: &str) -> Result<std::path::PathBuf, BackendError> {
        self.staging.check_room(part.bytes)?;
        let path = self.fetch_file(part, name)?;
        let rows = copies::count(&path).map_err(|error| damaged(&self.stored.id(), &part.path).because(error))?;
        if rows != part.rows {
            return Err(damaged(&self.stored.id(), &part.path));
        }
        Ok(path)
    }

    /// Fetches a tenant's rows and looks through them.
    pub(super) fn fetch_rows(
        &self,
        part: &Part,
        tenant: &Tenant,
    ) -> Result<(std::path::PathBuf, Fetched), BackendError> {
        let path = self.fetch_database(part, &format!("tenants/{}.db", tenant.id))?;
        let identity = Identity::of(&self.stored.manifest().installation, tenant);
        let of_backup = |error: PlatformError| damaged(&self.stored.id(), &part.path).because(error);
        let migrated = migrations::migrate_tenant_file(&path, &identity).map_err(of_backup)?;
        self.check(&path, tenant.id, &part.path)?;
        stand_alone(&path).map_err(of_backup)?;
        let rows = part.rows.values().sum();
        Ok((path, Fetched { files: 1, rows, bytes: part.bytes, migrated_from: migrated.map(|pending| pending.from) }))
    }

    /// Passes a tenant's rows in which nothing is damaged.
    fn check(&self, path: &Path, tenant: i64, part: &str) -> Result<(), BackendError> {
        let damage = look(path, tenant, self.now, &self.interrupt)
            .map_err(|error| damaged(&self.stored.id(), part).because(error))?;
        if self.interrupt.is_raised() {
            return Err(crate::sqlite::cancelled());
        }
        let Some(first) = damage.first() else { return Ok(()) };
        let (id, n) = (self.stored.id(), damage.len());
        let message = text!(
            "`{part}` of the backup {id} was damaged when it was backed up ({n} kinds of damage; `{}`: {detail}); `restic restore` gives the file as it is",
            "`{part}` del respaldo {id} estaba dañado cuando se respaldó ({n} tipos de daño; `{}`: {detail}); `restic restore` da el archivo tal como está",
            detail = first.detail;
            first.subject
        );
        Err(BackendError::new(ErrorCode::VerificationFailed, message))
    }
}

fn look(
    path: &Path,
    tenant: i64,
    now: Timestamp,
    interrupt: &Arc<Interrupt>,
) -> Result<Vec<encargo_model::Damage>, PlatformError> {
    let file = connection::open(path)?;
    integrity::look_until(&file, tenant, now, interrupt).map_err(|error| PlatformError::sqlite(path, error))
}

/// Brings what was written into the file itself.
pub(super) fn checkpoint(path: &Path, file: &rusqlite::Connection) -> Result<(), PlatformError> {
    let checkpoint = file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    match checkpoint.map_err(|error| PlatformError::sqlite(path, error))? {
        0 => Ok(()),
        _ => Err(PlatformError::Busy { path: path.to_owned() }),
    }
}

/// Brings everything into the file itself and takes away what SQLite keeps beside it.
pub(super) fn stand_alone(path: &Path) -> Result<(), PlatformError> {
    let file = connection::open(path)?;
    checkpoint(path, &file)?;
    file.close().map_err(|(_, error)| PlatformError::sqlite(path, error))?;
    tenant_files::remove_beside(path);
    Ok(())
}

pub(super) fn damaged(id: &str, part: &str) -> BackendError {
    let message = text!(
        "`{part}` of the backup {id} is not what its manifest says, and nothing was restored",
        "`{part}` del respaldo {id} no es lo que dice su manifiesto, y no se restauró nada"
    );
    BackendError::new(ErrorCode::VerificationFailed, message)
}
