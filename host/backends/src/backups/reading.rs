//! Reads backups: which there are, what they hold, and whether every byte of them is what was stored.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use encargo_model::{ErrorCode, Text, text};
use rustic_core::repofile::{Node, SnapshotFile, SnapshotId};
use rustic_core::{IndexedFull, IndexedTree, Repository, RusticError};
use sha2::{Digest as _, Sha256};

use super::manifest::{FORMAT, Manifest, Part};
use super::repository::{self, Opened};
use super::source::TOP;
use super::{Backup, COMPLETE, Place};
use crate::{BackendError, Interrupt};

/// The backups at a place, the newest first. What was never read back is none.
///
/// # Errors
/// `not-found` where there is no repository; `wrong-key`; what the system says.
pub fn list(place: &Place) -> Result<Vec<Backup>, BackendError> {
    let opened = repository::open(&place.repository, &place.key_file)?;
    let mut all = complete(&opened)?;
    all.sort_by(|a, b| b.time.cmp(&a.time));
    Ok(all.iter().map(backup).collect())
}

pub(super) fn complete(opened: &Opened) -> Result<Vec<SnapshotFile>, BackendError> {
    let all = opened.repository.get_all_snapshots().map_err(|error| opened.wrong(&error))?;
    opened.sound()?;
    Ok(all.into_iter().filter(|one| one.tags.contains(COMPLETE)).collect())
}

pub(super) fn backup(snapshot: &SnapshotFile) -> Backup {
    let tagged =
        |name: &str| snapshot.tags.iter().find_map(|tag| tag.strip_prefix(name)).unwrap_or_default().to_owned();
    let summary = snapshot.summary.as_ref();
    Backup {
        id: short(&snapshot.id),
        taken_at: snapshot.time.timestamp().as_microsecond(),
        kind: tagged("kind:"),
        run: tagged("run:"),
        installation: snapshot.hostname.clone(),
        bytes: summary.map_or(0, |summary| summary.total_bytes_processed),
        added: summary.map_or(0, |summary| summary.data_added_packed),
    }
}

/// Reads a snapshot again, whole, and compares each file with the manifest.
pub(super) fn check(
    opened: Opened,
    snapshot: &SnapshotFile,
    manifest: &Manifest,
    interrupt: &Arc<Interrupt>,
) -> Result<Opened, BackendError> {
    let Opened { repository, faults, path } = opened;
    let wrong = |error: Box<RusticError>| repository::wrong(&path, &faults, &error);
    let indexed = repository.to_indexed().map_err(wrong)?;
    for part in &manifest.parts {
        let mut hash = Hashing { hash: Sha256::new(), bytes: 0, interrupt };
        let node = node_of(&indexed, snapshot, &part.path).map_err(wrong)?;
        let dumped = indexed.dump(&node, &mut hash);
        if interrupt.is_raised() {
            return Err(crate::sqlite::cancelled());
        }
        dumped.map_err(wrong)?;
        hash.compare(part, &path)?;
    }
    Ok(Opened { repository: indexed.drop_index(), faults, path })
}

fn node_of<S: IndexedTree>(
    repository: &Repository<S>,
    snapshot: &SnapshotFile,
    path: &str,
) -> Result<Node, Box<RusticError>> {
    repository.node_from_path(snapshot.tree, &Path::new(TOP).join(path))
}

/// A writer that keeps the hash and the length of what is written.
struct Hashing<'a> {
    hash: Sha256,
    bytes: u64,
    interrupt: &'a Interrupt,
}

