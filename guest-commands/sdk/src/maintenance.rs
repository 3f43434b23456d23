//! What no SQL of a command sees: how rows are stored, and what the commands of the installation are.

use crate::Choice;
use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::error::Result;

pub use wit::{Fetched, Keep, Media, Part, Pruned, Stored, Taken};

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

/// Keeps the rows of the run's tenant as they are now in a backup, one for a run, and answers its name; empty in a dry run.
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

    /// Adds the commands that were placed or added, what was granted to them, and the history of runs.
    ///
    /// # Errors
    /// `unavailable` where something cannot be copied.
    pub fn commands(&self) -> Result<Vec<Part>> {
        self.0.commands()
    }

    /// Stores what was added, and reads it back.
    ///
    /// # Errors
    /// `verification-failed` where what was stored is not what was read, `unavailable` where it cannot be written.
    pub fn store(self) -> Result<Taken> {
        self.0.store()
    }
}

/// A restore in the making. Dropping it leaves everything as it was.
#[derive(Debug)]
pub struct Restore(wit::Restore);

impl Stored {
    /// Whether media was backed up with it, even where there was none.
    pub fn has_media(&self) -> bool {
        !self.with_media.is_empty() || self.kind == "full" || self.kind == "media"
    }
}

/// Opens a backup to restore it, in the folder of an argument, else among the installation's own; `key_argument` names an
/// input argument with the key's file. `backup` is the beginning of an id, or `latest`: the newest of these kinds that was
/// taken at `until`, in microseconds since 1970, or before.
///
/// # Errors
/// `denied` without the permission `restore:backup` and outside of system scope, `not-found`, `wrong-key`,
/// `verification-failed`, `usage` for a backup that this version cannot restore.
pub fn begin_restore(
    repository_argument: &str,
    key_argument: Option<&str>,
    backup: &str,
    until: Option<i64>,
    kinds: &[&str],
) -> Result<Restore> {
    let kinds: Vec<_> = kinds.iter().map(|&kind| kind.to_owned()).collect();
    wit::begin_restore(repository_argument, key_argument, backup, until, &kinds).map(Restore)
}

impl Restore {
    /// What the backup holds.
    ///
    /// # Errors
    /// `invalid` once it was carried out.
    pub fn about(&self) -> Result<Stored> {
        self.0.about()
    }

    /// Restores who the tenants are; what was read, and the tenants in the backup's list. It comes first.
    ///
    /// # Errors
    /// `not-found` where the backup does not say it, `denied` in a run for some tenants, `verification-failed`; `usage`
    /// where a tenant of now has the name of another one in the backup.
    pub fn people(&self) -> Result<(Fetched, Vec<String>)> {
        self.0.people().map(|people| (people.fetched, people.tenants))
    }

    /// Restores a tenant's rows.
    ///
    /// # Errors
    /// `not-found` where the backup has none, `verification-failed`; `usage` where the tenant is another one here.
    pub fn rows(&self, tenant: &str) -> Result<Fetched> {
        self.0.rows(tenant)
    }

    /// Makes a new tenant of a tenant's rows.
    ///
    /// # Errors
    /// As [`Restore::rows`]; `already-exists` where there is a tenant of that name.
    pub fn rows_as(&self, tenant: &str, name: &str) -> Result<Fetched> {
        self.0.rows_as(tenant, name)
    }

    /// Restores a tenant's media.
    ///
    /// # Errors
    /// As [`Restore::rows`].
    pub fn media(&self, tenant: &str) -> Result<Fetched> {
        self.0.media(tenant)
    }

    /// Restores commands that were placed or added, what was granted to them, and the history of runs.
    ///
    /// # Errors
    /// `invalid` where there is a tenant already, `denied` in a run for some tenants, `verification-failed`.
    pub fn commands(&self) -> Result<Fetched> {
        self.0.commands()
    }

    /// Writes all files of the backup into the folder of an output argument, and restores nothing.
    ///
    /// # Errors
    /// `already-exists` where a file is there already, `verification-failed`.
    pub fn extract(&self, output_argument: &str) -> Result<Fetched> {
        self.0.extract(output_argument)
    }

    /// Carries out what was asked for, all of it or nothing; which damaged files were put aside.
    ///
    /// # Errors
    /// `locked` while another run that changes something is under way; `unavailable` where it could not be written.
    pub fn carry_out(self) -> Result<Vec<String>> {
        self.0.carry_out()
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
