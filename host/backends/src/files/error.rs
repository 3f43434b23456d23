//! What the operating system says about a file, as a command sees it: the file's name, never its folder.

use std::io;
use std::path::Path;

use encargo_model::ErrorCode;

use crate::BackendError;

pub(super) fn reading(name: &str, error: &io::Error) -> BackendError {
    let (code, problem) = match error.kind() {
        io::ErrorKind::NotFound => (ErrorCode::NotFound, format!("there is no file `{name}`")),
        io::ErrorKind::PermissionDenied => (ErrorCode::Unavailable, format!("`{name}` may not be read by this user")),
        _ => (ErrorCode::Unavailable, format!("`{name}` cannot be read")),
    };
    BackendError::new(code, problem).because(error.to_string())
}

pub(super) fn writing(name: &str, error: &io::Error) -> BackendError {
    let (code, problem) = match error.kind() {
        // As `head` does: it has what it wanted, and nothing is wrong.
        io::ErrorKind::BrokenPipe => (ErrorCode::Cancelled, format!("whoever reads `{name}` has gone")),
        kind => (ErrorCode::Unavailable, unwritable(name, kind)),
    };
    BackendError::new(code, problem).because(error.to_string())
}

fn unwritable(name: &str, kind: io::ErrorKind) -> String {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!("the disk is full while writing `{name}`"),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!("`{name}` cannot be written by this user")
        }
        io::ErrorKind::NotFound => format!("the folder for `{name}` is not there"),
        _ => format!("`{name}` cannot be written"),
    }
}

/// A path's last part, for messages.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| "-".to_owned(), |name| name.to_string_lossy().into_owned())
}
