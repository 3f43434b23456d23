//! What a new file may stand in place of.
//!
//! A command chooses the names in an output folder, so it could choose that of any file. A file that is there is replaced
//! where an earlier run of the same command published it and nobody has changed it since, or where the caller said so.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use encargo_model::{ErrorCode, text};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};
use tempfile::{NamedTempFile, TempPath};

use super::error;
use super::inside::{Identity, identity};
use crate::BackendError;

/// What is at a new file's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing, and nothing must have come meanwhile.
    Nothing,
    /// Whatever it is, it may be replaced.
    Anything,
    /// What an earlier run published, and that alone.
    Ours(Ours),
}

/// A file as it was looked at, and its SHA-256 in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ours {
    identity: Identity,
    sha256: String,
}

/// Looks at a place before anything is written; `published` answers what an earlier run published there.
///
/// # Errors
/// `already-exists` for a file that must not be replaced.
pub(super) fn look(path: &Path, published: impl FnOnce() -> Vec<String>) -> Result<Before, BackendError> {
    let name = error::name_of(path);
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Before::Nothing),
        // The folder is none; writing says so.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(Before::Nothing),
        Err(error) => return Err(error::writing(&name, &error)),
    };
    let published = if metadata.is_file() { published() } else { Vec::new() };
    let now = if published.is_empty() { None } else { sha256_of(path).ok() };
    let sha256 = now.filter(|now| published.contains(now)).ok_or_else(|| is_there(&name))?;
    Ok(Before::Ours(Ours { identity: identity(&metadata), sha256 }))
}

/// Gives a finished file its name.
///
/// # Errors
/// `already-exists` where something has come or was changed since it was looked at: it stays.
pub(super) fn publish(file: NamedTempFile, path: &Path, before: &Before) -> Result<(), BackendError> {
    let name = error::name_of(path);
    let writing = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => is_there(&name),
        _ => error::writing(&name, &error),
    };
    let ours = match before {
        Before::Anything => return file.persist(path).map(drop).map_err(|error| writing(error.error)),
        Before::Nothing => return file.persist_noclobber(path).map(drop).map_err(|error| writing(error.error)),
        Before::Ours(ours) => ours,
    };
    let temporary = file.into_temp_path();
    match exchange(&temporary, path) {
        // What was there has the temporary name now and goes with it, unless it was changed meanwhile.
        Ok(()) if ours.is_known(&temporary) => Ok(()),
        Ok(()) => {
            exchange(&temporary, path).map_err(|error| writing(error.into()))?;
            Err(is_there(&name))
        }
        Err(Errno::NOENT) => temporary.persist_noclobber(path).map_err(|error| writing(error.error)),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            // This file system cannot exchange two names.
            if !ours.is_known(path) {
                return Err(is_there(&name));
            }
            temporary.persist(path).map_err(|error| writing(error.error))
        }
        Err(error) => Err(writing(error.into())),
    }
}

fn exchange(temporary: &TempPath, path: &Path) -> Result<(), Errno> {
    renameat_with(CWD, &**temporary, CWD, path, RenameFlags::EXCHANGE)
}

impl Ours {
    /// Whether a file is the one that was looked at; only one that looks changed is read again.
    fn is_known(&self, path: &Path) -> bool {
        let metadata = fs::symlink_metadata(path);
        metadata.is_ok_and(|metadata| {
            identity(&metadata) == self.identity || (metadata.is_file() && self.is_as_it_was(path))
        })
    }

    fn is_as_it_was(&self, path: &Path) -> bool {
        sha256_of(path).is_ok_and(|sha256| sha256 == self.sha256)
    }
}

fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 256 << 10]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(super::hexadecimal(&hash.finalize())),
            length => hash.update(&buffer[..length]),
        }
    }
}

fn is_there(name: &str) -> BackendError {
    BackendError::new(
        ErrorCode::AlreadyExists,
        text!(
            "`{name}` is there and is no file that an earlier run of this command published and nobody changed since; \
             name another folder, or replace it with --overwrite",
            "`{name}` ya existe y no es un archivo que una ejecución anterior de este comando publicó y nadie cambió después; \
             indique otra carpeta, o reemplácelo con --overwrite"
        ),
    )
}
