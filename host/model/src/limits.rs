//! What one run may use, and what it used.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use crate::Batch;

/// Whose command it is, which decides the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Part of Encargo; granted what it requests.
    Packaged,
    /// Placed into the data directory or added by the operator; granted by that.
    Operator,
    /// A tenant's own: inside that tenant alone, and nothing is granted until the operator grants it.
    Tenant,
}

impl Tier {
    /// The word, as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Packaged => "packaged",
            Self::Operator => "operator",
            Self::Tenant => "tenant",
        }
    }

    /// The tier with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Packaged, Self::Operator, Self::Tenant].into_iter().find(|tier| tier.as_str() == word)
    }
}

/// The limits of one run. Each has its own named error and stands in the receipt as used of limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// CPU time of the run's thread. Past it: `cpu-limit`, exit 14.
    #[serde(with = "seconds")]
    pub cpu_seconds: Duration,
    /// Wall time from start to end. Past it: `wall-limit`, exit 124. `--timeout` sets it.
    #[serde(with = "seconds")]
    pub wall_seconds: Duration,
    /// All linear memories and tables together. Past it: `memory-limit`, exit 14.
    pub memory_bytes: u64,
    /// The guest's stack. Past it: `stack-limit`, exit 14.
    #[serde(deserialize_with = "stack_bytes")]
    pub stack_bytes: u64,
    /// Bytes that one host call may take from the guest. Past it: `hostcall-limit`, exit 14.
    pub hostcall_bytes: u64,
    /// Calls of the host by the run. Past it: `host-calls-limit`, exit 14.
    pub host_calls: u64,
    /// Resources (transactions, cursors, files) open at a time. Past it: `handles-limit`, exit 14.
    pub handles: u64,
    /// One line of the log; longer ones are cut.
    pub log_line_bytes: u64,
    /// All lines of the log; further ones are counted and not kept.
    pub log_bytes: u64,
    /// How many lines the log takes in a second, once the burst is used up; more are counted and not kept.
    pub log_lines_per_second: u64,
    /// How many lines the log takes at once; what is free of them comes back by the lines of a second.
    pub log_burst_lines: u64,
    /// The report at the end. Past it: `result-limit`, exit 14.
    pub result_bytes: u64,
    /// Bytes of random numbers in one call. Past it the call traps.
    pub random_bytes: u64,
    /// One SQL statement's text. Past it: `too-large`.
    pub sql_bytes: u64,
    /// One value, or a row as it is stored; a row that is read may have twice as much. In a statement of more than 256
    /// instructions it is less. Past it: `too-large`.
    pub value_bytes: u64,
    /// Rows of one batch of `write`; what the SDK fills always fits. Past it: `too-large`.
    #[serde(deserialize_with = "batch_rows")]
    pub batch_rows: u64,
    /// Statements and batches that the run's SQL consists of. Past it: `quota`, exit 14, for each further one.
    pub statements: u64,
    /// What one statement, the next rows of a cursor or a batch take in the database; a wait for another writer is not
    /// counted. Past it: `quota`, exit 14.
    #[serde(with = "seconds")]
    pub statement_seconds: Duration,
    /// Wall time from where a transaction or a stream has its lock or its snapshot to its end. Past it:
    /// `transaction-limit`, exit 14.
    #[serde(with = "seconds")]
    pub transaction_seconds: Duration,
    /// What the databases of the run take of the host's memory. Past it: `quota`, exit 14.
    pub sql_memory_bytes: u64,
    /// Temporary files of statements, beside the database: what a sort or a set does not keep in memory. Past it:
    /// `quota`, exit 14.
    pub temporary_bytes: u64,
    /// One tenant's database file. Past it: `quota`, exit 14.
    pub database_bytes: u64,
    /// Decompressed bytes of one input file. Past it: `too-large`.
    pub input_bytes: u64,
    /// Stored bytes of all outputs together, published or not. Past it: `quota`, exit 14.
    pub output_bytes: u64,
    /// Files that the run makes, with those that it has begun. Past it: `quota`, exit 14.
    pub output_files: u64,
    /// Files that are read or made at a time. Past it: `quota`, exit 14.
    pub open_files: u64,
}

/// More than any run has the time for.
const ENDLESS: u64 = 1_000_000_000_000;
/// Longer than any run goes on.
const A_YEAR: Duration = Duration::from_secs(366 * 86_400);

