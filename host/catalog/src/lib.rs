//! The commands that there are: the packaged ones, those that the operator placed into the data directory, and those that
//! were added, in versions.
#![deny(missing_docs)]

mod added;
mod adding;
mod card;
mod command;
mod component;
mod damage;
mod digests;
mod error;
mod file;
mod find;
mod grants;
#[cfg(test)]
mod samples;
mod scan;
mod tenants_own;
mod versions;

use std::path::PathBuf;

use encargo_store::Store;
use versions::Versions;

pub use added::short;
pub use adding::Candidate;
pub use card::{Card, card};
pub use command::{Command, Owner, Packaged, Source};
pub use component::Component;
pub use encargo_store::{AddedCommand, AddedVersion};
pub use error::{CatalogError, grant_line};

/// All commands of one installation.
pub struct Catalog {
    packaged: &'static [Packaged],
    commands: PathBuf,
    versions: Versions,
    store: Option<Store>,
    added: Vec<AddedCommand>,
}

impl Catalog {
    /// The packaged commands and those in the folder `commands`; a command placed there overrides a packaged one of its
    /// name. Without a store nothing was granted or revoked yet.
    pub fn new(packaged: &'static [Packaged], commands: PathBuf, store: Option<Store>) -> Self {
        let versions = Versions::new(&commands);
        Self { packaged, commands, versions, store, added: Vec::new() }
    }
}
