//! How long answers of the agents took, from the messages of the last hours.

use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use hdrhistogram::Histogram;
use serde_json::{Value as Json, json};

use crate::sql::TIMES;

/// The response times of one tenant, or of all.
#[derive(Debug)]
pub(crate) struct Responses {
    pub(crate) tenant: Option<String>,
    /// Of milliseconds, with three digits that count.
    times: Histogram<u64>,
}

/// The quantiles that are told, with their names.
const QUANTILES: [(&str, f64); 5] = [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)];
/// A year: what is longer counts as that.
const LONGEST: u64 = 366 * 86_400_000;

#[derive(FromRow)]
struct Time {
    response_ms: i64,
}

impl Responses {
    fn of(tenant: Option<String>) -> Self {
        let times = Histogram::new_with_bounds(1, LONGEST, 3).expect("these bounds can be had");
        Self { tenant, times }
    }

    fn add(&mut self, milliseconds: u64) {
        self.times.saturating_record(milliseconds.min(LONGEST));
    }

    fn take_in(&mut self, other: &Self) -> Result<()> {
        self.times.add(&other.times).map_err(|error| Error::new(ErrorCode::Internal, error.to_string()))
    }

    pub(crate) fn count(&self) -> u64 {
        self.times.len()
    }

    /// The quantiles in milliseconds.
    pub(crate) fn quantiles(&self) -> [u64; 5] {
        QUANTILES.map(|(_, quantile)| self.times.value_at_quantile(quantile).min(self.times.max()))
    }

    pub(crate) fn json(&self) -> Json {
        let mut told = json!({ "tenant": self.tenant, "answers": self.count(), "mean_ms": self.times.mean() });
        for ((name, _), milliseconds) in QUANTILES.iter().zip(self.quantiles()) {
            told[format!("{name}_ms")] = milliseconds.into();
        }
        told
    }
}

/// What was found in the tenants.
#[derive(Debug)]
pub(crate) struct Found {
    /// All tenants together.
    pub(crate) all: Responses,
    /// Those that have any, those with most first, as far as they are told.
    pub(crate) tenants: Vec<Responses>,
    /// Tenants that could not be read, with why.
    pub(crate) unread: Vec<(String, String)>,
    /// Whether not all was read, because the run was asked to end.
    pub(crate) is_cut: bool,
}

/// After how many answers it is looked whether the run should end.
const LOOK_EVERY: u64 = 10_000;
/// How many tenants are told one by one.
const TOLD: usize = 10;

/// Reads the times of the selected tenants, one tenant after the other, row by row.
pub(crate) fn read(run: &Run, since: Instant) -> Result<Found> {
    let mut found = Found { all: Responses::of(None), tenants: Vec::new(), unread: Vec::new(), is_cut: false };
    for tenant in tenants::list()? {
        if run.cancelled() {
            found.is_cut = true;
            break;
        }
        match of_tenant(run, &tenant, since) {
            Ok(responses) if responses.count() > 0 => {
                found.all.take_in(&responses)?;
                found.tenants.push(responses);
                // Each histogram takes some hundred kilobytes, and there may be any number of tenants.
                if found.tenants.len() > 2 * TOLD {
                    keep_most(&mut found.tenants);
                }
            }
            Ok(_) => {}
            Err(error) if error.ends_run() => return Err(error),
            Err(error) => found.unread.push((tenant, error.message)),
        }
    }
    keep_most(&mut found.tenants);
    Ok(found)
}

fn keep_most(tenants: &mut Vec<Responses>) {
    tenants.sort_by(|one, other| other.count().cmp(&one.count()).then(one.tenant.cmp(&other.tenant)));
    tenants.truncate(TOLD);
}

fn of_tenant(run: &Run, tenant: &str, since: Instant) -> Result<Responses> {
    let mut responses = Responses::of(Some(tenant.to_owned()));
    let database = tenants::open(tenant)?;
    for time in database.stream::<Time>(TIMES, &[&since])? {
        responses.add(time?.response_ms.unsigned_abs());
        if responses.count().is_multiple_of(LOOK_EVERY) && run.cancelled() {
            break;
        }
    }
    Ok(responses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_times_and_never_beyond_the_longest() {
        let mut responses = Responses::of(Some("demo".to_owned()));
        (1..=1_000).for_each(|milliseconds| responses.add(milliseconds));
        assert_eq!(responses.quantiles(), [500, 900, 950, 990, 1_000]);
        let mut all = Responses::of(None);
        all.take_in(&responses).unwrap();
        all.add(u64::MAX);
        assert_eq!((all.count(), all.json()["tenant"].is_null()), (1_001, true));
        assert_eq!(responses.json()["p95_ms"], 950);
    }
}
