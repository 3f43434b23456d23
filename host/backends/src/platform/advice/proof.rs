//! A copy of a tenant's rows on which indexes are tried: made, looked at, measured, dropped.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use encargo_model::{ErrorCode, LoggedStatement, RunId, Tenant, text};
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, StatementStatus};

use super::{Asked, Try, plans};
use crate::data_dir::lack_of;
use crate::held::HeldFolder;
use crate::platform::overlay::{error_of_copy, snapshot};
use crate::platform::storage::{Measures, count, quoted};
use crate::platform::tenant_files::TenantFiles;
use crate::platform::upkeep::failed;
use crate::sqlite::{Columns, Keeping, Stand, Work, layer, stands};
use crate::{BackendError, PlatformError};

/// How often a statement is timed; the shortest time counts.
const TIMES: u32 = 3;
/// One that took longer is timed no further: its steps are the same each time.
const LONG: u64 = 500_000_000;
/// How many rows a statement is asked for that has a limit.
const LIMIT: i64 = 100;

/// A copy of a tenant's rows, in a folder that goes with it.
pub(super) struct Copy {
    path: PathBuf,
    folder: PathBuf,
    /// None where the folder is a dry run's own, which holds it.
    held: Option<HeldFolder>,
    file: Option<Keeping>,
}

/// An index that made statements cheaper.
pub(super) struct Proved {
    pub(super) relation: String,
    pub(super) columns: Vec<String>,
    pub(super) name: String,
    pub(super) statement: String,
    pub(super) helps: Vec<String>,
    /// How many times less work the statement took that it helps most.
    pub(super) times: u64,
    pub(super) measures: Measures,
}

/// What a statement took on the copy.
#[derive(Debug, Clone, Copy)]
struct Taken {
    /// Steps of SQLite's machine, which are the same each time.
    steps: u64,
    nanoseconds: u64,
}

/// What statements took, by their places.
type Takes = BTreeMap<usize, Taken>;

impl Copy {
    /// Copies the rows as they are now, for trying alone: nothing of it is kept.
    pub(super) fn make(files: &TenantFiles, tenant: &Tenant, run: RunId, work: Work<'_>) -> Result<Self, BackendError> {
        let (real, _) = files.to_watch(tenant, work)?;
        let bytes = fs::metadata(&real).map_or(0, |file| file.len());
        if bytes > work.limits.temporary_bytes {
            let message = text!(
                "a copy of the rows of `{}` to try indexes on would have {bytes} bytes, more than the limit `temporary_bytes`",
                "una copia de las filas de `{}` para probar índices tendría {bytes} bytes, más que el límite `temporary_bytes`";
                tenant.slug
            );
            return Err(BackendError::new(ErrorCode::TooLarge, message));
        }
        let (folder, is_held) = files.to_try_in(run);
        let of_folder = |error| error_of_copy(PlatformError::io(&folder, error));
        let held = (!is_held).then(|| HeldFolder::make(&folder)).transpose().map_err(of_folder)?;
        let path = folder.join(format!("advice-{}.db", tenant.id));
        let mut copy = Self { path, folder, held, file: None };
        // The copy itself, and what the largest index of it takes.
        if let Some(lack) = lack_of(&copy.folder, bytes.saturating_mul(2)) {
            return Err(error_of_copy(PlatformError::DiskFull { path: copy.folder.clone(), lack }));
        }
        snapshot(&real, &copy.path).map_err(error_of_copy)?;
        let opened = copy.open(work).map_err(|error| error_of_copy(PlatformError::sqlite(&copy.path, error)))?;
        copy.file = Some(opened);
        Ok(copy)
    }

    fn open(&self, work: Work<'_>) -> rusqlite::Result<Keeping> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let file = Connection::open_with_flags_and_vfs(&self.path, flags, layer()?)?;
        file.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")?;
        // A statement is measured and not what the schema adds to it.
        file.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        file.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
        file.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        Keeping::new(file, &self.path, work)?.with_functions_of_commands(work)
    }

