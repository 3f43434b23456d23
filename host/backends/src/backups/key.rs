//! The key of the backups: words that open the repository, in a file that its owner alone can read. Who has lost it has
//! lost the backups.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use encargo_model::{ErrorCode, text};

use crate::BackendError;
use crate::data_dir::{make_folder, sync_folder_of};
use crate::held;

/// Letters and digits that nobody mistakes for another one, 32 of them: five bits each.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// The key in this file; none where there is no file.
///
/// # Errors
/// When it cannot be read, or holds nothing.
pub(super) fn read(path: &Path) -> Result<Option<String>, BackendError> {
    match fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
        Ok(_) => Err(BackendError::new(
            ErrorCode::WrongKey,
            text!("the key file `{}` is empty", "el archivo de clave `{}` está vacío"; path.display()),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(path, error)),
    }
}

/// Waits until nobody else of this installation makes a repository or a key; the system ends a hold with its process. A
/// folder that cannot be made or held is of no use to a key either, which says so when one is to be made.
///
/// # Errors
/// What the system says of the folder.
pub(super) fn hold(path: &Path) -> Result<Option<File>, BackendError> {
    let folder = path.parent().unwrap_or(path);
    let hold = || -> io::Result<File> {
        make_folder(folder)?;
        let folder = File::open(folder)?;
        folder.lock()?;
        Ok(folder)
    };
    match hold() {
        Ok(held) => Ok(Some(held)),
        // A key in a folder of another's, or on a file system without locks.
        Err(_) if path.exists() => Ok(None),
        Err(error) => Err(unusable(path, error)),
    }
}

/// Makes a key of 160 random bits and puts it into this file, whole and on the disk before it has its name.
///
/// # Errors
/// When it cannot be written, or there is one already.
pub(super) fn make(path: &Path) -> Result<String, BackendError> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| unusable(path, io::Error::other(error.to_string())))?;
    let letters: Vec<u8> = random.iter().map(|byte| LETTERS[usize::from(byte % 32)]).collect();
    let groups: Vec<_> = letters.chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let key = groups.join("-");
    let write = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(path);
        make_folder(folder)?;
        let mut making = held::make_file(folder)?;
        writeln!(making.as_file_mut(), "{key}")?;
        making.as_file().sync_all()?;
        making.persist_noclobber(path)?;
        sync_folder_of(path)
    };
    write().map_err(|error| unusable(path, error))?;
    Ok(key)
}

fn unusable(path: &Path, error: io::Error) -> BackendError {
    let message =
        text!("the key file `{}` cannot be used", "no se puede usar el archivo de clave `{}`"; path.display());
    BackendError::new(ErrorCode::Unavailable, message).because(error)
}
