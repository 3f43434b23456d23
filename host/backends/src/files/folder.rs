//! Finds the files behind an input argument.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use encargo_model::{CommandError, ErrorCode, Timestamp};

use super::{Entry, error};

/// A file that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) size: Option<u64>,
    pub(super) modified_at: Option<Timestamp>,
}

impl Found {
    fn new(path: &Path, metadata: &Metadata) -> Self {
        Self {
            name: error::name_of(path),
            path: path.to_owned(),
            size: Some(metadata.len()),
            modified_at: modified_at(metadata),
        }
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
pub(super) fn file(path: &Path) -> Result<Found, CommandError> {
    let name = error::name_of(path);
    let metadata = fs::metadata(path).map_err(|error| error::reading(&name, &error))?;
    if !metadata.is_file() {
        return Err(CommandError::new(ErrorCode::Invalid, format!("`{name}` is not a regular file")));
    }
    Ok(Found::new(path, &metadata))
}

/// The regular files of a folder in the order of their names.
pub(super) fn files(path: &Path) -> Result<Vec<Found>, CommandError> {
    list(path).map_err(|problem| match problem {
        FolderProblem::Io(error) => error::reading(&error::name_of(path), &error),
        FolderProblem::LinkLeaves(link) => {
            CommandError::new(ErrorCode::Invalid, format!("the link `{link}` leads out of its folder"))
        }
    })
}

/// The same with what is wrong. Folders, sockets and dangling links inside are passed over.
pub(super) fn list(path: &Path) -> Result<Vec<Found>, FolderProblem> {
    let inside = path.canonicalize().map_err(FolderProblem::Io)?;
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(FolderProblem::Io)? {
        let entry = entry.map_err(FolderProblem::Io)?;
        let (file, mut path) = (entry.path(), entry.path());
        if entry.file_type().map_err(FolderProblem::Io)?.is_symlink() {
            let Ok(target) = file.canonicalize() else { continue };
            if !target.starts_with(&inside) {
                return Err(FolderProblem::LinkLeaves(error::name_of(&file)));
            }
            path = target;
        }
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                found.push(Found { name: error::name_of(&file), ..Found::new(&path, &metadata) });
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(FolderProblem::Io(error)),
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

pub(super) fn modified_at(metadata: &Metadata) -> Option<Timestamp> {
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_micros()).ok().map(Timestamp)
}
