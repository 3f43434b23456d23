//! One command: its description, whose it is, and where its component lies.

use std::fmt;
use std::path::PathBuf;

use encargo_model::{Description, Tier};

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
    /// What it says about itself.
    pub description: Description,
    /// Whose it is.
    pub tier: Tier,
    /// Where its component lies.
    pub source: Source,
}

/// Where a component lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In the binary.
    Packaged,
    /// In the data directory.
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packaged => f.write_str("the packaged one"),
            Self::File(path) => write!(f, "`{}`", path.display()),
        }
    }
}
