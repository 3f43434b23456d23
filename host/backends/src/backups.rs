//! Backups: snapshots in a restic repository, encrypted, compressed and deduplicated, that any `restic` can check and
//! restore.
//!
//! The library that writes them goes on where a source cannot be read or a pack cannot be written. So whatever fails
//! below it is kept (`faults.rs`), what was stored is read back against the manifest, and only what was read back is a
//! backup.

mod faults;
mod folder;
mod keeping;
mod key;
mod location;
mod manifest;
mod objects;
mod pruning;
mod reading;
mod repository;
mod segments;
mod selection;
mod source;
mod staging;
mod stored;
mod storing;
mod taking;

use std::path::PathBuf;

pub use location::Location;
pub use manifest::{Manifest, Part};
pub use pruning::{Decision, Keep, prune};
pub use reading::{check_key, list, show, verify};
pub use repository::NewKey;
pub use selection::Wanted;
pub(crate) use staging::no_room;
pub(crate) use stored::Stored;
pub use taking::{Media, Taken, Taking, What};
#[cfg(test)]
pub(crate) use {reading::verify_in, repository::open, repository::open_by};

/// The tag of a backup that was read back.
const COMPLETE: &str = "encargo";
/// The tag of what was stored and not read back; it is none.
const UNVERIFIED: &str = "encargo-unverified";

/// Where backups are, and what opens them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where the repository is.
    pub repository: Location,
    /// The file with its key.
    pub key_file: PathBuf,
}

/// One backup, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The first digits of the snapshot's id.
    pub id: String,
    /// When it was taken, in microseconds since 1970.
    pub taken_at: i64,
    /// `full`, `database`, `media` or `configuration`.
    pub kind: String,
    /// The run that took it.
    pub run: String,
    /// The installation that it was taken of.
    pub installation: String,
    /// How many bytes its files have.
    pub bytes: u64,
    /// How many bytes it added to the repository.
    pub added: u64,
}

#[cfg(test)]
mod tests;
