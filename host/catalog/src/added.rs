//! Commands that were added: which version of one is in force, and what it waits for.

use std::path::PathBuf;

use encargo_model::{Description, Digest, Text, Tier};
use encargo_store::{AddedCommand, AddedVersion, StoreError};

use crate::file::ComponentFile;
use crate::{Catalog, CatalogError, Command, Owner, Source};

impl Catalog {
    /// The same catalog with what its store knows of added commands.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn with_added(mut self) -> Result<Self, StoreError> {
        if let Some(store) = self.store.as_ref().filter(|_| self.versions.is_made()) {
            self.added = store.added_commands().await?;
        }
        Ok(self)
    }

    /// The same catalog without its store, which may go.
    #[must_use]
    pub fn without_store(mut self) -> Self {
        self.store = None;
        self
    }

    /// Whether commands were ever added here, so that the store is to be asked.
    pub fn has_added(&self) -> bool {
        self.versions.is_made()
    }

    /// Every command that was added, whether or not a version of it is in force.
    pub fn added(&self) -> &[AddedCommand] {
        &self.added
    }

    /// The added command of this name.
    pub fn find_added(&self, name: &str) -> Option<&AddedCommand> {
        self.added.iter().find(|added| added.name == name)
    }

    /// A version of an added command, whether or not it is in force.
    ///
    /// # Errors
    /// Its file is lost or damaged.
    pub fn version(&self, added: &AddedCommand, version: &AddedVersion) -> Result<Command, CatalogError> {
        let path = self.versions.path(&version.digest);
        let lost = |problem| CatalogError::LostVersion { command: added.name.clone(), path: path.clone(), problem };
        let description = ComponentFile::open(&path).and_then(|file| file.describe()).map_err(lost)?.description;
        let owner = owner(added);
        let tier = if owner.is_some() { Tier::Tenant } else { Tier::Operator };
        let description = Description { name: added.name.clone(), ..description };
        Ok(Command { description, tier, owner, source: Source::Version { path, digest: version.digest.clone() } })
    }

    /// The version of an added command that runs.
    ///
    /// # Errors
    /// None is in force yet, or its file is lost or damaged.
    pub(crate) fn in_force(&self, added: &AddedCommand) -> Result<Command, CatalogError> {
        match added.in_force() {
            Some(version) => self.version(added, version),
            None => Err(pending(added)),
        }
    }

    /// The command of this name as it is, or as it is wanted where nothing of it is in force yet: to be looked at.
    ///
    /// # Errors
    /// As [`Catalog::find`].
    pub fn look(&self, name: &str) -> Result<Command, CatalogError> {
        match (self.find(name), self.find_added(name)) {
            (Err(CatalogError::Pending { .. }), Some(added)) => match added.wanted() {
                Some(wanted) => self.version(added, wanted),
                None => Err(pending(added)),
            },
            (found, _) => found,
        }
    }

    /// The commands that were added and of which nothing is in force yet.
    pub fn waiting(&self) -> impl Iterator<Item = &AddedCommand> {
        self.added.iter().filter(|added| added.in_force().is_none())
    }

    /// Files of versions in force that are lost or damaged, and why.
    pub(crate) fn lost(&self) -> Vec<(PathBuf, Text)> {
        let versions = self.added.iter().filter_map(|added| self.in_force(added).err());
        let lost = |error| match error {
            CatalogError::LostVersion { path, problem, .. } => Some((path, problem)),
            _ => None,
        };
        versions.filter_map(lost).collect()
    }
}

fn pending(added: &AddedCommand) -> CatalogError {
    let undecided = added.wanted().map(|version| added.undecided(version)).unwrap_or_default();
    CatalogError::Pending { command: added.name.clone(), undecided }
}

/// The tenant whose own a command is.
pub(crate) fn owner(added: &AddedCommand) -> Option<Owner> {
    let (slug, _) = added.name.split_once('/')?;
    Some(Owner { id: added.tenant?, slug: slug.to_owned() })
}

/// The name that a command gives itself.
pub(crate) fn own_name(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, own)| own)
}

/// The beginning of a digest that people are shown.
pub fn short(digest: &Digest) -> &str {
    digest.0.get(..12).unwrap_or(&digest.0)
}