impl Hashing<'_> {
    fn compare(self, part: &Part, place: &Path) -> Result<(), BackendError> {
        let is_same = self.bytes == part.bytes && crate::files::hexadecimal(&self.hash.finalize()) == part.sha256;
        if is_same { Ok(()) } else { Err(otherwise(place, &part.path)) }
    }
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.interrupt.is_raised() {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn otherwise(place: &Path, part: &str) -> BackendError {
    let message: Text = text!(
        "`{part}` of the backup at `{}` is not what was stored",
        "`{part}` del respaldo en `{}` no es lo que se guardó";
        place.display()
    );
    BackendError::new(ErrorCode::VerificationFailed, message)
}

/// What a snapshot holds.
pub(super) fn manifest<S: IndexedFull + IndexedTree>(
    repository: &Repository<S>,
    snapshot: &SnapshotFile,
    place: &Path,
    wrong: impl Fn(Box<RusticError>) -> BackendError,
) -> Result<Manifest, BackendError> {
    let node = node_of(repository, snapshot, "manifest.json").map_err(&wrong)?;
    let mut text = Vec::new();
    repository.dump(&node, &mut text).map_err(&wrong)?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|error| otherwise(place, "manifest.json").because(error))?;
    if manifest.format > FORMAT {
        let (format, id) = (manifest.format, short(&snapshot.id));
        let message = text!(
            "the backup {id} has the format {format} and this program knows {FORMAT}; use the newer program that wrote it",
            "el respaldo {id} tiene el formato {format} y este programa conoce el {FORMAT}; use el programa más nuevo que lo escribió"
        );
        return Err(BackendError::new(ErrorCode::Unavailable, message));
    }
    Ok(manifest)
}

/// What a backup holds, with its whole name.
///
/// # Errors
/// `not-found` for a backup that is none; `verification-failed`; `wrong-key`.
pub fn show(place: &Place, id: &str) -> Result<(String, Manifest), BackendError> {
    look_into(place, id).map(|(_, snapshot, manifest)| (short(&snapshot.id), manifest))
}

/// Reads a backup whole and compares each of its files with the manifest.
///
/// # Errors
/// `not-found` for a backup that is none; `verification-failed`, naming the file; `wrong-key`; `cancelled`.
pub fn verify(place: &Place, id: &str, interrupt: &Arc<Interrupt>) -> Result<(String, Manifest), BackendError> {
    let (opened, snapshot, manifest) = look_into(place, id)?;
    check(opened, &snapshot, &manifest, interrupt)?;
    Ok((short(&snapshot.id), manifest))
}

/// Passes where the key opens the backups.
///
/// # Errors
/// `not-found` where there are none, `wrong-key`.
pub fn check_key(place: &Place) -> Result<(), BackendError> {
    repository::open(&place.repository, &place.key_file).map(drop)
}

fn look_into(place: &Place, id: &str) -> Result<(Opened, SnapshotFile, Manifest), BackendError> {
    let opened = repository::open(&place.repository, &place.key_file)?;
    let snapshot = find(&opened, id)?;
    let Opened { repository, faults, path } = opened;
    let wrong = |error: Box<RusticError>| repository::wrong(&path, &faults, &error);
    let indexed = repository.to_indexed().map_err(wrong)?;
    let manifest = manifest(&indexed, &snapshot, &path, wrong)?;
    let opened = Opened { repository: indexed.drop_index(), faults: faults.clone(), path: path.clone() };
    Ok((opened, snapshot, manifest))
}

/// The backup of this name: `latest`, or the beginning of an id.
pub(super) fn find(opened: &Opened, id: &str) -> Result<SnapshotFile, BackendError> {
    let mut all = complete(opened)?;
    all.sort_by(|a, b| b.time.cmp(&a.time));
    let known: Vec<_> = all.iter().take(5).map(|one| short(&one.id)).collect();
    let mut found = all.into_iter().filter(|one| id == "latest" || one.id.to_hex().starts_with(id));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(_)) if id == "latest" => Ok(one),
        (Some(_), Some(_)) => {
            let message = text!("several backups begin with `{id}`", "varios respaldos empiezan por `{id}`");
            Err(BackendError::new(ErrorCode::NotFound, message))
        }
        (None, _) => {
            let known = known.join("`, `");
            let message = text!(
                "there is no backup `{id}`; the newest are `{known}`",
                "no hay ningún respaldo `{id}`; los más recientes son `{known}`"
            );
            Err(BackendError::new(ErrorCode::NotFound, message))
        }
    }
}

/// The first digits of a snapshot's id, as restic shows it.
pub(super) fn short(id: &SnapshotId) -> String {
    id.to_hex()[..8].to_owned()
}
