//! Moves a file into a folder inside the one that it is in.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use encargo_model::{ARGUMENTS, ArgumentKind, ErrorCode, FileChange, FileRecord, Permission, Text, text};
use rustix::fs::fsync;
use rustix::io::Errno;

use super::inside::{Identity, identity};
use super::{Files, error, found, inside, names};
use crate::BackendError;

/// How many numbers are tried behind a name that is taken.
const MOST_NAMES: u32 = 10_000;

impl Files {
    /// Moves a file of an input argument that is a folder into a folder inside it, which is made if need be, and answers where
    /// it is then, as `done/a.csv`. What has its name there is never replaced: the file gets a number, as in `done/a-2.csv`.
    ///
    /// # Errors
    /// `denied` without the permission to move, `not-found`; `invalid` for an argument that is no folder, for a link, for a file
    /// that is another one than was last opened, and for a folder's name that is none; `refused` in a run of several
    /// tenants, which share the argument; `unavailable` where the file system does not take it.
    pub fn move_entry(&self, argument: &str, index: u32, folder: &str) -> Result<String, BackendError> {
        let permission = Permission::MoveFiles(ARGUMENTS.to_owned());
        if !self.config.permissions.contains(&permission) {
            let message = text!(
                "the command may not move files of `{argument}`: it needs the permission `{permission}`",
                "el comando no puede mover archivos de `{argument}`: necesita el permiso `{permission}`"
            );
            return Err(BackendError::denied(permission, message));
        }
        let list = self.list(argument)?;
        let Some(value) = self.path_of(argument).filter(|value| value.kind == ArgumentKind::InputFolder) else {
            let message = text!(
                "`{argument}` is no folder, so nothing is moved inside it",
                "`{argument}` no es una carpeta, así que no se mueve nada dentro de ella"
            );
            return Err(BackendError::new(ErrorCode::Invalid, message));
        };
        if self.config.tenant_folder.is_some() {
            let message = text!(
                "the run is of several tenants, which all read `{argument}`; run it for one",
                "la ejecución es de varios inquilinos, y todos leen `{argument}`; ejecútelo para uno solo"
            );
            return Err(BackendError::new(ErrorCode::Refused, message));
        }
        let found = found(&list, argument, index)?;
        let place = found.in_folder().ok_or_else(|| is_no_file(&found.name))?;
        self.move_file(place, Path::new(&value.path), folder)
    }

    /// Moves a file of a folder, which lies at `path`, into a folder inside it; `seen` is how it was last opened.
    pub(super) fn move_file(
        &self,
        (from, name, seen): (&OwnedFd, &OsStr, Option<Identity>),
        path: &Path,
        folder: &str,
    ) -> Result<String, BackendError> {
        names::check_new(folder)?;
        let shown = name.to_string_lossy();
        let metadata = inside::look(from, name).map_err(|error| error::reading(&shown, &error))?;
        if !metadata.is_file() {
            return Err(is_no_file(&shown));
        }
        let before = identity(&metadata);
        if seen.is_some_and(|seen| seen != before) {
            return Err(is_another(&shown));
        }
        let refused = |error: io::Error| cannot_move(&shown, folder, &error);
        let new = match self.config.overlay {
            Some(_) => self.free_name(from, name, &path.join(folder)).map_err(refused)?,
            None => {
                let into = inside::make_folder_in(from, folder.as_ref()).map_err(refused)?;
                let new = move_in(from, name, &into).map_err(refused)?;
                // What took the name since it was looked at has not been read by anybody.
                if inside::look(&into, &new).is_ok_and(|now| identity(&now) != before) {
                    inside::rename(&into, &new, from, name).map_err(refused)?;
                    return Err(is_another(&shown));
                }
                fsync(&into).and_then(|()| fsync(from)).map_err(|error| refused(error.into()))?;
                new
            }
        };
        let path = path.join(folder).join(&new);
        self.outputs.records.borrow_mut().push(FileRecord {
            change: FileChange::Moved,
            path: path.to_string_lossy().into_owned(),
            bytes: metadata.len(),
            sha256: None,
        });
        Ok(format!("{folder}/{}", new.to_string_lossy()))
    }

