//! Copies of a tenant's rows that last, and how much of their storage is empty.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use encargo_model::{RunId, Tenant};
use tempfile::NamedTempFile;

use super::overlay::{error_of_copy, snapshot};
use super::tenant_files::TenantFiles;
use super::{Platform, connection};
use crate::data_dir::{make_folder, sync_folder_of};
use crate::held::{make_file, sweep_files};
use crate::{BackendError, PlatformError};

/// How many rows each table of a copied file has.
pub(crate) type Copied = BTreeMap<String, u64>;

impl TenantFiles {
    /// Keeps a copy of a tenant's rows as they are now, whole and on the disk before it has its name, and answers its path
    /// below the data directory. A run has one: where it is there already, it stays. In a dry run none is made.
    ///
    /// # Errors
    /// What is wrong with the file, or that the copy cannot be written; nothing is left of it then.
    pub fn keep_copy(&self, tenant: &Tenant, run: RunId) -> Result<String, BackendError> {
        let copy = self.data().kept_copy(&tenant.slug, run);
        let shown = copy.strip_prefix(self.data().root()).unwrap_or(&copy).display().to_string();
        if self.is_dry() || copy.exists() {
            return Ok(shown);
        }
        let (real, _) = self.to_look_at(tenant)?;
        let keep = || -> Result<(), PlatformError> {
            let of_copy = |error| PlatformError::io(&copy, error);
            let folder = copy.parent().unwrap_or_else(|| self.data().root());
            make_folder(folder).map_err(of_copy)?;
            sweep_files(folder);
            // Held while it is written, so that another run's sweep leaves it alone.
            let making = make_file(folder).map_err(of_copy)?;
            snapshot(&real, making.path())?;
            name(making, &copy).map_err(of_copy)
        };
        keep().map(|()| shown).map_err(error_of_copy)
    }

    /// Copies a tenant's rows as they are now, and counts those of each of its tables.
    ///
    /// # Errors
    /// What is wrong with the file, or that the copy cannot be written; nothing is left of it then.
    pub(crate) fn copy_rows(&self, tenant: &Tenant, copy: &Path) -> Result<Copied, BackendError> {
        let (real, _) = self.to_look_at(tenant)?;
        snapshot(&real, copy).and_then(|()| count(copy)).map_err(error_of_copy)
    }

    /// How many bytes of a tenant's file hold nothing.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn free_bytes(&self, tenant: &Tenant) -> Result<u64, BackendError> {
        let (path, file) = self.to_look_at(tenant)?;
        let pragma = |name: &str| file.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
        let free = pragma("freelist_count").and_then(|pages| Ok(u64::from(pages) * u64::from(pragma("page_size")?)));
        free.map_err(|error| PlatformError::sqlite(&path, error).for_command(&tenant.slug))
    }
}

impl Platform {
    /// Copies who the tenants are and who works with them, as they are now, and counts the rows of each table.
    ///
    /// # Errors
    /// As [`TenantFiles::copy_rows`].
    pub(crate) fn copy_platform(&self, copy: &Path) -> Result<Copied, BackendError> {
        let readable = self.replicas.readable(&self.data.platform_db());
        readable.and_then(|real| snapshot(&real.file, copy)).and_then(|()| count(copy)).map_err(error_of_copy)
    }
}

impl Platform {
    /// Copies the engine store as it is now.
    ///
    /// # Errors
    /// `unavailable` where it is lost; that the copy cannot be written, and nothing is left of it then.
    pub(crate) fn copy_engine_store(&self, copy: &Path) -> Result<(), BackendError> {
        let store = self.data.engine_db();
        let copied = self.data.check_engine_store().and_then(|()| self.replicas.readable(&store));
        copied.and_then(|real| snapshot(&real.file, copy)).map_err(error_of_copy)
    }
}

/// How many rows each table of a file has.
pub(crate) fn count(copy: &Path) -> Result<Copied, PlatformError> {
    let copied = connection::open(copy)?;
    let count = || -> rusqlite::Result<Copied> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let mut tables = copied.prepare(sql)?;
        let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let rows = |table: &String| {
            copied.query_row(&format!("SELECT count(*) FROM \"{table}\""), [], |row| row.get::<_, i64>(0))
        };
        tables.iter().map(|table| Ok((table.clone(), rows(table)?.unsigned_abs()))).collect()
    };
    count().map_err(|error| PlatformError::sqlite(copy, error))
}

/// Gives a finished copy its name, once it is on the disk.
fn name(making: NamedTempFile, copy: &Path) -> io::Result<()> {
    making.as_file().sync_all()?;
    making.persist_noclobber(copy)?;
    sync_folder_of(copy)
}

#[cfg(test)]
mod tests {
    use encargo_model::{Language, RunId};
    use rusqlite::Connection;
    use tempfile::TempDir;

    use crate::platform::tests::{log, migrated, open};

    #[test]
    fn a_run_keeps_one_copy_of_what_the_rows_were() {
        let folder = TempDir::new().unwrap();
        let platform = migrated(&folder);
        let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
        log(&open(&platform, "acme"), 1);
        let kept = platform.files().keep_copy(&acme, RunId(7)).unwrap();
        log(&open(&platform, "acme"), 2);
        assert_eq!(platform.files().keep_copy(&acme, RunId(7)).unwrap(), kept);
        let folder = platform.data().root().join("backups/copies");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1, "nothing else is left");
        let copy = Connection::open(platform.data().root().join(&kept)).unwrap();
        let count = |sql| copy.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("SELECT count(*) FROM logs"), 1);
        let dry = platform.dry_run(&platform.data().scratch().join("dry"));
        let would = dry.files().keep_copy(&acme, RunId(8)).unwrap();
        assert!(would != kept && !platform.data().root().join(would).exists());
    }

    #[test]
    fn runs_that_keep_copies_at_once_leave_each_others_alone() {
        let folder = TempDir::new().unwrap();
        let platform = migrated(&folder);
        let tenants = ["acme", "beta"].map(|slug| platform.create_tenant(slug, slug, Language::En).unwrap());
        std::thread::scope(|scope| {
            for (tenant, platform) in tenants.iter().map(|tenant| (tenant, &platform)) {
                scope.spawn(move || {
                    for run in 1..20 {
                        let kept = platform.files().keep_copy(tenant, RunId(run)).unwrap();
                        assert!(platform.data().root().join(kept).exists());
                    }
                });
            }
        });
        assert_eq!(std::fs::read_dir(platform.data().root().join("backups/copies")).unwrap().count(), 38);
    }

    #[test]
    fn what_was_deleted_leaves_bytes_that_are_free() {
        let folder = TempDir::new().unwrap();
        let platform = migrated(&folder);
        let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
        let rows = open(&platform, "acme");
        for id in 1..200 {
            log(&rows, id);
        }
        let before = platform.files().free_bytes(&acme).unwrap();
        rows.execute("UPDATE logs SET message = $1", &[encargo_model::Value::Text("x".repeat(10_000))]).unwrap();
        rows.execute("DELETE FROM logs", &[]).unwrap();
        assert!(platform.files().free_bytes(&acme).unwrap() > before + 1_000_000);
    }
}
