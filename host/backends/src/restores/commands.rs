//! Commands that were placed or added, what was granted to them, and the history of runs: they come back where there is
//! nothing yet.

use std::fs;
use std::path::{Path, PathBuf};

use encargo_model::{ErrorCode, text};

use super::journal::Step;
use super::{Fetched, Restoring};
use crate::data_dir::{make_folder, sync_folder_of};
use crate::platform::rename_new;
use crate::{BackendError, Platform, PlatformError};

/// The folders of components.
const FOLDERS: [&str; 2] = ["commands/", "commands/versions/"];

impl Platform {
    /// Fetches the commands of the backup and its engine store, to bring them back where there is no tenant yet.
    ///
    /// # Errors
    /// `invalid` where there is a tenant; as all that is fetched.
    pub fn restore_commands(&self, restoring: &mut Restoring) -> Result<Fetched, BackendError> {
        if !self.is_blank()? {
            let message = text!(
                "commands and history are brought back into an empty data directory alone",
                "los comandos y el historial solo se reponen en un directorio de datos vacío"
            );
            return Err(BackendError::new(ErrorCode::Invalid, message));
        }
        let mut fetched = Fetched::default();
        for folder in FOLDERS {
            let parts = restoring.stored.manifest().parts.iter();
            let own = parts.filter(|part| part.kind == "command" && is_in(&part.path, folder));
            let (names, read) = restoring.fetch_into(folder, own)?;
            fetched.files += read.files;
            fetched.bytes += read.bytes;
            if !names.is_empty() {
                let place = folder.trim_end_matches('/').to_owned();
                restoring.steps.push(Step::Add { fetched: place.clone(), place, names });
            }
        }
        if let Some(part) = restoring.stored.manifest().parts.iter().find(|part| part.kind == "engine").cloned() {
            let path = restoring.fetch_file(&part, "engine.db")?;
            fetched.files += 1;
            fetched.bytes += part.bytes;
            restoring.engine_store = Some(path);
        }
        Ok(fetched)
    }
}

impl Restoring {
    /// The engine store that was fetched, to be taken over before the restore is carried out; none in a dry run.
    pub fn engine_store(&self) -> Option<PathBuf> {
        self.engine_store.clone().filter(|_| !self.is_dry)
    }
}

/// Whether a file lies in this folder and in none below it.
fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|name| !name.contains('/'))
}

/// Adds files to a folder; what is there already stays as it is.
pub(super) fn add(fetched: &Path, place: &Path, names: &[String]) -> Result<(), PlatformError> {
    let failed = |error| PlatformError::io(place, error);
    make_folder(place).map_err(failed)?;
    for name in names {
        let (from, to) = (fetched.join(name), place.join(name));
        if !to.exists() && from.exists() {
            rename_new(&from, &to).map_err(failed)?;
        } else if fs::symlink_metadata(&to).is_err() {
            return Err(failed(std::io::Error::from(std::io::ErrorKind::NotFound)));
        }
    }
    sync_folder_of(&place.join("any")).map_err(failed)
}
