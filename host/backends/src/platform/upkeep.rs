//! Puts a tenant's file in order: statistics, indexes, empty pages and the log. Each statement is a transaction of SQLite's
//! own, so whatever ends the work leaves the file whole.

use std::path::{Path, PathBuf};

use encargo_model::{ErrorCode, Exit, Tenant, text};
use rusqlite::Connection;

use super::connection;
use super::storage::{count, has_statistics, indexes, quoted, relations};
use super::tenant_files::TenantFiles;
use crate::data_dir::lack_of;
use crate::sqlite::{Keeping, Work, cancelled};
use crate::{BackendError, PlatformError, replicas};

/// Statistics are stale where a relation has so many times more or fewer rows than they say, as in SQLite's own
/// `PRAGMA optimize`.
const FAR_OFF: i64 = 10;
/// An index is loose from so many percent of emptiness on. Keys that come in no order leave a third of each page empty, so
/// an index with that is as it will soon be again.
const LOOSE_PERCENT: i64 = 45;
/// A smaller index is read as fast loose as dense.
const LEAST_PAGES: i64 = 16;

impl TenantFiles {
    /// Makes statistics, of all relations or of those that need it; the statements.
    ///
    /// # Errors
    /// `locked` where another process is writing, `cancelled`, and what is wrong with the file.
    pub fn analyze(&self, tenant: &Tenant, only_stale: bool, work: Work<'_>) -> Result<Vec<String>, BackendError> {
        self.keep_up(tenant, work, |file| {
            let found = if only_stale { stale(file)? } else { relations(file)? };
            Ok(found.iter().map(|relation| format!("ANALYZE {}", quoted(relation))).collect())
        })
    }

    /// Builds indexes anew, all or those that are half empty; the statements.
    ///
    /// # Errors
    /// As [`TenantFiles::analyze`].
    pub fn reindex(&self, tenant: &Tenant, only_loose: bool, work: Work<'_>) -> Result<Vec<String>, BackendError> {
        self.keep_up(tenant, work, |file| {
            let mut found: Vec<String> = indexes(file)?.into_iter().map(|(index, _)| index).collect();
            if only_loose {
                let loose = loose(file)?;
                found.retain(|index| loose.contains(index));
            }
            Ok(found.iter().map(|index| format!("REINDEX {}", quoted(index))).collect())
        })
    }

    /// Writes the file anew without its empty pages; the statement.
    ///
    /// # Errors
    /// As [`TenantFiles::analyze`]; `unavailable` where the disk has no room for it.
    pub fn compact(&self, tenant: &Tenant, work: Work<'_>) -> Result<Vec<String>, BackendError> {
        let path = self.data().tenant_db(tenant.id);
        let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
        // Once as a temporary file, and once as the log.
        if let Some(lack) = lack_of(&path, bytes.saturating_mul(2)).filter(|_| !self.is_dry()) {
            let error = PlatformError::DiskFull { path, lack };
            return Err(error.for_command(&tenant.slug));
        }
        self.keep_up(tenant, work, |_| Ok(vec!["VACUUM".to_owned()]))
    }

    /// Takes the log over into the file and empties it; the statement.
    ///
    /// # Errors
    /// As [`TenantFiles::analyze`]; `locked` also where another process reads for so long.
    pub fn flush_log(&self, tenant: &Tenant, work: Work<'_>) -> Result<Vec<String>, BackendError> {
        const SQL: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
        if !self.is_dry() {
            let (path, file) = self.to_work_on(tenant, work)?;
            let is_busy = file.query_row(SQL, [], |row| row.get::<_, bool>(0));
            match is_busy {
                Ok(true) if file.is_over() => return Err(cancelled()),
                Ok(true) => return Err(locked(tenant)),
                Ok(false) => {}
                Err(error) => return Err(failed(&file, &path, tenant, error)),
            }
        }
        Ok(vec![SQL.to_owned()])
    }