    /// The name that a file would get in the folder at `path`, beside what is there and what a dry run has moved there.
    fn free_name(&self, from: &OwnedFd, name: &OsStr, path: &Path) -> io::Result<OsString> {
        let into = match inside::folder_in(from, path.file_name().unwrap_or_default()) {
            Ok(into) => Some(into),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let records = self.outputs.records.borrow();
        let is_free = |new: &OsStr| {
            let place = path.join(new);
            let is_there = into.as_ref().is_some_and(|into| inside::look(into, new).is_ok());
            !is_there && records.iter().all(|record| Path::new(&record.path) != place)
        };
        (1..=MOST_NAMES)
            .map(|n| numbered(name, n))
            .find(|new| is_free(new))
            .ok_or_else(|| io::ErrorKind::AlreadyExists.into())
    }
}

/// Moves a file into a folder, under the first name that is free there.
fn move_in(from: &OwnedFd, name: &OsStr, into: &OwnedFd) -> io::Result<OsString> {
    for n in 1..=MOST_NAMES {
        let new = numbered(name, n);
        match inside::rename(from, name, into, &new) {
            Ok(()) => return Ok(new),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The name with a number before its suffixes, as `a-2.csv.gz`; the first is the name itself.
fn numbered(name: &OsStr, n: u32) -> OsString {
    if n == 1 {
        return name.to_owned();
    }
    let bytes = name.as_bytes();
    let dot = bytes.iter().skip(1).position(|&byte| byte == b'.').map_or(bytes.len(), |at| at + 1);
    let mut numbered = OsStr::from_bytes(&bytes[..dot]).to_owned();
    numbered.push(format!("-{n}"));
    numbered.push(OsStr::from_bytes(&bytes[dot..]));
    numbered
}

fn is_no_file(name: &str) -> BackendError {
    let message =
        text!("`{name}` is a link or no file of the folder", "`{name}` es un enlace o no es un archivo de la carpeta");
    BackendError::new(ErrorCode::Invalid, message)
}

fn is_another(name: &str) -> BackendError {
    let message = text!("`{name}` has changed since it was read", "`{name}` cambió desde que se leyó");
    BackendError::new(ErrorCode::Invalid, message)
}

fn cannot_move(name: &str, folder: &str, error: &io::Error) -> BackendError {
    let problem: Text = match error.kind() {
        io::ErrorKind::CrossesDevices => text!(
            "`{name}` cannot be moved into `{folder}`, which is another file system",
            "`{name}` no se puede mover a `{folder}`, que es otro sistema de archivos"
        ),
        // What the system says of a link depends on what it leads to.
        _ if is_no_folder(error) => text!(
            "`{name}` cannot be moved into `{folder}`, which is a link or no folder",
            "`{name}` no se puede mover a `{folder}`, que es un enlace o no es una carpeta"
        ),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => text!(
            "`{name}` cannot be moved into `{folder}` by this user",
            "este usuario no puede mover `{name}` a `{folder}`"
        ),
        io::ErrorKind::AlreadyExists => text!(
            "`{folder}` has {MOST_NAMES} files of the name `{name}` already",
            "`{folder}` ya tiene {MOST_NAMES} archivos con el nombre `{name}`"
        ),
        _ => return error::writing(name, error),
    };
    BackendError::new(ErrorCode::Unavailable, problem).because(error.to_string())
}

fn is_no_folder(error: &io::Error) -> bool {
    let is = |errno: Errno| error.raw_os_error() == Some(errno.raw_os_error());
    is(Errno::NOTDIR) || is(Errno::LOOP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_before_the_suffixes() {
        for (name, expected) in
            [("a.csv", "a-2.csv"), ("a.csv.gz", "a-2.csv.gz"), ("a", "a-2"), (".a.csv", ".a-2.csv"), ("a.", "a-2.")]
        {
            assert_eq!(numbered(OsStr::new(name), 2), OsStr::new(expected));
            assert_eq!(numbered(OsStr::new(name), 1), OsStr::new(name));
        }
    }
}
