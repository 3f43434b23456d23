//! A new tenant made of another one's rows in a backup: each row is read from the one file and written into the other,
//! with the new tenant's id.

use std::path::{Path, PathBuf};

use encargo_model::{Language, Tenant};
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::media;
use crate::platform::connection;
use crate::{BackendError, Interrupt, Platform, PlatformError, schema};

/// How many rows are written between two looks at the flag.
const LOOK_EVERY: usize = 10_000;

/// What the new tenant is made of.
pub(super) struct Duplicate {
    /// The name of the other one, in the backup.
    pub(super) of: String,
    /// And its id.
    pub(super) id: i64,
    /// The new one's.
    pub(super) name: String,
    pub(super) title: String,
    pub(super) language: Language,
    /// Where the rows were fetched to.
    pub(super) path: PathBuf,
    /// The names of the media that were fetched.
    pub(super) media: Vec<String>,
}

impl Duplicate {
    /// Makes the tenant: its file and its media are there before it stands in the list.
    pub(super) fn make(
        &self,
        platform: &Platform,
        staging: &Path,
        interrupt: &Interrupt,
    ) -> Result<Tenant, BackendError> {
        platform.create_tenant_of(&self.name, &self.title, self.language, |tenant, file| {
            copy_rows(&self.path, file, tenant.id, interrupt).map_err(|error| error.for_command(&self.name))?;
            if interrupt.is_raised() {
                return Err(crate::sqlite::cancelled());
            }
            let Some(folder) = platform.data().named_root("media", tenant) else { return Ok(()) };
            let fetched = staging.join("media").join(self.id.to_string());
            media::put(&fetched, &folder, &self.media).map_err(|error| error.for_command(&self.name))
        })
    }
}

/// Copies all rows of a tenant's file into a new one.
fn copy_rows(from: &Path, to: &Path, tenant: i64, interrupt: &Interrupt) -> Result<(), PlatformError> {
    let source = connection::open(from)?;
    let mut target = connection::open(to)?;
    let failed = |error| PlatformError::sqlite(to, error);
    // Rows come in any order, and what they caused when they were written has its own rows.
    target.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false).map_err(failed)?;
    target.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).map_err(failed)?;
    let all = target.transaction().map_err(failed)?;
    for table in schema::RELATIONS.iter().chain(&["id_blocks"]) {
        copy_table(&source, &all, table, tenant, interrupt).map_err(failed)?;
    }
    all.commit().map_err(failed)?;
    super::shadow::checkpoint(to, &target)?;
    target.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(failed)?;
    target.close().map_err(|(_, error)| failed(error))
}

fn copy_table(
    source: &Connection,
    target: &Connection,
    table: &str,
    tenant: i64,
    interrupt: &Interrupt,
) -> rusqlite::Result<()> {
    let mut rows = source.prepare(&format!("SELECT * FROM \"{table}\""))?;
    let columns: Vec<String> = rows.column_names().iter().map(|&name| name.to_owned()).collect();
    let own = columns.iter().position(|name| name == "tenant_id");
    let names = columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let places = (1..=columns.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let mut insert = target.prepare(&format!("INSERT OR REPLACE INTO \"{table}\" ({names}) VALUES ({places})"))?;
    let (mut rows, mut n) = (rows.query([])?, 0);
    while let Some(row) = rows.next()? {
        let mut values = (0..columns.len()).map(|at| row.get::<_, Value>(at)).collect::<Result<Vec<_>, _>>()?;
        if let Some(own) = own {
            values[own] = Value::Integer(tenant);
        }
        insert.execute(params_from_iter(values))?;
        n += 1;
        if n % LOOK_EVERY == 0 && interrupt.is_raised() {
            return Ok(());
        }
    }
    Ok(())
}
