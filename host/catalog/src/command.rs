//! One command: its description, whose it is, and where its component lies.

use std::path::PathBuf;

use encargo_model::{Description, Text, Tier, Worded, text};

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

impl Worded for Source {
    fn text(&self) -> Text {
        match self {
            Self::Packaged => text!("the packaged one", "el incluido"),
            Self::File(path) => Text::quoted(format!("`{}`", path.display())),
        }
    }
}
