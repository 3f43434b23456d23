//! Writes the files of a backup into a folder, and restores nothing.

use std::io;
use std::path::{Component, Path};

use encargo_model::{ErrorCode, text};

use super::shadow::damaged;
use super::{Fetched, Restoring};
use crate::BackendError;
use crate::backups::no_room;
use crate::data_dir::make_folder;
use crate::held;

impl Restoring {
    /// Writes all files of the backup into a folder, each beside its place first, and never over another one.
    ///
    /// # Errors
    /// `already-exists`, `verification-failed`, `cancelled`; what the system says.
    pub fn extract(&self, folder: &Path) -> Result<Fetched, BackendError> {
        let mut written = Fetched::default();
        if self.is_dry {
            let parts = &self.stored.manifest().parts;
            return Ok(Fetched { files: parts.len() as u64, bytes: self.stored.manifest().bytes(), ..written });
        }
        for part in &self.stored.manifest().parts {
            let below = Path::new(&part.path);
            if !below.components().all(|name| matches!(name, Component::Normal(_))) {
                return Err(damaged(&self.stored.id(), &part.path));
            }
            let place = folder.join(below);
            let parent = place.parent().unwrap_or(folder);
            let made = make_folder(parent).and_then(|()| held::make_file(parent));
            let mut making = made.map_err(|error| no_room(&place, error))?;
            self.stored.write(part, making.as_file_mut(), &self.interrupt)?;
            let kept = making.as_file().sync_all().map(|()| making.persist_noclobber(&place));
            match kept {
                Ok(Err(error)) if error.error.kind() == io::ErrorKind::AlreadyExists => return Err(there(&place)),
                Ok(Err(error)) => return Err(no_room(&place, error.error)),
                Err(error) => return Err(no_room(&place, error)),
                Ok(Ok(_)) => {}
            }
            written.files += 1;
            written.bytes += part.bytes;
        }
        Ok(written)
    }
}

fn there(place: &Path) -> BackendError {
    let message = text!(
        "`{}` is there already, and nothing is written over it; choose an empty folder",
        "`{}` ya está ahí, y no se escribe encima; elija una carpeta vacía";
        place.display()
    );
    BackendError::new(ErrorCode::AlreadyExists, message)
}
