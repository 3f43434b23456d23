//! What no SQL of a command sees: how rows are stored, and what the commands of the installation are.

use crate::Choice;
use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::error::Result;

pub use wit::{Keep, Media, Part, Pruned, Taken};

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

/// A backup in the making. Dropping it leaves nothing that counts.
#[derive(Debug)]
pub struct Backup(wit::Backup);

/// Begins a backup in the folder of an output argument, else among the installation's own; `key_argument` names an input
/// argument with the key's file. `kind` is a word to find it by, and
/// `compress` says whether what is stored is compressed.
///
/// # Errors
/// `denied` without the permission `take:backup` and outside of system scope, `wrong-key` where there are backups and their
/// key is gone or another one.
pub fn begin_backup(output_argument: &str, key_argument: Option<&str>, kind: &str, compress: bool) -> Result<Backup> {
    wit::begin_backup(output_argument, key_argument, kind, compress).map(Backup)
}

/// Removes the backups that nothing keeps; the newest of each kind always stays. Places and keys are found as by
/// [`begin_backup`].
///
/// # Errors
/// As `begin_backup`; `not-found` where there are no backups.
pub fn prune_backups(output_argument: &str, key_argument: Option<&str>, keep: Keep) -> Result<Vec<Pruned>> {
    wit::prune_backups(output_argument, key_argument, keep)
}

impl Backup {
    /// Adds who the tenants are and who works with them.
    ///
    /// # Errors
    /// `unavailable` where it cannot be copied.
    pub fn platform(&self) -> Result<Part> {
        self.0.platform()
    }

    /// Adds a tenant's rows as they are now.
    ///
    /// # Errors
    /// As `tenants::open` where the rows cannot be opened, `unavailable` where they cannot be copied.
    pub fn rows(&self, tenant: &str) -> Result<Part> {
        self.0.rows(tenant)
    }

    /// Adds all media of a tenant that can be read.
    ///
    /// # Errors
    /// `unavailable` where the folder cannot be read.
    pub fn media(&self, tenant: &str) -> Result<Media> {
        self.0.media(tenant)
    }

    /// Adds the configuration, without its secrets unless they are asked for.
    ///
    /// # Errors
    /// `unavailable` where there is no room for it.
    pub fn configuration(&self, include_secrets: bool) -> Result<Vec<Part>> {
        self.0.configuration(include_secrets)
    }

    /// Stores what was added, and reads it back.
    ///
    /// # Errors
    /// `verification-failed` where what was stored is not what was read, `unavailable` where it cannot be written.
    pub fn store(self) -> Result<Taken> {
        self.0.store()
    }
}

pub(crate) fn read(found: Vec<wit::Damage>) -> Vec<Damage> {
    let one = |wit::Damage { kind, subject, detail, count }| Damage {
        kind: DamageKind::from_word(&kind).unwrap_or(DamageKind::Structure),
        subject,
        detail,
        count,
    };
    found.into_iter().map(one).collect()
}
