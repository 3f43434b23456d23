//! The tenants of the installation, for commands of system scope.

use crate::bindings::encargo::tenants::tenants as wit;
use crate::database::Database;
use crate::error::Result;

/// The slugs, in their order; those that `--tenant` selected where it was given.
///
/// # Errors
/// `denied` without the permission `list:tenants`.
pub fn list() -> Result<Vec<String>> {
    wit::list()
}

/// The name that people read.
///
/// # Errors
/// `not-found`, `denied` without the permission `list:tenants` but for the tenant that the run is in.
pub fn name(slug: &str) -> Result<String> {
    wit::name(slug)
}

/// The language of a tenant's people, `en` or `es`.
///
/// # Errors
/// As `name`.
pub fn language(slug: &str) -> Result<String> {
    wit::language(slug)
}

/// A tenant's time zone, as in the IANA time zone database.
///
/// # Errors
/// As `name`.
pub fn time_zone(slug: &str) -> Result<String> {
    wit::time_zone(slug)
}

/// Makes a tenant.
///
/// # Errors
/// `already-exists`, `invalid` for a bad slug, `denied` without the permission `create:tenants`.
pub fn create(slug: &str, name: &str) -> Result<()> {
    wit::create(slug, name)
}

/// Opens a tenant's rows. One is open at a time.
///
/// # Errors
/// `not-found`, `transaction-open`, `denied` without the permission `list:tenants`.
pub fn open(slug: &str) -> Result<Database> {
    wit::open(slug).map(Database::new)
}

/// Opens a second tenant's rows beside the open ones, for reading alone. One is open so at a time.
///
/// # Errors
/// As `open`.
pub fn open_beside(slug: &str) -> Result<Database> {
    wit::open_beside(slug).map(Database::new)
}

/// The slug of the tenant that commands without `--tenant` go to.
///
/// # Errors
/// `denied` without the permission `list:tenants`.
pub fn default() -> Result<Option<String>> {
    wit::default()
}

/// Makes a tenant the one that commands without `--tenant` go to.
///
/// # Errors
/// `not-found`, `denied` without the permission `create:tenants`.
pub fn set_default(slug: &str) -> Result<()> {
    wit::set_default(slug)
}
