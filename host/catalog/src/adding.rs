//! Takes a file as a new version of a command: checked and compiled first, kept last.

use std::collections::BTreeSet;
use std::io::{self, Cursor};
use std::path::Path;

use encargo_engine::{Bounded, Engine, LoadError, Waiting};
use encargo_model::{Description, Digest, Permission, Text, Tier, Timestamp, Worded};
use encargo_store::NewVersion;

use crate::component::known;
use crate::digests::Known;
use crate::file::ComponentFile;
use crate::{Catalog, CatalogError, Owner, tenants_own};

/// A file that may become a version of a command; nothing of it is kept yet.
#[derive(Debug)]
pub struct Candidate {
    /// What it says about itself, with its full name.
    pub description: Description,
    /// What identifies it.
    pub digest: Digest,
    /// The tenant whose own it is to be.
    pub owner: Option<Owner>,
    code: Digest,
    bytes: Vec<u8>,
}

impl Candidate {
    /// Reads a file for the tenant whose own it is to be, or for the operator.
    ///
    /// # Errors
    /// It is no command, it is too large, or it asks for what a tenant cannot have.
    pub fn read(path: &Path, owner: Option<Owner>) -> Result<Self, CatalogError> {
        let broken = |problem: Text| CatalogError::Broken { path: path.to_owned(), problem };
        let tier = tier(owner.as_ref());
        let file = ComponentFile::open(path).map_err(broken)?;
        let (found, most) = (file.size(), Engine::most_bytes(tier));
        if found > most {
            let source = LoadError::TooMuch { what: Bounded::Bytes, found, most };
            return Err(CatalogError::Load { command: path.display().to_string(), source });
        }
        let bytes = file.read().map_err(broken)?;
        let described = encargo_pack::read(Cursor::new(&bytes)).map_err(|error| broken(error.text()))?;
        let Known { digest, code, .. } = known(&bytes, &described);
        let mut description = described.description;
        if let Some(owner) = &owner {
            let name = owner.name_of(&description.name);
            tenants_own::check(&description)
                .map_err(|problems| CatalogError::NotATenants { command: name.clone(), problems })?;
            description.name = name;
        }
        Ok(Self { description, digest, owner, code, bytes })
    }

    /// Compiles it within the limits of its tier, so that what is taken can be run.
    ///
    /// # Errors
    /// It has too much of something, needs what is not offered, is no command, or is not compiled in time.
    pub fn compile(&self, engine: &Engine, waiting: &Waiting<'_>) -> Result<(), CatalogError> {
        let tier = tier(self.owner.as_ref());
        let made_ready = || {
            Engine::check_size(&self.bytes, tier)?;
            match engine.compiled(&self.code)? {
                Some(_) => Ok(()),
                None => engine.compile(&self.code, &self.bytes, tier, waiting).map(drop),
            }
        };
        let command = || self.description.name.clone();
        made_ready().map_err(|source| CatalogError::Load { command: command(), source })
    }

    /// What it requests.
    pub fn requests(&self) -> BTreeSet<Permission> {
        self.description.permissions.iter().cloned().collect()
    }
}

impl Catalog {
    /// Keeps a candidate as the version of its command that is wanted; false when it is that already.
    ///
    /// Its file is in its place before anything names it, so whoever is killed in between leaves the version before.
    ///
    /// # Errors
    /// The folder or the store cannot be written.
    pub async fn keep(&self, candidate: &Candidate, now: Timestamp) -> Result<bool, CatalogError> {
        let store = self.store.as_ref().ok_or(CatalogError::NoStore)?;
        let keeping = |error: io::Error| CatalogError::keeping(self.versions.folder(), error);
        let held = self.versions.hold().map_err(keeping)?;
        self.versions.put(&held, &candidate.digest, &candidate.bytes).map_err(keeping)?;
        let permissions = candidate.requests();
        let version = NewVersion {
            command: &candidate.description.name,
            tenant: candidate.owner.as_ref().map(|owner| owner.id),
            digest: &candidate.digest,
            version: &candidate.description.version,
            permissions: &permissions,
            grants: candidate.owner.is_none(),
        };
        let added = store.add_version(&version, now).await;
        if added.is_err() && matches!(store.has_version(&candidate.digest).await, Ok(false)) {
            // What nothing names is in nobody's way where it cannot be removed.
            let _ = self.versions.remove(&held, &candidate.digest);
        }
        Ok(added?)
    }

    /// Removes an added command with its versions and what it was granted; its runs stay.
    ///
    /// # Errors
    /// It was never added, or the store cannot be written.
    pub async fn remove(&self, name: &str) -> Result<(), CatalogError> {
        let store = self.store.as_ref().ok_or(CatalogError::NoStore)?;
        if !self.versions.is_made() {
            return Err(self.not_added(name));
        }
        let keeping = |error: io::Error| CatalogError::keeping(self.versions.folder(), error);
        let held = self.versions.hold().map_err(keeping)?;
        let Some(alone) = store.remove_command(name).await? else { return Err(self.not_added(name)) };
        for digest in alone {
            self.versions.remove(&held, &digest).map_err(keeping)?;
        }
        Ok(())
    }

    /// Goes back to the version before the one that is wanted, and answers its digest.
    ///
    /// # Errors
    /// It was never added, there is no version before, or the store cannot be written.
    pub async fn roll_back(&self, name: &str) -> Result<Digest, CatalogError> {
        let store = self.store.as_ref().ok_or(CatalogError::NoStore)?;
        match store.roll_back(name).await? {
            Some(digest) => Ok(digest),
            None if self.find_added(name).is_some() => Err(CatalogError::NothingBefore { command: name.to_owned() }),
            None => Err(self.not_added(name)),
        }
    }

    /// There is such a command and it was not added, or there is none.
    fn not_added(&self, name: &str) -> CatalogError {
        match self.find(name) {
            Ok(command) => CatalogError::NotAdded { command: name.to_owned(), from: command.source },
            Err(error) => error,
        }
    }
}

const fn tier(owner: Option<&Owner>) -> Tier {
    if owner.is_some() { Tier::Tenant } else { Tier::Operator }
}
