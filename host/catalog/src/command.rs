//! One command: its description, whose it is, and where its component lies.

use std::path::PathBuf;

use encargo_model::{Description, Digest, Text, Tier, Worded, text};

/// A component inside the binary.
#[derive(Debug, Clone, Copy)]
pub struct Packaged {
    /// The command's name.
    pub name: &'static str,
    /// Its component.
    pub component: &'static [u8],
}

/// A command that can be run.
#[derive(Debug, Clone)]
pub struct Command {
    /// What it says about itself; a tenant's own has its full name there, `tenant/name`.
    pub description: Description,
    /// Whose it is.
    pub tier: Tier,
    /// The tenant whose own it is, and in which alone it runs.
    pub owner: Option<Owner>,
    /// Where its component lies.
    pub source: Source,
}

/// A tenant that has commands of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The tenant's id: a later one of the same slug is another.
    pub id: i64,
    /// The tenant's slug, which begins the names of its commands.
    pub slug: String,
}

impl Owner {
    /// The full name of its command of this name.
    pub fn name_of(&self, command: &str) -> String {
        format!("{}/{command}", self.slug)
    }
}

/// Where a component lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In the binary.
    Packaged,
    /// In the data directory, where the operator placed it.
    File(PathBuf),
    /// Among the versions of commands that were added.
    Version {
        /// Its file.
        path: PathBuf,
        /// What the file was when it was added.
        digest: Digest,
    },
}

impl Worded for Source {
    fn text(&self) -> Text {
        match self {
            Self::Packaged => text!("the packaged one", "el incluido"),
            Self::File(path) | Self::Version { path, .. } => Text::quoted(format!("`{}`", path.display())),
        }
    }
}
