//! The commands that there are: the packaged ones, and those that the operator placed into the data directory.
#![deny(missing_docs)]

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

use std::path::PathBuf;

use encargo_store::Store;

pub use card::{Card, card};
pub use command::{Command, Packaged, Source};
pub use component::Component;
pub use error::CatalogError;

/// All commands of one installation.
pub struct Catalog {
    packaged: &'static [Packaged],
    commands: PathBuf,
    store: Option<Store>,
}

impl Catalog {
    /// The packaged commands and those in the folder `commands`; a command placed there overrides a packaged one of its
    /// name. Without a store nothing was granted or revoked yet.
    pub fn new(packaged: &'static [Packaged], commands: PathBuf, store: Option<Store>) -> Self {
        Self { packaged, commands, store }
    }
}
