//! Looks at backups: which there are, what they hold, and whether every byte of them is what was stored.

use std::sync::Arc;

use rustic_core::{FileType, RusticError};
use sha2::{Digest as _, Sha256};

use super::faults::Faults;
use super::location::Location;
use super::manifest::Manifest;
use super::repository::Opened;
use super::selection::{Wanted, backup, complete};
use super::stored::{Stored, otherwise};
use super::{Backup, Place, repository};
use crate::{BackendError, Interrupt};

/// The backups at a place, the newest first. What was never read back is none.
///
/// # Errors
/// `not-found` where there is no repository; `wrong-key`; what the system says.
pub fn list(place: &Place) -> Result<Vec<Backup>, BackendError> {
    let opened = repository::open(&place.repository, &place.key_file)?;
    Ok(complete(&opened)?.iter().map(backup).collect())
}

/// What a backup holds, with its whole name.
///
/// # Errors
/// `not-found` for a backup that is none; `verification-failed`; `wrong-key`.
pub fn show(place: &Place, id: &str) -> Result<(String, Manifest), BackendError> {
    Stored::open(place, &Wanted::named(id)).map(|stored| (stored.id(), stored.manifest().clone()))
}

/// Reads a backup whole and compares each of its files with the manifest, and each file of the repository with its name,
/// which is its SHA-256.
///
/// # Errors
/// `not-found` for a backup that is none; `verification-failed`, naming the file; `wrong-key`; `cancelled`.
pub fn verify(place: &Place, id: &str, interrupt: &Arc<Interrupt>) -> Result<(String, Manifest), BackendError> {
    verify_in(repository::open(&place.repository, &place.key_file)?, id, interrupt)
}

/// The same in an open repository.
pub(crate) fn verify_in(
    opened: Opened,
    id: &str,
    interrupt: &Arc<Interrupt>,
) -> Result<(String, Manifest), BackendError> {
    let place = opened.path.clone();
    let stored = Stored::find(opened, &Wanted::named(id))?;
    stored.check(interrupt)?;
    check_names(&place, interrupt)?;
    Ok((stored.id(), stored.manifest().clone()))
}

/// Passes where the key opens the backups.
///
/// # Errors
/// `not-found` where there are none, `wrong-key`.
pub fn check_key(place: &Place) -> Result<(), BackendError> {
    repository::open(&place.repository, &place.key_file).map(drop)
}

/// Passes a repository in which every file is what its name says. Its configuration has another name, and is sealed by the
/// key.
fn check_names(place: &Location, interrupt: &Arc<Interrupt>) -> Result<(), BackendError> {
    let faults = Faults::default();
    let files = repository::files(place, &faults)?;
    let wrong = |error: Box<RusticError>| repository::wrong(place, &faults, &error);
    for kind in [FileType::Key, FileType::Snapshot, FileType::Index, FileType::Pack] {
        for id in files.list(kind).map_err(wrong)? {
            if interrupt.is_raised() {
                return Err(crate::sqlite::cancelled());
            }
            let content = files.read_full(kind, &id).map_err(wrong)?;
            if crate::files::hexadecimal(&Sha256::digest(&content)) != id.to_hex().as_str() {
                return Err(otherwise(place, &format!("{}/{}", kind.dirname(), &id.to_hex()[..8])));
            }
        }
    }
    Ok(())
}
