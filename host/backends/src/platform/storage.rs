//! How a tenant's rows are stored: sizes, what is empty, what the log has, and which statistics there are.

use std::fs;
use std::path::Path;

use encargo_model::{Damage, Tenant, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::integrity;
use super::tenant_files::{TenantFiles, log_of};
use super::upkeep::{damage_is_told, failed};
use crate::sqlite::{Keeping, Work};
use crate::{BackendError, PlatformError};

/// A number that is known of something, by its word in the contract.
pub type Measures = Vec<(&'static str, i64)>;

impl TenantFiles {
    /// How a tenant's rows are stored now.
    ///
    /// # Errors
    /// What is wrong with the file; `cancelled`.
    pub fn storage(&self, tenant: &Tenant, work: Work<'_>) -> Result<Measures, BackendError> {
        let (path, file) = self.to_watch(tenant, work)?;
        measure(&path, &file).map_err(|error| failed(&file, &path, tenant, error))
    }

    /// A quick look at what is stored of a tenant and at its schema.
    ///
    /// # Errors
    /// What is wrong with a file that cannot be opened; `cancelled`.
    pub fn structure(&self, tenant: &Tenant, now: Timestamp, work: Work<'_>) -> Result<Vec<Damage>, BackendError> {
        let (path, file) = self.to_watch(tenant, work)?;
        integrity::look_quickly(&file, tenant.id, now).map_err(|error| failed(&file, &path, tenant, error))
    }

    /// A tenant's file, opened for a look that ends with the run.
    pub(super) fn to_watch(
        &self,
        tenant: &Tenant,
        work: Work<'_>,
    ) -> Result<(std::path::PathBuf, Keeping), BackendError> {
        let (path, file) = self.to_look_at(tenant).map_err(damage_is_told)?;
        let watched = Keeping::new(file, &path, work);
        watched
            .map(|file| (path.clone(), file))
            .map_err(|error| PlatformError::sqlite(&path, error).for_command(&tenant.slug))
    }
}

fn measure(path: &Path, file: &Connection) -> rusqlite::Result<Measures> {
    let pragma = |name: &str| file.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let page = pragma("page_size")?;
    let mut rows = 0;
    for relation in relations(file)? {
        rows += count(file, &relation)?;
    }
    let log_bytes = fs::metadata(log_of(path)).map_or(0, |log| log.len());
    Ok(vec![
        ("bytes", pragma("page_count")? * page),
        ("free-bytes", pragma("freelist_count")? * page),
        ("log-bytes", i64::try_from(log_bytes).unwrap_or(i64::MAX)),
        ("rows", rows),
        ("indexes", i64::try_from(indexes(file)?.len()).unwrap_or(i64::MAX)),
        ("statistics", if has_statistics(file)? { one(file, "SELECT count(*) FROM sqlite_stat1")? } else { 0 }),
    ])
}

fn one(file: &Connection, sql: &str) -> rusqlite::Result<i64> {
    file.query_row(sql, [], |row| row.get(0))
}

/// The names of all relations, in their order.
pub(super) fn relations(file: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    file.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// The names of all indexes with their relations, in their order.
pub(super) fn indexes(file: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let sql = "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' ORDER BY tbl_name, name";
    file.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

pub(super) fn count(file: &Connection, relation: &str) -> rusqlite::Result<i64> {
    one(file, &format!("SELECT count(*) FROM {}", quoted(relation)))
}

pub(super) fn has_statistics(file: &Connection) -> rusqlite::Result<bool> {
    let known = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'";
    file.query_row(known, [], |_| Ok(())).optional().map(|known| known.is_some())
}

/// A name as SQL has it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
