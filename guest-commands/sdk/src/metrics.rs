//! Figures of the machine, of this process, of the platform's storage and of the runs, read at fixed times.

use crate::bindings::encargo::metrics::metrics as wit;
use crate::error::Result;
use crate::time::{Duration, Instant};

pub use wit::Process;

/// What was read of one thing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The group that it belongs to, such as `cpu`.
    pub group: String,
    /// Which one of several it is; else empty.
    pub subject: String,
    /// Why nothing of it can be read here.
    pub unavailable: Option<String>,
    measures: Vec<(String, f64)>,
}

impl Reading {
    /// A reading with these measures, for native tests of commands.
    pub fn of(group: &str, subject: &str, measures: &[(&str, f64)]) -> Self {
        let measures = measures.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        Self { group: group.to_owned(), subject: subject.to_owned(), unavailable: None, measures }
    }

    /// A measure by its name; none where this system does not tell it.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.measures.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

/// What was read at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Which one of the fixed times it belongs to, from 0.
    pub tick: u64,
    /// How many fixed times before it were missed since the sample before.
    pub missed: u64,
    /// When it was read.
    pub at: Instant,
    /// When it was read, from the beginning on, by a clock that does not jump.
    pub elapsed: Duration,
    /// The CPU time that this process has used since the beginning.
    pub used: Duration,
    /// What was read, group by group.
    pub readings: Vec<Reading>,
}

impl Sample {
    /// What was read of a group that has one reading, or the first of several.
    pub fn of(&self, group: &str) -> Option<&Reading> {
        self.readings.iter().find(|reading| reading.group == group)
    }

    /// What was read of a group.
    pub fn all(&self, group: &str) -> impl Iterator<Item = &Reading> {
        let group = group.to_owned();
        self.readings.iter().filter(move |reading| reading.group == group)
    }
}

/// What a statement took in a tenant's rows, in all runs that are remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// The tenant.
    pub tenant: String,
    /// The statement, without its values.
    pub text: String,
    /// The command that ran it last.
    pub command: String,
    /// How often it was run.
    pub calls: u64,
    /// How long it worked in the database in all, in microseconds.
    pub total_us: u64,
    /// The mean of a call.
    pub mean_us: u64,
    /// What 95 of 100 calls stayed below.
    pub p95_us: u64,
    /// The longest call.
    pub longest_us: u64,
}

/// Samples at fixed times.
#[derive(Debug)]
pub struct Sampling {
    inner: wit::Sampling,
}

/// Begins to read groups of figures, a sample each interval, for a span at most. The contract lists the groups.
///
/// # Errors
/// `denied` without the permission of a group and outside of system scope, `not-found` for an unknown group, `invalid` for
/// an interval below 10 ms, `usage` for a span longer than what is left of the run's time.
pub fn begin(groups: &[&str], interval: Duration, span: Duration) -> Result<Sampling> {
    let groups: Vec<String> = groups.iter().map(|&group| group.to_owned()).collect();
    let micros = |span: Duration| u64::try_from(span.micros()).unwrap_or_default();
    wit::begin(&groups, micros(interval), micros(span)).map(|inner| Sampling { inner })
}

impl Sampling {
    /// Waits for the next fixed time and reads then; none once the span is over or the run was asked to end.
    ///
    /// # Errors
    /// Only when the host is gone.
    #[expect(clippy::should_implement_trait, reason = "it answers an error, too")]
    pub fn next(&mut self) -> Result<Option<Sample>> {
        Ok(self.inner.next()?.map(sample))
    }
}

fn sample(sample: wit::Sample) -> Sample {
    let span = |micros: u64| Duration::from_micros(i64::try_from(micros).unwrap_or(i64::MAX));
    let reading = |wit::Reading { group, subject, measures, unavailable }| Reading {
        group,
        subject,
        unavailable,
        measures: measures.into_iter().map(|wit::Measure { name, value }| (name, value)).collect(),
    };
    Sample {
        tick: sample.tick,
        missed: sample.missed,
        at: Instant::from_micros(sample.at),
        elapsed: span(sample.elapsed),
        used: span(sample.used),
        readings: sample.readings.into_iter().map(reading).collect(),
    }
}

/// The processes of the machine that this one can see.
///
/// # Errors
/// `denied` without the permission `check:machine` and outside of system scope.
pub fn processes() -> Result<Vec<Process>> {
    wit::processes()
}

/// The statements of runs that ended at this time or later, those that took most in all first.
///
/// # Errors
/// `denied` without the permissions `check:statements` and `list:tenants` and outside of system scope.
pub fn statements(since: Instant, most: u32) -> Result<Vec<Statement>> {
    let one = |wit::Statement { tenant, text, command, measures }| {
        let mut statement = Statement { tenant, text, command, ..Statement::default() };
        for wit::Measure { name, value } in measures {
            let number = value as u64;
            match name.as_str() {
                "calls" => statement.calls = number,
                "total-us" => statement.total_us = number,
                "mean-us" => statement.mean_us = number,
                "p95-us" => statement.p95_us = number,
                "longest-us" => statement.longest_us = number,
                _ => {}
            }
        }
        statement
    };
    Ok(wit::statements(since.micros(), most)?.into_iter().map(one).collect())
}