impl Limits {
    /// What [`Limits::stack_bytes`] may be: less runs no command, and a run's thread is to fit into memory.
    pub const STACK_BYTES: RangeInclusive<u64> = 64 << 10..=64 << 20;

    /// What [`Limits::batch_rows`] may be: the SDK fills batches of a thousand rows, so with less no command writes, and
    /// a batch has no more.
    pub const BATCH_ROWS: RangeInclusive<u64> = 1_000..=Batch::MOST_ROWS as u64;

    /// The limits of tenants' own commands.
    pub fn of_tenants() -> Self {
        Self {
            cpu_seconds: Duration::from_secs(10),
            wall_seconds: Duration::from_secs(60),
            memory_bytes: 128 << 20,
            stack_bytes: 512 << 10,
            hostcall_bytes: 8 << 20,
            host_calls: 10_000_000,
            handles: 1_000,
            log_line_bytes: 8 << 10,
            log_bytes: 1 << 20,
            log_lines_per_second: 200,
            log_burst_lines: 1_000,
            result_bytes: 4 << 20,
            random_bytes: 64 << 10,
            sql_bytes: 64 << 10,
            value_bytes: 1 << 20,
            batch_rows: 1_000,
            statements: 100_000,
            statement_seconds: Duration::from_secs(5),
            transaction_seconds: Duration::from_secs(5),
            sql_memory_bytes: 64 << 20,
            temporary_bytes: 256 << 20,
            database_bytes: 256 << 20,
            input_bytes: 256 << 20,
            output_bytes: 256 << 20,
            output_files: 1_000,
            open_files: 16,
        }
    }

    /// The lower of two in each: what bounds every run bounds a tenant's, too.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        Self {
            cpu_seconds: self.cpu_seconds.min(other.cpu_seconds),
            wall_seconds: self.wall_seconds.min(other.wall_seconds),
            memory_bytes: self.memory_bytes.min(other.memory_bytes),
            stack_bytes: self.stack_bytes.min(other.stack_bytes),
            hostcall_bytes: self.hostcall_bytes.min(other.hostcall_bytes),
            host_calls: self.host_calls.min(other.host_calls),
            handles: self.handles.min(other.handles),
            log_line_bytes: self.log_line_bytes.min(other.log_line_bytes),
            log_bytes: self.log_bytes.min(other.log_bytes),
            log_lines_per_second: self.log_lines_per_second.min(other.log_lines_per_second),
            log_burst_lines: self.log_burst_lines.min(other.log_burst_lines),
            result_bytes: self.result_bytes.min(other.result_bytes),
            random_bytes: self.random_bytes.min(other.random_bytes),
            sql_bytes: self.sql_bytes.min(other.sql_bytes),
            value_bytes: self.value_bytes.min(other.value_bytes),
            batch_rows: self.batch_rows.min(other.batch_rows),
            statements: self.statements.min(other.statements),
            statement_seconds: self.statement_seconds.min(other.statement_seconds),
            transaction_seconds: self.transaction_seconds.min(other.transaction_seconds),
            sql_memory_bytes: self.sql_memory_bytes.min(other.sql_memory_bytes),
            temporary_bytes: self.temporary_bytes.min(other.temporary_bytes),
            database_bytes: self.database_bytes.min(other.database_bytes),
            input_bytes: self.input_bytes.min(other.input_bytes),
            output_bytes: self.output_bytes.min(other.output_bytes),
            output_files: self.output_files.min(other.output_files),
            open_files: self.open_files.min(other.open_files),
        }
    }
}

impl Default for Limits {
    /// The limits of packaged and operator's commands.
    fn default() -> Self {
        Self {
            cpu_seconds: Duration::from_secs(3_600),
            wall_seconds: Duration::from_secs(6 * 3_600),
            memory_bytes: 1 << 30,
            // 1 MiB is what interpreters of other languages need; with half of it some fail at 900 levels.
            stack_bytes: 1 << 20,
            hostcall_bytes: 64 << 20,
            host_calls: ENDLESS,
            handles: 10_000,
            log_line_bytes: 64 << 10,
            log_bytes: 64 << 20,
            log_lines_per_second: ENDLESS,
            log_burst_lines: ENDLESS,
            result_bytes: 16 << 20,
            random_bytes: 1 << 20,
            sql_bytes: 1 << 20,
            value_bytes: 16 << 20,
            batch_rows: u64::from(Batch::MOST_ROWS),
            statements: ENDLESS,
            statement_seconds: A_YEAR,
            // An import of all or nothing and a copy of a tenant are one transaction, however many rows they have; what
            // bounds them is the wall time.
            transaction_seconds: A_YEAR,
            sql_memory_bytes: 256 << 20,
            temporary_bytes: 4 << 30,
            database_bytes: 64 << 30,
            input_bytes: 64 << 30,
            output_bytes: 64 << 30,
            // The media of a tenant that is copied are a file each.
            output_files: ENDLESS,
            open_files: 256,
        }
    }
}

