//! Whether the services around the platform are well.

use crate::Choice;
use crate::bindings::encargo::probes::probes as wit;
use crate::choice::Choice as _;
use crate::error::Result;

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
    /// Not configured, so nothing is known: never to be shown as well.
    Skipped,
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
