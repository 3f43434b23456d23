//! Whether the services around the platform are well.

mod address;
mod answer;
mod backups;
mod clock;
mod database;
mod network;
mod services;
mod storage;
mod together;

use std::sync::Arc;
use std::time::{Duration, Instant};

use encargo_model::{Clock, ErrorCode, SERVICES, Text, Timestamp, text};

use crate::{BackendError, Platform};

pub use address::{Address, BadAddress};
pub(crate) use answer::Answer;
pub use answer::{Measure, ProbeStatus};
pub use services::{Kind, Service, Services};
pub use together::{Target, look, targets};

/// What a probe found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// How the service is.
    pub status: ProbeStatus,
    /// One sentence for a person, without a full stop.
    pub detail: Text,
    /// How long the look took.
    pub milliseconds: f64,
}

/// What was found out about one service, with what it was told by.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Its name: one of ours, or the operator's.
    pub name: String,
    /// What it is, one of [`names`].
    pub kind: &'static str,
    /// How it is.
    pub status: ProbeStatus,
    /// One sentence for a person, without a full stop.
    pub detail: Text,
    /// How long the look took.
    pub milliseconds: f64,
    /// What was measured.
    pub measures: Vec<Measure>,
    /// The services without which it cannot be well.
    pub needs: Vec<String>,
}

/// What a look has around it.
#[derive(Clone)]
pub struct Around {
    /// The data.
    pub platform: Arc<Platform>,
    /// What the operator named.
    pub services: Arc<Services>,
    /// When a backup was last restored elsewhere without problems, or why nobody can tell.
    pub last_drill: Result<Option<Timestamp>, Text>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
}

/// What can be checked here, in the order in which it is shown.
pub const fn names() -> [&'static str; SERVICES.len()] {
    SERVICES
}

/// Checks one service that is not reached through the network.
///
/// # Errors
/// `not-found` for a name that is not one of [`names`]. A service that does not work is a finding, not an error.
pub fn check(platform: &Platform, name: &str) -> Result<Finding, BackendError> {
    let started_at = Instant::now();
    let answer = match name {
        "database" => database::database(platform),
        "schema" => database::schema(platform),
        "storage" => storage::storage(platform),
        "disk" => storage::disk(platform),
        _ if SERVICES.contains(&name) => Answer::not_configured(),
        _ => return Err(unknown(name, &names())),
    };
    Ok(Finding { status: answer.status, detail: answer.detail, milliseconds: milliseconds(started_at.elapsed()) })
}

/// There is no such service.
pub(crate) fn unknown(name: &str, known: &[&str]) -> BackendError {
    let message =
        text!("there is no service `{name}`; there are {}", "no existe el servicio `{name}`; hay {}"; known.join(", "));
    BackendError::new(ErrorCode::NotFound, message)
}

/// Whole microseconds: finer digits are noise, and make fractions that no clock has.
fn milliseconds(elapsed: Duration) -> f64 {
    f64::from(u32::try_from(elapsed.as_micros()).unwrap_or(u32::MAX)) / 1_000.0
}

#[cfg(test)]
mod tests;
