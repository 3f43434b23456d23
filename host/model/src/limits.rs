//! What one run may use, and what it used.

use std::time::Duration;

use serde::{Deserialize, Serialize};

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
    #[serde(deserialize_with = "stack::deserialize")]
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
    /// The report at the end. Past it: `result-limit`, exit 14.
    pub result_bytes: u64,
    /// Bytes of random numbers in one call. Past it the call traps.
    pub random_bytes: u64,
    /// One SQL statement's text. Past it: `too-large`.
    pub sql_bytes: u64,
    /// One value, or a row as it is stored; a row that is read may have twice as much. In a statement of more than 256
    /// instructions it is less. Past it: `too-large`.
    pub value_bytes: u64,
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
}

impl Limits {
    /// What [`Limits::stack_bytes`] may be: less runs no command, and a run's thread is to fit into memory.
    pub const STACK_BYTES: std::ops::RangeInclusive<u64> = 64 << 10..=64 << 20;

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
            result_bytes: 4 << 20,
            random_bytes: 64 << 10,
            sql_bytes: 64 << 10,
            value_bytes: 1 << 20,
            sql_memory_bytes: 64 << 20,
            temporary_bytes: 256 << 20,
            database_bytes: 256 << 20,
            input_bytes: 256 << 20,
            output_bytes: 256 << 20,
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
            result_bytes: self.result_bytes.min(other.result_bytes),
            random_bytes: self.random_bytes.min(other.random_bytes),
            sql_bytes: self.sql_bytes.min(other.sql_bytes),
            value_bytes: self.value_bytes.min(other.value_bytes),
            sql_memory_bytes: self.sql_memory_bytes.min(other.sql_memory_bytes),
            temporary_bytes: self.temporary_bytes.min(other.temporary_bytes),
            database_bytes: self.database_bytes.min(other.database_bytes),
            input_bytes: self.input_bytes.min(other.input_bytes),
            output_bytes: self.output_bytes.min(other.output_bytes),
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
            // More than any run has the time for.
            host_calls: 1_000_000_000_000,
            handles: 10_000,
            log_line_bytes: 64 << 10,
            log_bytes: 64 << 20,
            result_bytes: 16 << 20,
            random_bytes: 1 << 20,
            sql_bytes: 1 << 20,
            value_bytes: 16 << 20,
            sql_memory_bytes: 256 << 20,
            temporary_bytes: 4 << 30,
            database_bytes: 64 << 30,
            input_bytes: 64 << 30,
            output_bytes: 64 << 30,
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

mod stack {
    use serde::{Deserialize, Deserializer};

    /// Refuses a stack with which no run can work.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let (bounds, bytes) = (super::Limits::STACK_BYTES, u64::deserialize(deserializer)?);
        if bounds.contains(&bytes) {
            return Ok(bytes);
        }
        let (least, most) = (bounds.start(), bounds.end());
        Err(serde::de::Error::custom(format!("`stack_bytes` is {bytes}, and it is from {least} to {most}")))
    }
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
}
