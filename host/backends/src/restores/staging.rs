//! The folder in which a restore gathers what it has fetched, below the data directory, so that what lies in it can be
//! renamed to its final place.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use encargo_model::RunId;

use super::journal::Step;
use crate::backups::no_room;
use crate::data_dir::{lack_of, make_folder};
use crate::held::{HeldFolder, sweep_folders};
use crate::{BackendError, PlatformError};

/// How the folders are named, also those that a restore is done with: what a kill leaves of them goes with the next one.
pub(super) const NAMED: &str = "restore-";
/// What is left free beside what a restore needs.
const RESERVE: u64 = 64 << 20;

/// The folder; it goes with this value unless it was handed over.
pub(super) struct Staging {
    pub(super) path: PathBuf,
    _held: HeldFolder,
    is_handed_over: bool,
}

impl Staging {
    pub(super) fn make(scratch: &Path, run: RunId) -> Result<Self, BackendError> {
        sweep_folders(scratch, |name| name.starts_with(NAMED));
        let path = scratch.join(format!("{NAMED}{run}"));
        let held = HeldFolder::make(&path).map_err(|error| no_room(&path, error))?;
        Ok(Self { path, _held: held, is_handed_over: false })
    }

    /// Passes when there is room for so many bytes, twice: as they are fetched, and in the log of the file that they then
    /// go into.
    pub(super) fn check_room(&self, bytes: u64) -> Result<(), BackendError> {
        self.check_free(bytes.saturating_mul(2))
    }

    /// Passes when the log of the largest file has room, whatever was fetched and backed up behind it.
    pub(super) fn check_largest(&self, steps: &[Step]) -> Result<(), BackendError> {
        let bytes = |step: &Step| match step {
            Step::Database { fetched, .. } => fs::metadata(self.path.join(fetched)).map_or(0, |file| file.len()),
            _ => 0,
        };
        self.check_free(steps.iter().map(bytes).max().unwrap_or(0))
    }

    fn check_free(&self, bytes: u64) -> Result<(), BackendError> {
        match lack_of(&self.path, bytes.saturating_add(RESERVE)) {
            Some(_) => Err(no_room(&self.path, io::Error::from(io::ErrorKind::StorageFull))),
            None => Ok(()),
        }
    }

    /// Makes a file in it, with the folders above it.
    pub(super) fn make_file(&self, name: &str) -> Result<(PathBuf, File), BackendError> {
        let path = self.path.join(name);
        let make = || -> io::Result<File> {
            make_folder(path.parent().unwrap_or(&self.path))?;
            File::options().write(true).create_new(true).open(&path)
        };
        let file = make().map_err(|error| no_room(&path, error))?;
        Ok((path, file))
    }

    /// Brings all that lies in it onto the disk.
    pub(super) fn sync(&self) -> Result<(), BackendError> {
        sync_below(&self.path).map_err(|error| no_room(&self.path, error))
    }

    /// It belongs to whoever carries the restore out from now on, under another name.
    pub(super) fn hand_over(&mut self, place: &Path) -> Result<(), PlatformError> {
        crate::platform::rename_new(&self.path, place)
            .and_then(|()| crate::data_dir::sync_folder_of(place))
            .map_err(|error| PlatformError::io(place, error))?;
        self.is_handed_over = true;
        Ok(())
    }
}

fn sync_below(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => sync_below(&entry.path())?,
            false => File::open(entry.path())?.sync_all()?,
        }
    }
    File::open(folder)?.sync_all()
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.is_handed_over {
            // What stays is swept by the next restore.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