/// What a run used of one limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitUse {
    /// `cpu`, `wall`, `memory`, ...
    pub name: String,
    /// In the unit.
    pub used: u64,
    /// In the unit.
    pub limit: u64,
    /// `ms`, `bytes`, or a plural noun.
    pub unit: String,
}

impl LimitUse {
    /// Whether no run can come to it.
    pub fn is_endless(&self) -> bool {
        match self.unit.as_str() {
            "ms" => u128::from(self.limit) >= A_YEAR.as_millis(),
            _ => self.limit >= ENDLESS,
        }
    }
}

mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(duration.as_secs_f64())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
    }
}

/// Reads a limit with which runs can work.
fn within<'de, D: Deserializer<'de>>(
    deserializer: D,
    name: &str,
    bounds: &RangeInclusive<u64>,
) -> Result<u64, D::Error> {
    let given = u64::deserialize(deserializer)?;
    if bounds.contains(&given) {
        return Ok(given);
    }
    let (least, most) = (bounds.start(), bounds.end());
    Err(serde::de::Error::custom(format!("`{name}` is {given}, and it is from {least} to {most}")))
}

fn stack_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    within(deserializer, "stack_bytes", &Limits::STACK_BYTES)
}

fn batch_rows<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    within(deserializer, "batch_rows", &Limits::BATCH_ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenants_run_has_the_lower_limit_of_each() {
        let tenants = Limits::of_tenants();
        let all = |limits: &Limits| serde_json::to_value(limits).unwrap().as_object().unwrap().clone();
        for (name, limit) in all(&tenants) {
            let most = all(&Limits::default())[&name].as_f64();
            assert!(limit.as_f64() < most, "`{name}` of tenants is no lower than that of all");
        }
        assert_eq!(tenants.within(&Limits::default()), tenants);
        assert_eq!(Limits::default().within(&tenants), tenants);
        let low = Limits { handles: 3, cpu_seconds: Duration::from_millis(300), ..Limits::default() };
        let both = tenants.within(&low);
        assert_eq!(both, Limits { handles: 3, cpu_seconds: Duration::from_millis(300), ..tenants });
    }

    #[test]
    fn a_stack_is_as_large_as_its_bounds_and_no_larger() {
        let read =
            |stack_bytes: u64| serde_json::from_value::<Limits>(serde_json::json!({ "stack_bytes": stack_bytes }));
        for fits in [64 << 10, 2 << 20, 64 << 20] {
            assert_eq!(read(fits).unwrap().stack_bytes, fits);
        }
        for absurd in [0, (64 << 10) - 1, (64 << 20) + 1, u64::MAX] {
            let problem = read(absurd).unwrap_err().to_string();
            assert_eq!(problem, format!("`stack_bytes` is {absurd}, and it is from 65536 to 67108864"));
        }
        assert!(Limits::STACK_BYTES.contains(&Limits::default().stack_bytes));
    }

    #[test]
    fn a_batch_has_room_for_what_the_sdk_fills_and_no_more_than_a_batch_has() {
        let read = |rows: u64| serde_json::from_value::<Limits>(serde_json::json!({ "batch_rows": rows }));
        for fits in [1_000, 2_500, 4_000] {
            assert_eq!(read(fits).unwrap().batch_rows, fits);
        }
        for absurd in [0, 999, 4_001] {
            let problem = read(absurd).unwrap_err().to_string();
            assert_eq!(problem, format!("`batch_rows` is {absurd}, and it is from 1000 to 4000"));
        }
        for limits in [Limits::default(), Limits::of_tenants()] {
            assert!(Limits::BATCH_ROWS.contains(&limits.batch_rows));
        }
    }
}
