//! Commands that were placed or added, what was granted to them, and the history of runs: they come back where there is
//! nothing yet.

use std::fs;
use std::path::{Path, PathBuf};

use encargo_model::{ErrorCode, text};

use super::journal::Step;
use super::shadow::damaged;
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
            let mut names = Vec::new();
            let parts = restoring.stored.manifest().parts.iter().filter(|part| part.kind == "command");
            for part in parts.filter(|part| in_folder(&part.path, folder).is_some()) {
                let name = in_folder(&part.path, folder).filter(|name| super::media::is_plain(name));
                let name = name.ok_or_else(|| damaged(&restoring.stored.id(), &part.path))?;
                let (_, mut file) = restoring.staging.make_file(&part.path)?;
                restoring.stored.write(part, &mut file, &restoring.interrupt)?;
                names.push(name.to_owned());
                fetched.files += 1;
                fetched.bytes += part.bytes;
            }
            if !names.is_empty() {
                let place = folder.trim_end_matches('/').to_owned();
                restoring.steps.push(Step::Add { fetched: place.clone(), place, names });
            }
        }
        if let Some(part) = restoring.stored.manifest().parts.iter().find(|part| part.kind == "engine").cloned() {
            let (path, mut file) = restoring.staging.make_file("engine.db")?;
            restoring.stored.write(&part, &mut file, &restoring.interrupt)?;
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

/// The name of a file that lies in this folder and in none below it.
fn in_folder<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    path.strip_prefix(folder).filter(|name| !name.contains('/'))
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