    /// Tries each index, and answers those that make a statement as many times cheaper as is asked for.
    pub(super) fn prove(
        &self,
        tenant: &Tenant,
        tries: &[Try],
        columns: &Columns,
        asked: &Asked<'_>,
    ) -> Result<Vec<Proved>, BackendError> {
        let Some(file) = &self.file else { return Ok(Vec::new()) };
        prove(file, tries, columns, asked).map_err(|error| failed(file, &self.path, tenant, error))
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        drop(self.file.take());
        // What cannot be removed now is swept by a later run.
        for end in ["", "-journal", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", self.path.display()));
        }
        if self.held.take().is_some() {
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

fn prove(file: &Keeping, tries: &[Try], columns: &Columns, asked: &Asked<'_>) -> rusqlite::Result<Vec<Proved>> {
    file.execute_batch("ANALYZE")?;
    let mut before = Takes::new();
    for &at in tries.iter().flat_map(|one| &one.helps) {
        if !before.contains_key(&at)
            && let Some(taken) = measure(file, &asked.statements[at], columns)?
        {
            before.insert(at, taken);
        }
    }
    // By statement: the try that left least to do, and how much.
    let mut best: BTreeMap<usize, (u64, usize)> = BTreeMap::new();
    let mut after: Vec<Takes> = Vec::new();
    let mut sizes = Vec::new();
    for (number, one) in tries.iter().enumerate() {
        let mut taken = Takes::new();
        file.execute_batch(&one.statement())?;
        file.execute_batch(&format!("ANALYZE {}", quoted(&one.name())))?;
        for (&at, was) in before.iter().filter(|(at, _)| one.helps.contains(at)) {
            let logged = &asked.statements[at];
            let plan = plans::plan(file, &logged.taken.text)?;
            // One that is not used is not what made the difference.
            if !plans::indexes(&plan).any(|index| index == one.name()) {
                continue;
            }
            let Some(now) = measure(file, logged, columns)? else { continue };
            if now.steps.saturating_mul(asked.least_gain.into()) <= was.steps {
                taken.insert(at, now);
                let entry = best.entry(at).or_insert((now.steps, number));
                *entry = (*entry).min((now.steps, number));
            }
        }
        after.push(taken);
        sizes.push(bytes_of(file, &one.name())?);
        file.execute_batch(&format!("DROP INDEX {}", quoted(&one.name())))?;
    }
    let mut chosen: Vec<usize> = best.values().map(|(_, number)| *number).collect();
    chosen.sort_unstable();
    chosen.dedup();
    // One that another one begins with, and that helps nobody whom the other does not, brings nothing.
    let is_needless = |number: usize| {
        chosen.iter().any(|&other| {
            let (one, more) = (&tries[number], &tries[other]);
            one.relation == more.relation
                && more.columns.len() > one.columns.len()
                && more.columns.starts_with(&one.columns)
                && after[number].keys().all(|at| after[other].contains_key(at))
        })
    };
    let needed: Vec<usize> = chosen.iter().copied().filter(|&number| !is_needless(number)).collect();
    Ok(needed.into_iter().map(|number| told(&tries[number], (&before, &after[number]), sizes[number], asked)).collect())
}

fn told(one: &Try, (before, after): (&Takes, &Takes), bytes: i64, asked: &Asked<'_>) -> Proved {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let times = |at: &usize| before.get(at).map_or(0, |was| was.steps / after[at].steps.max(1));
    let most = after.keys().max_by_key(|at| times(at));
    let (was, is) = most.map_or((None, None), |at| (before.get(at), after.get(at)));
    let of = |taken: Option<&Taken>| taken.map_or((0, 0), |taken| (number(taken.steps), number(taken.nanoseconds)));
    let ((steps_before, ns_before), (steps_after, ns_after)) = (of(was), of(is));
    Proved {
        relation: one.relation.clone(),
        columns: one.columns.clone(),
        name: one.name(),
        statement: one.statement(),
        helps: after.keys().map(|&at| asked.statements[at].taken.fingerprint.clone()).collect(),
        times: most.map_or(0, times),
        measures: vec![
            ("work-before", steps_before),
            ("work-after", steps_after),
            ("ns-before", ns_before),
            ("ns-after", ns_after),
            ("bytes", bytes),
        ],
    }
}

/// How many bytes an index takes, which each write of its columns pays for.
fn bytes_of(file: &Connection, index: &str) -> rusqlite::Result<i64> {
    let sql = "SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name = ?1";
    file.query_row(sql, [index], |row| row.get::<_, Option<i64>>(0)).map(Option::unwrap_or_default)
}

/// Runs a statement on the copy with values that the rows have, and takes back what it changed. None where it cannot be run.
fn measure(file: &Keeping, logged: &LoggedStatement, columns: &Columns) -> rusqlite::Result<Option<Taken>> {
    let values = values(file, logged, columns)?;
    let mut least: Option<Taken> = None;
    for _ in 0..TIMES {
        if least.is_some_and(|least| least.nanoseconds > LONG) {
            break;
        }
        file.execute_batch("BEGIN")?;
        let taken = run(file, &logged.taken.text, &values);
        file.execute_batch("ROLLBACK")?;
        match taken {
            Ok(taken) if least.is_none_or(|least| taken.nanoseconds < least.nanoseconds) => least = Some(taken),
            Ok(_) => {}
            Err(error) if file.is_over() => return Err(error),
            // With other values than its own it breaks a rule, or is cut.
            Err(_) => return Ok(None),
        }
    }
    Ok(least)
}

fn run(file: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<Taken> {
    let mut statement = file.prepare(sql)?;
    for number in 1..=statement.parameter_count() {
        statement.raw_bind_parameter(number, values.get(number - 1).unwrap_or(&Value::Integer(1)))?;
    }
    let begun = Instant::now();
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    drop(rows);
    let nanoseconds = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
    // SQLite counts in 32 bits without a sign.
    let steps = u64::from(statement.get_status(StatementStatus::VmStep).cast_unsigned());
    Ok(Taken { steps, nanoseconds })
}

/// Values for a statement's parameters, as rows of the copy have them. A bound lets as large a part of the rows through as the
/// statement had of them on average.
fn values(file: &Connection, logged: &LoggedStatement, columns: &Columns) -> rusqlite::Result<Vec<Value>> {
    let rows_a_call = i64::try_from(logged.taken.rows / logged.taken.calls.max(1)).unwrap_or(i64::MAX);
    let at = |relation: &str, column: &str, order: &str, offset: i64| {
        let sql = format!("SELECT {} FROM {} ORDER BY {order} LIMIT 1 OFFSET ?1", quoted(column), quoted(relation));
        let found = file.query_row(&sql, [offset.max(0)], |row| row.get::<_, Value>(0)).optional();
        found.map(|found| found.unwrap_or(Value::Integer(1)))
    };
    let value = |stand: Stand| match stand {
        Stand::Equal(relation, column) => at(&relation, &column, "rowid", count(file, &relation)? / 2),
        Stand::Below(relation, column) => at(&relation, &column, &quoted(&column), rows_a_call),
        Stand::Above(relation, column) => {
            at(&relation, &column, &quoted(&column), count(file, &relation)?.saturating_sub(rows_a_call) - 1)
        }
        Stand::Limit => Ok(Value::Integer(LIMIT)),
        Stand::Unknown => Ok(Value::Integer(1)),
    };
    stands(&logged.taken.text, columns).into_iter().map(value).collect()
}
