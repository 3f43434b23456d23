//! What is going to be stored: copies in a folder of their own, and what the manifest says of each file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use encargo_model::{ErrorCode, RunId, text};
use sha2::{Digest as _, Sha256};

use super::manifest::Part;
use super::source::Item;
use super::taking::Taking;
use crate::held::{HeldFolder, sweep_folders};
use crate::platform::Copied;
use crate::{BackendError, PlatformError};

/// How folders for copies are named.
const STAGING: &str = "backup-";
/// How much of a file is hashed at a time.
const BUFFER: usize = 256 << 10;

/// A folder for copies; it goes with this value, and what a kill left of one goes before the next is made.
pub(super) struct Staging {
    pub(super) path: PathBuf,
    _held: HeldFolder,
}

impl Staging {
    pub(super) fn make(scratch: &Path, run: RunId) -> Result<Self, BackendError> {
        sweep_folders(scratch, |name| name.starts_with(STAGING));
        let path = scratch.join(format!("{STAGING}{run}"));
        let held = HeldFolder::make(&path).map_err(|error| no_room(&path, error))?;
        Ok(Self { path, _held: held })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What stays is swept by the next backup.
        let _ = fs::remove_dir_all(&self.path);
    }
}

impl Taking {
    /// Adds a text of the configuration.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn configuration(&mut self, name: &str, text: &str) -> Result<Part, BackendError> {
        let file = self.staging.path.join(name);
        fs::write(&file, text).map_err(|error| no_room(&file, error))?;
        self.add(format!("config/{name}"), "configuration", None, file, false)
    }

    pub(super) fn database(
        &mut self,
        path: String,
        kind: &str,
        tenant: Option<String>,
        file: PathBuf,
        rows: Copied,
    ) -> Result<Part, BackendError> {
        let mut part = self.add(path, kind, tenant, file, false)?;
        if let Some(added) = self.manifest.parts.last_mut() {
            added.rows = rows;
            part = added.clone();
        }
        Ok(part)
    }

    pub(super) fn add(
        &mut self,
        path: String,
        kind: &str,
        tenant: Option<String>,
        file: PathBuf,
        lasts: bool,
    ) -> Result<Part, BackendError> {
        if self.interrupt.is_raised() {
            return Err(crate::sqlite::cancelled());
        }
        let (bytes, sha256) = hash(&file).map_err(|error| no_room(&file, error))?;
        if self.opened.is_none() && !lasts {
            fs::remove_file(&file).map_err(|error| no_room(&file, error))?;
        }
        let part = Part { path: path.clone(), kind: kind.to_owned(), tenant, bytes, sha256, rows: BTreeMap::new() };
        self.manifest.parts.push(part.clone());
        self.items.push(Item { path, file, lasts });
        Ok(part)
    }
}

/// The length of a file and the SHA-256 of it.
fn hash(path: &Path) -> io::Result<(u64, String)> {
    let (mut file, mut hash, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, crate::files::hexadecimal(&hash.finalize()))),
            n => {
                hash.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}

/// What is said where a copy cannot be made, or a file cannot be read.
pub(crate) fn no_room(path: &Path, error: io::Error) -> BackendError {
    let error = PlatformError::io(path, error);
    let message = match &error {
        PlatformError::DiskFull { lack, .. } => {
            text!(
                "nothing can be copied to be stored: {lack}",
                "no se puede copiar nada para guardarlo: {lack}",
                lack = lack
            )
        }
        _ => text!("a copy to be stored cannot be made or read", "no se puede hacer o leer una copia para guardarla"),
    };
    BackendError::new(ErrorCode::Unavailable, message).because(error)
}
