//! Whether the services around the platform are well.

use crate::bindings::encargo::probes::probes as wit;
use crate::error::Result;

pub use wit::{Finding, Status};

/// The names that can be checked here.
pub fn list() -> Vec<String> {
    wit::list()
}

/// Asks about one service.
///
/// # Errors
/// `not-found` for a name that cannot be checked, `denied` without the permission `check:<name>`.
pub fn check(name: &str) -> Result<Finding> {
    wit::check(name)
}
