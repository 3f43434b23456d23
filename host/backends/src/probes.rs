//! Whether the services around the platform are well.

mod database;
mod storage;

use std::time::Instant;

use encargo_model::{ErrorCode, SERVICES, Text, text};

use crate::{BackendError, Platform};

/// How a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeStatus {
    /// As it should be.
    Ok,
    /// It works and needs a look.
    Warning,
    /// It does not work.
    Failed,
    /// Something that was there is gone, damaged or another's.
    Lost,
    /// Not configured, so nothing is known.
    Skipped,
}

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

/// What can be checked here, in the order in which it is shown.
pub const fn names() -> [&'static str; 7] {
    SERVICES
}

/// Checks one service.
///
/// # Errors
/// `not-found` for a name that is not one of [`names`]. A service that does not work is a finding, not an error.
pub fn check(platform: &Platform, name: &str) -> Result<Finding, BackendError> {
    let started_at = Instant::now();
    let (status, detail) = match name {
        "database" => database::database(platform),
        "schema" => database::schema(platform),
        "storage" => storage::storage(platform),
        "disk" => storage::disk(platform),
        "redis" | "celery" | "external" => (ProbeStatus::Skipped, text!("not configured", "sin configurar")),
        _ => {
            let message = text!(
                "there is no service `{name}`; there are {}",
                "no existe el servicio `{name}`; hay {}";
                names().join(", ")
            );
            return Err(BackendError::new(ErrorCode::NotFound, message));
        }
    };
    // Whole microseconds: finer digits are noise, and make fractions that no clock has.
    let microseconds = u32::try_from(started_at.elapsed().as_micros()).unwrap_or(u32::MAX);
    Ok(Finding { status, detail, milliseconds: f64::from(microseconds) / 1_000.0 })
}
