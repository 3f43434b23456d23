//! What the operating system says about a file, as a command sees it: the file's name, never its folder.

use std::io;
use std::path::Path;

use encargo_model::{ErrorCode, Text, text};

use crate::BackendError;

pub(super) fn reading(name: &str, error: &io::Error) -> BackendError {
    let (code, problem) = match error.kind() {
        io::ErrorKind::NotFound => {
            (ErrorCode::NotFound, text!("there is no file `{name}`", "no existe el archivo `{name}`"))
        }
        io::ErrorKind::PermissionDenied => (
            ErrorCode::Unavailable,
            text!("`{name}` may not be read by this user", "este usuario no puede leer `{name}`"),
        ),
        _ => (ErrorCode::Unavailable, text!("`{name}` cannot be read", "no se puede leer `{name}`")),
    };
    BackendError::new(code, problem).because(error.to_string())
}

pub(super) fn writing(name: &str, error: &io::Error) -> BackendError {
    writing_to(&Text::quoted(format!("`{name}`")), error)
}

/// The same for what has no name that a command gave it.
pub(super) fn writing_to(what: &Text, error: &io::Error) -> BackendError {
    let (code, problem) = match error.kind() {
        // As `head` does: it has what it wanted, and nothing is wrong.
        io::ErrorKind::BrokenPipe => {
            (ErrorCode::Cancelled, text!("whoever reads {what} has gone", "quien leía {what} se ha ido", what = what))
        }
        kind => (ErrorCode::Unavailable, unwritable(what, kind)),
    };
    BackendError::new(code, problem).because(error.to_string())
}

fn unwritable(what: &Text, kind: io::ErrorKind) -> Text {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            text!("the disk is full while writing {what}", "el disco se llenó al escribir {what}", what = what)
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            text!("{what} cannot be written by this user", "este usuario no puede escribir {what}", what = what)
        }
        io::ErrorKind::NotFound => {
            text!("the folder for {what} is not there", "no existe la carpeta para {what}", what = what)
        }
        _ => text!("{what} cannot be written", "no se puede escribir {what}", what = what),
    }
}

/// A path's last part, for messages.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| "-".to_owned(), |name| name.to_string_lossy().into_owned())
}