    /// Runs the statements that a look at the file asks for, and answers them; in a dry run none is run.
    fn keep_up(
        &self,
        tenant: &Tenant,
        work: Work<'_>,
        plan: impl FnOnce(&Connection) -> rusqlite::Result<Vec<String>>,
    ) -> Result<Vec<String>, BackendError> {
        if self.is_dry() {
            let (path, file) = self.to_watch(tenant, work)?;
            return plan(&file).map_err(|error| failed(&file, &path, tenant, error));
        }
        let (path, file) = self.to_work_on(tenant, work)?;
        let done = plan(&file).and_then(|statements| {
            statements.iter().try_for_each(|statement| file.execute_batch(statement))?;
            Ok(statements)
        });
        done.map_err(|error| failed(&file, &path, tenant, error))
    }

    /// A tenant's file, opened for the host's own work on it.
    fn to_work_on(&self, tenant: &Tenant, work: Work<'_>) -> Result<(PathBuf, Keeping), BackendError> {
        let path = self.data().tenant_db(tenant.id);
        let open = || {
            self.check(tenant)?;
            replicas::check_writable(&path)?;
            let file = connection::open(&path)?;
            Keeping::new(file, &path, work).map_err(|error| PlatformError::sqlite(&path, error))
        };
        open().map(|file| (path.clone(), file)).map_err(|why| of_file(why, tenant))
    }
}

/// Relations whose statistics are missing or far off. One without rows needs none.
fn stale(file: &Connection) -> rusqlite::Result<Vec<String>> {
    let has_any = has_statistics(file)?;
    let mut found = Vec::new();
    for relation in relations(file)? {
        let rows = count(file, &relation)?;
        if rows > 0 && (!has_any || is_stale(file, &relation, rows)?) {
            found.push(relation);
        }
    }
    Ok(found)
}

fn is_stale(file: &Connection, relation: &str, rows: i64) -> rusqlite::Result<bool> {
    let known = "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = ?1";
    let Some(known) = file.query_row(known, [relation], |row| row.get::<_, Option<i64>>(0))? else { return Ok(true) };
    let lacking = "SELECT count(*) FROM sqlite_schema AS i WHERE i.type = 'index' AND i.tbl_name = ?1
        AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 AS s WHERE s.tbl = ?1 AND s.idx = i.name)";
    let lacking: i64 = file.query_row(lacking, [relation], |row| row.get(0))?;
    Ok(lacking > 0 || rows >= known.saturating_mul(FAR_OFF) || rows.saturating_mul(FAR_OFF) <= known)
}

/// Indexes that are half empty.
fn loose(file: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM dbstat WHERE aggregate = TRUE AND pageno >= ?1 AND unused * 100 >= pgsize * ?2
        AND name IN (SELECT name FROM sqlite_schema WHERE type = 'index')";
    file.prepare(sql)?.query_map([LEAST_PAGES, LOOSE_PERCENT], |row| row.get(0))?.collect()
}

/// Why work on a tenant's file did not come to its end.
pub(super) fn failed(file: &Keeping, path: &Path, tenant: &Tenant, error: rusqlite::Error) -> BackendError {
    if file.is_over() {
        return cancelled();
    }
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) && file.was_disk_refused() {
        let message = text!(
            "the temporary files of this work on `{}` would be larger than the limit `temporary_bytes`",
            "los archivos temporales de este trabajo en `{}` serían mayores que el límite `temporary_bytes`";
            tenant.slug
        );
        return BackendError::new(ErrorCode::TooLarge, message).because(error);
    }
    of_file(PlatformError::sqlite(path, error), tenant)
}

/// What a command is told of a file: whether it is held, or damaged, or else.
pub(super) fn of_file(why: PlatformError, tenant: &Tenant) -> BackendError {
    let exit = why.exit();
    if exit == Exit::LockHeld {
        return locked(tenant).because(why);
    }
    let mut told = why.for_command(&tenant.slug);
    if exit == Exit::Verification {
        told.code = ErrorCode::VerificationFailed;
    }
    told
}

/// A file that cannot be opened for its damage is not as it should be, which is not the host's fault.
pub(super) fn damage_is_told(mut error: BackendError) -> BackendError {
    if error.code == ErrorCode::Internal {
        error.code = ErrorCode::VerificationFailed;
    }
    error
}

fn locked(tenant: &Tenant) -> BackendError {
    let message = text!(
        "another process is using the rows of `{}` and did not let go of them in five seconds",
        "otro proceso está usando las filas de `{}` y no las soltó en cinco segundos";
        tenant.slug
    );
    BackendError::retryable(ErrorCode::Locked, message)
}
