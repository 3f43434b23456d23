//! What no SQL of a command sees: how rows are stored, and what the commands of the installation are.

use crate::Choice;
use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::error::Result;

/// What kind of damage it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum DamageKind {
    /// Stored data cannot be read as what it is; also every word that is not known here.
    Structure,
    /// An index does not hold what its relation holds.
    Index,
    /// The schema is not the one that this version makes.
    Schema,
    /// Rows name rows that are not there.
    Reference,
    /// Rows break a rule of their relation.
    Rule,
    /// Ids that are in use would be given again.
    Counter,
    /// A file among the commands is no command.
    Unreadable,
    /// What was granted or revoked is for nothing.
    Grant,
    /// A command may not do what it asks for.
    Revoked,
}

/// Something that is not as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// What kind of damage it is.
    pub kind: DamageKind,
    /// The relation or the command; empty where it is about no single one.
    pub subject: String,
    /// One sentence for a person.
    pub detail: String,
    /// How many rows, entries or things it is about.
    pub count: u64,
}

/// Looks at all that is stored of a tenant. It reads everything.
///
/// # Errors
/// `denied` without the permissions `check:integrity` and `list:tenants`, `cancelled`; as `tenants::open` where the rows
/// cannot be opened.
pub fn check_integrity(tenant: &str) -> Result<Vec<Damage>> {
    wit::check_integrity(tenant).map(read)
}

/// Keeps a copy of the rows of the run's tenant as they are now, one for a run, and answers where it is.
///
/// # Errors
/// `denied` without the permission `keep:copy`, `invalid` in system scope, `unavailable` where it cannot be written.
pub fn keep_copy() -> Result<String> {
    wit::keep_copy()
}

/// How many bytes of the storage of the run's tenant's rows are empty.
///
/// # Errors
/// `denied` without the permission `check:space`, `invalid` in system scope.
pub fn free_bytes() -> Result<u64> {
    wit::free_bytes()
}

/// Looks at the commands and what was granted to them.
///
/// # Errors
/// `denied` without the permission `check:commands` and outside of system scope.
pub fn check_commands() -> Result<Vec<Damage>> {
    wit::check_commands().map(read)
}

fn read(found: Vec<wit::Damage>) -> Vec<Damage> {
    let one = |wit::Damage { kind, subject, detail, count }| Damage {
        kind: DamageKind::from_word(&kind).unwrap_or(DamageKind::Structure),
        subject,
        detail,
        count,
    };
    found.into_iter().map(one).collect()
}
