//! Upkeep of how tenants' rows are stored: sizes, statistics, indexes, empty pages and the log of changes.

use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::error::Result;
use crate::maintenance::{Damage, read};
use crate::time::Instant;

/// How a tenant's rows are stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Storage {
    /// The bytes of the storage, without the log of changes.
    pub bytes: u64,
    /// Those of them that hold nothing.
    pub free_bytes: u64,
    /// The bytes of the log of changes.
    pub log_bytes: u64,
    /// The rows of all relations.
    pub rows: u64,
    /// How many indexes there are.
    pub indexes: u64,
    /// How many indexes and relations the database has statistics of.
    pub statistics: u64,
    /// When statistics were last made, where that is known.
    pub analyzed_at: Option<Instant>,
}

/// How a tenant's rows are stored now.
///
/// # Errors
/// `denied` without the permissions `check:space` and `list:tenants`; as `tenants::open`.
pub fn storage(tenant: &str) -> Result<Storage> {
    let mut storage = Storage::default();
    for wit::Measure { name, value } in wit::storage(tenant)? {
        let number = u64::try_from(value).unwrap_or_default();
        match name.as_str() {
            "bytes" => storage.bytes = number,
            "free-bytes" => storage.free_bytes = number,
            "log-bytes" => storage.log_bytes = number,
            "rows" => storage.rows = number,
            "indexes" => storage.indexes = number,
            "statistics" => storage.statistics = number,
            "analyzed-at" => storage.analyzed_at = Some(Instant::from_micros(value)),
            _ => {}
        }
    }
    Ok(storage)
}

/// A quick look at the structure of all that is stored of a tenant, and at its schema.
///
/// # Errors
/// As [`maintenance::check_integrity`](crate::maintenance::check_integrity).
pub fn check_structure(tenant: &str) -> Result<Vec<Damage>> {
    wit::check_structure(tenant).map(read)
}

/// Makes statistics of all relations, or of those alone whose statistics are missing or far off; the statements that did it,
/// or in a dry run would.
///
/// # Errors
/// `denied` without the permissions `optimize:database` and `list:tenants` and outside of system scope; `locked` where
/// another process is writing.
pub fn analyze(tenant: &str, only_stale: bool) -> Result<Vec<String>> {
    wit::analyze(tenant, only_stale)
}

/// Builds all indexes anew, or those alone that are half empty. As [`analyze`] else.
///
/// # Errors
/// As [`analyze`].
pub fn reindex(tenant: &str, only_loose: bool) -> Result<Vec<String>> {
    wit::reindex(tenant, only_loose)
}

/// Writes the storage anew without what is empty. As [`analyze`] else.
///
/// # Errors
/// As [`analyze`]; `unavailable` where the disk has no room for it.
pub fn compact(tenant: &str) -> Result<Vec<String>> {
    wit::compact(tenant)
}

/// Takes the log of changes over into the storage and empties it. As [`analyze`] else.
///
/// # Errors
/// As [`analyze`]; `locked` also where another process is reading.
pub fn flush_log(tenant: &str) -> Result<Vec<String>> {
    wit::flush_log(tenant)
}
