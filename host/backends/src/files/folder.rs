//! Finds the files behind an input argument.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::UNIX_EPOCH;

use encargo_model::{ErrorCode, Timestamp, text};

use super::inside::{Identity, identity};
use super::{Entry, error, inside};
use crate::BackendError;

/// A file that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) name: String,
    place: Place,
    pub(super) size: Option<u64>,
    pub(super) modified_at: Option<Timestamp>,
    /// As it was when it was last opened, else when it was found; none for a stream.
    seen: Cell<Option<Identity>>,
}

/// Where it is.
#[derive(Debug, Clone)]
enum Place {
    /// Where the caller said.
    Named(PathBuf),
    /// Below a folder, which it cannot leave any more.
    Inside(Rc<OwnedFd>, PathBuf),
}

impl Found {
    fn new(name: String, place: Place, metadata: &Metadata) -> Self {
        let seen = Cell::new(Some(identity(metadata)));
        Self { name, place, size: Some(metadata.len()), modified_at: modified_at(metadata), seen }
    }

    /// Standard input, which is kept at this path.
    pub(super) fn stream(path: PathBuf) -> Self {
        let seen = Cell::new(None);
        Self { name: "-".to_owned(), place: Place::Named(path), size: None, modified_at: None, seen }
    }

    /// Opens it from its start.
    pub(super) fn open(&self) -> io::Result<File> {
        let file = match &self.place {
            Place::Named(path) => open_regular(path),
            Place::Inside(folder, path) => inside::open(folder, path),
        }?;
        if self.seen.get().is_some() {
            self.seen.set(Some(identity(&file.metadata()?)));
        }
        Ok(file)
    }

    /// The folder that it was found in, its name there and how it was last seen; none for what was named itself, and for
    /// what a link in the folder leads to.
    pub(super) fn in_folder(&self) -> Option<(&OwnedFd, &OsStr, Option<Identity>)> {
        let Place::Inside(folder, path) = &self.place else { return None };
        let name = path.file_name().filter(|name| Path::new(name) == path && name.to_string_lossy() == self.name)?;
        Some((folder, name, self.seen.get()))
    }

    pub(super) fn entry(&self) -> Entry {
        Entry { name: self.name.clone(), size: self.size, modified_at: self.modified_at }
    }
}

/// Why a folder's files cannot be listed.
#[derive(Debug)]
pub(super) enum FolderProblem {
    Io(io::Error),
    /// A link in the folder leads out of it.
    LinkLeaves(String),
}

/// The one file behind a path. The caller's own link is followed.
pub(super) fn file(path: &Path) -> Result<Found, BackendError> {
    let name = error::name_of(path);
    let metadata = fs::metadata(path).map_err(|error| error::reading(&name, &error))?;
    if !metadata.is_file() {
        return Err(BackendError::new(
            ErrorCode::Invalid,
            text!("`{name}` is not a regular file", "`{name}` no es un archivo regular"),
        ));
    }
    Ok(Found::new(name, Place::Named(path.to_owned()), &metadata))
}

/// The regular files of a folder in the order of their names.
pub(super) fn files(path: &Path) -> Result<Vec<Found>, BackendError> {
    list(path).map_err(|problem| match problem {
        FolderProblem::Io(error) => error::reading(&error::name_of(path), &error),
        FolderProblem::LinkLeaves(link) => BackendError::new(
            ErrorCode::Invalid,
            text!("the link `{link}` leads out of its folder", "el enlace `{link}` lleva fuera de su carpeta"),
        ),
    })
}

/// The same with what is wrong. Folders, sockets and dangling links inside are passed over.
pub(super) fn list(path: &Path) -> Result<Vec<Found>, FolderProblem> {
    let whole = path.canonicalize().map_err(FolderProblem::Io)?;
    let folder = Rc::new(inside::folder(&whole).map_err(FolderProblem::Io)?);
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(FolderProblem::Io)? {
        let entry = entry.map_err(FolderProblem::Io)?;
        let (file, mut path) = (entry.path(), entry.path());
        let mut below = PathBuf::from(entry.file_name());
        if entry.file_type().map_err(FolderProblem::Io)?.is_symlink() {
            let Ok(target) = file.canonicalize() else { continue };
            let Ok(inside) = target.strip_prefix(&whole) else {
                return Err(FolderProblem::LinkLeaves(error::name_of(&file)));
            };
            below = inside.to_owned();
            path = target;
        }
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                let place = Place::Inside(Rc::clone(&folder), below);
                found.push(Found::new(error::name_of(&file), place, &metadata));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(FolderProblem::Io(error)),
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Opens a regular file; opening a pipe that nobody writes to would never return.
fn open_regular(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

pub(super) fn modified_at(metadata: &Metadata) -> Option<Timestamp> {
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_micros()).ok().map(Timestamp)
}
