//! A stored backup, opened to be read: what it holds, and each of its files as it was stored or not at all.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use encargo_model::{ErrorCode, Text, text};
use rustic_core::repofile::{Node, SnapshotFile};
use rustic_core::{IndexedFullStatus, Repository, RusticError};
use sha2::{Digest as _, Sha256};

use super::Place;
use super::faults::Faults;
use super::location::Location;
use super::manifest::{FORMAT, Manifest, Part};
use super::repository::{self, Opened};
use super::segments::{self, Failed};
use super::selection::{Wanted, find, short};
use super::source::TOP;
use crate::{BackendError, Interrupt};

/// A backup that was found, with its repository.
pub(crate) struct Stored {
    repository: Repository<IndexedFullStatus>,
    faults: Faults,
    path: Location,
    snapshot: SnapshotFile,
    manifest: Manifest,
}

impl Stored {
    /// Opens the backup that is wanted.
    ///
    /// # Errors
    /// `not-found` where there is no such backup; `verification-failed`, `wrong-key`; what the system says.
    pub(crate) fn open(place: &Place, wanted: &Wanted<'_>) -> Result<Self, BackendError> {
        Self::find(repository::open(&place.repository, &place.key_file)?, wanted)
    }

    /// Finds the backup that is wanted in an open repository.
    ///
    /// # Errors
    /// As [`Stored::open`].
    pub(super) fn find(opened: Opened, wanted: &Wanted<'_>) -> Result<Self, BackendError> {
        let snapshot = find(&opened, wanted)?;
        let Opened { repository, faults, path } = opened;
        let wrong = |error: Box<RusticError>| repository::wrong(&path, &faults, &error);
        let repository = repository.to_indexed().map_err(wrong)?;
        let node = node_of(&repository, &snapshot, "manifest.json").map_err(wrong)?;
        let mut text = Vec::new();
        repository.dump(&node, &mut text).map_err(wrong)?;
        let manifest = read(&text, &path, &short(&snapshot.id))?;
        Ok(Self { repository, faults, path, snapshot, manifest })
    }

    /// One that was just stored, with the manifest that it was stored by.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn of(opened: Opened, snapshot: SnapshotFile, manifest: Manifest) -> Result<Self, BackendError> {
        let Opened { repository, faults, path } = opened;
        let wrong = |error: Box<RusticError>| repository::wrong(&path, &faults, &error);
        let repository = repository.to_indexed().map_err(wrong)?;
        Ok(Self { repository, faults, path, snapshot, manifest })
    }

    /// The repository alone again, and what was stored in it.
    pub(super) fn into_parts(self) -> (Opened, SnapshotFile, Manifest) {
        let Self { repository, faults, path, snapshot, manifest } = self;
        (Opened { repository: repository.drop_index(), faults, path }, snapshot, manifest)
    }

    /// The first digits of its id.
    pub(crate) fn id(&self) -> String {
        short(&self.snapshot.id)
    }

    /// What it holds.
    pub(crate) const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Writes one of its files.
    ///
    /// # Errors
    /// `verification-failed` when it is not what was stored, `cancelled`; what the system says. What was written is worth
    /// nothing then.
    pub(crate) fn write(
        &self,
        part: &Part,
        to: &mut dyn Write,
        interrupt: &Arc<Interrupt>,
    ) -> Result<(), BackendError> {
        let wrong = |error: Box<RusticError>| repository::wrong(&self.path, &self.faults, &error);
        let mut hashing = Hashing { to, hash: Sha256::new(), bytes: 0, interrupt };
        let node = node_of(&self.repository, &self.snapshot, &part.path).map_err(wrong)?;
        let written = segments::write(&self.repository, &node, &mut hashing);
        if interrupt.is_raised() {
            return Err(crate::sqlite::cancelled());
        }
        match written {
            Ok(()) => hashing.compare(part, &self.path),
            Err(Failed::Reading(error)) => Err(wrong(error)),
            Err(Failed::Writing(error)) => Err(super::staging::no_room(Path::new(&part.path), error)),
        }
    }

    /// Reads all of it and compares each file with the manifest.
    ///
    /// # Errors
    /// As [`Stored::write`].
    pub(super) fn check(&self, interrupt: &Arc<Interrupt>) -> Result<(), BackendError> {
        self.manifest.parts.iter().try_for_each(|part| self.write(part, &mut io::sink(), interrupt))
    }
}

fn node_of(
    repository: &Repository<IndexedFullStatus>,
    snapshot: &SnapshotFile,
    path: &str,
) -> Result<Node, Box<RusticError>> {
    repository.node_from_path(snapshot.tree, &Path::new(TOP).join(path))
}

fn read(text: &[u8], place: &Location, id: &str) -> Result<Manifest, BackendError> {
    let manifest: Manifest =
        serde_json::from_slice(text).map_err(|error| otherwise(place, "manifest.json").because(error))?;
    if manifest.format > FORMAT {
        let format = manifest.format;
        let message = text!(
            "the backup {id} has the format {format} and this program knows {FORMAT}; use the newer program that wrote it",
            "el respaldo {id} tiene el formato {format} y este programa conoce el {FORMAT}; use el programa más nuevo que lo escribió"
        );
        return Err(BackendError::new(ErrorCode::Usage, message));
    }
    Ok(manifest)
}

/// A writer that keeps the hash and the length of what is written.
struct Hashing<'a> {
    to: &'a mut dyn Write,
    hash: Sha256,
    bytes: u64,
    interrupt: &'a Interrupt,
}

impl Hashing<'_> {
    fn compare(self, part: &Part, place: &Location) -> Result<(), BackendError> {
        let is_same = self.bytes == part.bytes && crate::files::hexadecimal(&self.hash.finalize()) == part.sha256;
        if is_same { Ok(()) } else { Err(otherwise(place, &part.path)) }
    }
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.interrupt.is_raised() {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        self.to.write_all(bytes)?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

pub(super) fn otherwise(place: &Location, part: &str) -> BackendError {
    let message: Text = text!(
        "`{part}` of the backup at `{}` is not what was stored",
        "`{part}` del respaldo en `{}` no es lo que se guardó";
        place
    );
    BackendError::new(ErrorCode::VerificationFailed, message)
}
