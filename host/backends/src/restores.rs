//! Restores: what a backup holds becomes the present state, all of it or none.
//!
//! Every file is fetched into a folder of its own (the *staging*), compared with the manifest, brought to this program's
//! schema and looked through before anything is written elsewhere. Then a list of steps is written beside the files and
//! the folder is renamed to its final place: from that moment on the restore is done by whoever comes next, this process
//! or the next that opens the platform. Each step may be repeated.

mod applying;
mod commands;
mod duplicate;
mod extracting;
mod journal;
mod media;
mod people;
mod rows;
mod shadow;
mod staging;

use std::path::PathBuf;
use std::sync::Arc;

use encargo_model::{ErrorCode, RunId, Timestamp, text};

pub(crate) use applying::finish;
use journal::Step;
use staging::Staging;

use crate::backups::{Part, Place, Stored, Wanted};
use crate::{BackendError, Interrupt, Platform, schema};

/// A restore in the making. Dropping it before it was carried out leaves everything as it was.
pub struct Restoring {
    stored: Stored,
    staging: Staging,
    steps: Vec<Step>,
    /// The engine store of the backup, once it was fetched.
    engine_store: Option<PathBuf>,
    /// A tenant to be made of another one's rows.
    duplicate: Option<duplicate::Duplicate>,
    run: RunId,
    now: Timestamp,
    interrupt: Arc<Interrupt>,
    /// Whether nothing is to be carried out.
    is_dry: bool,
}

/// What a backup holds that can be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The first digits of its id.
    pub id: String,
    /// When it was taken, in microseconds since 1970.
    pub taken_at: i64,
    /// The word that it was begun with.
    pub kind: String,
    /// Whether it says who the tenants are.
    pub has_people: bool,
    /// Tenants whose rows it has.
    pub with_rows: Vec<String>,
    /// Tenants whose media it has.
    pub with_media: Vec<String>,
    /// Whether it has a configuration.
    pub has_configuration: bool,
    /// Whether it has commands and the history of runs.
    pub has_commands: bool,
}

/// One thing that was fetched and is whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetched {
    /// How many files.
    pub files: u64,
    /// How many rows.
    pub rows: u64,
    /// How many bytes.
    pub bytes: u64,
    /// The schema that its rows had, where they were brought to a newer one.
    pub migrated_from: Option<u32>,
}

/// What a restore did that nobody asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Damaged files that were put aside, each under a name that says so.
    pub aside: Vec<PathBuf>,
}

impl Platform {
    /// Opens a backup to restore it.
    ///
    /// # Errors
    /// `not-found` where there is no such backup; `usage` where it is of another engine or of a newer schema;
    /// `verification-failed`, `wrong-key`; what the system says.
    pub fn begin_restore(
        &self,
        place: &Place,
        wanted: &Wanted<'_>,
        (run, now): (RunId, Timestamp),
        interrupt: &Arc<Interrupt>,
    ) -> Result<Restoring, BackendError> {
        // In a data directory that has no tenants any installation's backup is its own.
        let own = (!self.is_blank()?).then(|| self.registry().installation().to_owned());
        let wanted = Wanted { installation: wanted.installation.or(own.as_deref()), ..*wanted };
        let stored = Stored::open(place, &wanted)?;
        check_engine(&stored)?;
        let is_dry = self.files().is_dry();
        let scratch = if is_dry { self.scratch() } else { self.data().scratch() };
        let staging = Staging::make(&scratch, run)?;
        let (steps, duplicate, interrupt) = (Vec::new(), None, Arc::clone(interrupt));
        let engine_store = None;
        Ok(Restoring { stored, staging, steps, engine_store, duplicate, run, now, interrupt, is_dry })
    }

    /// Whether there is no tenant.
    pub(crate) fn is_blank(&self) -> Result<bool, BackendError> {
        Ok(self.registry().tenants()?.is_empty())
    }
}

impl Restoring {
    /// What the backup holds.
    pub fn about(&self) -> About {
        let manifest = self.stored.manifest();
        let of = |kind: &str| {
            let parts = manifest.parts.iter().filter(|part| part.kind == kind);
            let mut tenants: Vec<_> = parts.filter_map(|part| part.tenant.clone()).collect();
            tenants.sort_unstable();
            tenants.dedup();
            tenants
        };
        let has = |kind: &str| manifest.parts.iter().any(|part| part.kind == kind);
        About {
            id: self.stored.id(),
            taken_at: manifest.taken_at,
            kind: manifest.kind.clone(),
            has_people: has("platform"),
            with_rows: of("tenant"),
            with_media: of("media"),
            has_configuration: has("configuration"),
            has_commands: has("engine") || has("command"),
        }
    }

    /// Whether it replaces anything, and does not only make what is new.
    pub const fn replaces(&self) -> bool {
        self.duplicate.is_none()
    }

    /// The part with a tenant's rows.
    fn rows_of(&self, slug: &str) -> Result<Part, BackendError> {
        let parts = &self.stored.manifest().parts;
        let found = parts.iter().find(|part| part.kind == "tenant" && part.tenant.as_deref() == Some(slug));
        found.cloned().ok_or_else(|| self.lacks(slug))
    }

    fn lacks(&self, slug: &str) -> BackendError {
        let id = self.stored.id();
        let message = text!(
            "the backup {id} has no rows of a tenant `{slug}`; `encargo backups show {id}` says what it has",
            "el respaldo {id} no tiene filas de un inquilino `{slug}`; `encargo backups show {id}` dice qué tiene"
        );
        BackendError::new(ErrorCode::NotFound, message)
    }
}

/// Passes a backup that this program can restore.
fn check_engine(stored: &Stored) -> Result<(), BackendError> {
    let (id, manifest) = (stored.id(), stored.manifest());
    if manifest.engine != "sqlite" {
        let engine = &manifest.engine;
        let message = text!(
            "the backup {id} is of `{engine}`, and this installation keeps its rows in `sqlite`",
            "el respaldo {id} es de `{engine}`, y esta instalación guarda sus filas en `sqlite`"
        );
        return Err(BackendError::new(ErrorCode::Usage, message));
    }
    let known = (schema::version(schema::PLATFORM), schema::version(schema::TENANT));
    if manifest.platform_schema > known.0 || manifest.tenant_schema > known.1 {
        let (found, known, written_by) = (manifest.tenant_schema, known.1, &manifest.encargo);
        let message = text!(
            "the backup {id} has schema version {found} and this program knows {known}; restore it with Encargo {written_by}, which took it, or a newer one",
            "el respaldo {id} tiene la versión de esquema {found} y este programa conoce la {known}; restáurelo con Encargo {written_by}, que lo hizo, o con uno más nuevo"
        );
        return Err(BackendError::new(ErrorCode::Usage, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
