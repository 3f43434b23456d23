//! Upkeep of how tenants' rows are stored: sizes, statistics, indexes, empty pages and the log of changes.

use crate::Choice;
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

/// A run that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRun {
    /// Its id.
    pub id: String,
    /// The command that was run.
    pub command: String,
    /// How it ended, a code.
    pub status: String,
    /// When it began.
    pub started_at: Instant,
    /// How long it took, in microseconds.
    pub took_us: u64,
}

/// The runs inside a tenant that began from a time on until before another and took longest, the longest first. Dry runs
/// are left out.
///
/// # Errors
/// As [`slow_statements`].
pub fn slow_runs(tenant: &str, since: Instant, until: Instant, most: u32) -> Result<Vec<PastRun>> {
    let one = |wit::PastRun { id, command, status, started_at, took_us }| PastRun {
        id,
        command,
        status,
        started_at: Instant::from_micros(started_at),
        took_us,
    };
    Ok(wit::slow_runs(tenant, since.micros(), until.micros(), most)?.into_iter().map(one).collect())
}

/// What a statement of commands took in a tenant's rows, in all runs that are remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// What it is known by.
    pub id: String,
    /// The statement, without its values.
    pub text: String,
    /// The command that ran it last.
    pub command: String,
    /// How it would be run now, a line for each step; empty where that cannot be told.
    pub plan: Vec<String>,
    /// How often it was run.
    pub calls: u64,
    /// How many rows it read or changed.
    pub rows: u64,
    /// How long it worked in the database, in microseconds.
    pub total_us: u64,
    /// The mean of a call.
    pub mean_us: u64,
    /// What 95 of 100 calls stayed below.
    pub p95_us: u64,
    /// The longest call.
    pub longest_us: u64,
}

/// The statements that took most in a tenant's rows, those that took most in all first.
///
/// # Errors
/// `denied` without the permission `check:statements`, and without `list:tenants` but for the tenant that the run is in.
pub fn slow_statements(tenant: &str, most: u32) -> Result<Vec<Statement>> {
    let one = |wit::Statement { id, text, command, plan, measures }| {
        let mut statement = Statement { id, text, command, plan, ..Statement::default() };
        for wit::Measure { name, value } in measures {
            let number = u64::try_from(value).unwrap_or_default();
            match name.as_str() {
                "calls" => statement.calls = number,
                "rows" => statement.rows = number,
                "total-us" => statement.total_us = number,
                "mean-us" => statement.mean_us = number,
                "p95-us" => statement.p95_us = number,
                "longest-us" => statement.longest_us = number,
                _ => {}
            }
        }
        statement
    };
    Ok(wit::slow_statements(tenant, most)?.into_iter().map(one).collect())
}

/// What an advice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum AdviceKind {
    /// An index that made statements cheaper on a copy of the rows.
    Index,
    /// An index that has the same columns as another one.
    Equal,
    /// An index that another one begins with, which may be kept; also every word that is not known here.
    Covered,
    /// An index that no statement of the last weeks uses.
    Unused,
}

/// Something to do about a tenant's indexes, or to know about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What it is about.
    pub kind: AdviceKind,
    /// The relation.
    pub relation: String,
    /// The index.
    pub index: String,
    /// The statement that follows it; empty where there is nothing to do.
    pub statement: String,
    /// One sentence for a person.
    pub detail: String,
    /// The ids of the statements that it helps.
    pub helps: Vec<String>,
    /// Of the statement that it helps most: steps of the database before and with the index.
    pub work: (u64, u64),
    /// The same in nanoseconds.
    pub nanoseconds: (u64, u64),
    /// The bytes of the index.
    pub bytes: u64,
}

/// What to do and to know about a tenant's indexes; an index is advised where it makes a statement so many times cheaper.
///
/// # Errors
/// `denied` without the permissions `check:statements`, `check:space` and `list:tenants`; `too-large` where a copy of the
/// rows would be larger than the run's temporary files may be.
pub fn advise(tenant: &str, least_gain: u32) -> Result<Vec<Advice>> {
    let one = |wit::Advice { kind, relation, index, statement, detail, helps, measures }| {
        let of = |wanted: &str| {
            let found = measures.iter().find(|measure| measure.name == wanted);
            found.map_or(0, |measure| u64::try_from(measure.value).unwrap_or_default())
        };
        Advice {
            kind: AdviceKind::from_word(&kind).unwrap_or(AdviceKind::Covered),
            work: (of("work-before"), of("work-after")),
            nanoseconds: (of("ns-before"), of("ns-after")),
            bytes: of("bytes"),
            relation,
            index,
            statement,
            detail,
            helps,
        }
    };
    Ok(wit::advise(tenant, least_gain)?.into_iter().map(one).collect())
}

pub use wit::Orphan;

/// What processes left behind or hold, but for the run itself.
///
/// # Errors
/// `denied` without the permissions `check:orphans` and `list:tenants` and outside of system scope.
pub fn orphans() -> Result<Vec<Orphan>> {
    wit::orphans()
}

/// Ends an orphan that can be ended; whether it was there still. In a dry run nothing is ended.
///
/// # Errors
/// `denied` without the permission `end:orphans` and outside of system scope, `invalid` for a kind that nothing can end.
pub fn end_orphan(orphan: &Orphan) -> Result<bool> {
    wit::end_orphan(&orphan.kind, &orphan.name)
}
