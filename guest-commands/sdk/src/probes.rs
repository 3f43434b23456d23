//! Whether the services around the platform are well.

use crate::bindings::encargo::probes::probes as wit;
use crate::error::Result;
use crate::time::Duration;
use crate::{Choice, text};

/// How a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Status {
    /// It is well.
    Ok,
    /// It works, and someone should look at it.
    Warning,
    /// It does not work; also every word that is not known here.
    Failed,
    /// Something that was there is gone, damaged or another's, and has to be restored.
    Lost,
    /// The look itself did not come to its end, so nothing is known.
    Crashed,
    /// Not configured, so nothing is known: never to be shown as well.
    Skipped,
}

impl Status {
    /// The word that people read.
    pub fn spoken(self) -> String {
        match self {
            Self::Ok => text!("ok", "bien"),
            Self::Warning => text!("warning", "aviso"),
            Self::Failed => text!("failed", "falla"),
            Self::Lost => text!("lost", "perdido"),
            Self::Crashed => text!("crashed", "interrumpido"),
            Self::Skipped => text!("skipped", "omitido"),
        }
    }
}

/// What was found out about a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// How it is.
    pub status: Status,
    /// One sentence for a person.
    pub detail: String,
    /// How long it took to answer.
    pub milliseconds: f64,
}

/// What was found out about one of several services.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The service's name.
    pub name: String,
    /// What it is, one of [`list`].
    pub kind: String,
    /// How it is.
    pub status: Status,
    /// One sentence for a person.
    pub detail: String,
    /// How long it took to answer.
    pub milliseconds: f64,
    /// What was measured.
    pub measures: Vec<Measure>,
    /// The names of services without which this one cannot be well.
    pub needs: Vec<String>,
}

pub use wit::{Measure, Service};

/// The names that can be checked here.
pub fn list() -> Vec<String> {
    wit::list()
}

/// Asks about one service.
///
/// # Errors
/// `not-found` for a name that cannot be checked, `denied` without the permission `check:<name>`.
pub fn check(name: &str) -> Result<Finding> {
    let wit::Finding { status, detail, milliseconds } = wit::check(name)?;
    Ok(Finding { status: Status::from_word(&status).unwrap_or(Status::Failed), detail, milliseconds })
}

/// The services that can be asked about: those of [`list`], and those of the network by the operator's names.
pub fn services() -> Vec<Service> {
    wit::services()
}

/// Asks about several at once, by a service's name or by a kind for all services of it. Each has `each` to answer, and all
/// have `all`; what hangs has failed.
///
/// # Errors
/// `not-found` for a name of nobody, `denied` without `check:<kind>` for any of them, `cancelled`.
pub fn check_all(names: &[String], each: Duration, all: Duration) -> Result<Vec<Observation>> {
    let milliseconds = |span: Duration| u32::try_from(span.micros() / 1_000).unwrap_or(u32::MAX);
    let observed = wit::check_all(names, milliseconds(each), milliseconds(all))?;
    Ok(observed.into_iter().map(observation).collect())
}

fn observation(observation: wit::Observation) -> Observation {
    let wit::Observation { service, status, detail, milliseconds, measures, needs } = observation;
    let Service { name, kind } = service;
    let status = Status::from_word(&status).unwrap_or(Status::Failed);
    Observation { name, kind, status, detail, milliseconds, measures, needs }
}
