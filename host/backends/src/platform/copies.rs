//! Copies of databases as they are at one moment, and how much of the storage of rows is empty.

use std::collections::BTreeMap;
use std::path::Path;

use encargo_model::Tenant;

use super::overlay::{error_of_copy, snapshot};
use super::tenant_files::TenantFiles;
use super::{Platform, connection, storage};
use crate::{BackendError, PlatformError};

/// How many rows each table of a copied file has.
pub(crate) type Copied = BTreeMap<String, u64>;

impl TenantFiles {
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
        let rows = |relation: String| {
            let rows = storage::count(&copied, &relation)?;
            Ok((relation, rows.unsigned_abs()))
        };
        storage::relations(&copied)?.into_iter().map(rows).collect()
    };
    count().map_err(|error| PlatformError::sqlite(copy, error))
}

#[cfg(test)]
mod tests {
    use encargo_model::Language;
    use tempfile::TempDir;

    use crate::platform::tests::{log, migrated, open};

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
