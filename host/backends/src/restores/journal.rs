//! The steps of a restore that is to be carried out, as they stand beside its files. Every step may be repeated, so
//! whoever finds the list carries out all of it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use encargo_model::Language;
use serde::{Deserialize, Serialize};

use crate::PlatformError;

/// The name of the list.
pub(super) const NAME: &str = "restore.json";
/// The version of the list.
const FORMAT: u32 = 1;

/// What is to be done, in this order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Journal {
    format: u32,
    /// The run that began it.
    pub(super) run: String,
    /// The backup.
    pub(super) backup: String,
    pub(super) steps: Vec<Step>,
}

/// One step. Paths of what was fetched are below the folder of the list, others below the data directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub(super) enum Step {
    /// A database takes the place of another one's rows.
    Database {
        /// What was fetched.
        fetched: String,
        /// The file whose rows it replaces, or that it becomes where there is none.
        place: String,
    },
    /// A folder has these files and no others.
    Media {
        /// The folder with what was fetched; a file that is not there any more is in its place.
        fetched: String,
        /// The folder.
        place: String,
        /// The names of its files.
        names: Vec<String>,
    },
    /// A folder gets these files, where it does not have them.
    Add {
        /// The folder with what was fetched.
        fetched: String,
        /// The folder.
        place: String,
        /// The names of the files.
        names: Vec<String>,
    },
    /// A tenant stands in the list of tenants.
    Register(Registered),
}

/// A tenant as the list of tenants has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Registered {
    pub(super) id: i64,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) time_zone: String,
    pub(super) created_at: i64,
}

impl Registered {
    /// The same as the rest of the host has it.
    pub(super) fn tenant(&self) -> encargo_model::Tenant {
        encargo_model::Tenant {
            id: self.id,
            slug: self.slug.clone(),
            name: self.name.clone(),
            language: Language::from_tag(&self.language).unwrap_or_default(),
            time_zone: self.time_zone.clone(),
        }
    }
}

impl Journal {
    pub(super) fn new(run: String, backup: String, steps: Vec<Step>) -> Self {
        Self { format: FORMAT, run, backup, steps }
    }

    /// Writes the list into a folder, onto the disk.
    pub(super) fn write(&self, folder: &Path) -> Result<(), PlatformError> {
        let path = folder.join(NAME);
        let write = || -> std::io::Result<()> {
            let mut file = fs::File::create_new(&path)?;
            serde_json::to_writer(&mut file, self)?;
            file.flush()?;
            file.sync_all()
        };
        write().map_err(|error| PlatformError::io(&path, error))
    }

    /// Reads the list of a folder.
    ///
    /// # Errors
    /// [`PlatformError::TooNew`] for one of a newer program, [`PlatformError::Corrupt`] for one that cannot be read.
    pub(super) fn read(folder: &Path) -> Result<Self, PlatformError> {
        let path = folder.join(NAME);
        let text = fs::read(&path).map_err(|error| PlatformError::io(&path, error))?;
        let journal: Self = serde_json::from_slice(&text).map_err(|_| PlatformError::Corrupt { path: path.clone() })?;
        match journal.format {
            FORMAT => Ok(journal),
            found => Err(PlatformError::TooNew { path, found, known: FORMAT }),
        }
    }
}
