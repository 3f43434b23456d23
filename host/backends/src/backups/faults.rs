//! What really went wrong below the library, which logs some failures and goes on: a source that cannot be read, a pack
//! that cannot be written. The first one is kept, and whoever called looks here before it believes an answer.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustic_core::{ErrorKind, RusticError};

use crate::PlatformError;

/// The first failure, shared by all that touch files for one repository.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Arc<Mutex<Option<(PathBuf, io::Error)>>>);

impl Faults {
    /// Keeps a failure and makes of it what the library takes.
    pub(super) fn keep(&self, path: &Path, error: io::Error) -> Box<RusticError> {
        let said = RusticError::new(ErrorKind::InputOutput, format!("{}: {error}", path.display()));
        self.first().get_or_insert_with(|| (path.to_owned(), error));
        said
    }

    /// The same for a reader.
    pub(super) fn keep_io(&self, path: &Path, error: io::Error) -> io::Error {
        let said = io::Error::new(error.kind(), error.to_string());
        self.first().get_or_insert_with(|| (path.to_owned(), error));
        said
    }

    /// What failed first since it was last asked for.
    pub(super) fn take(&self) -> Option<PlatformError> {
        self.first().take().map(|(path, error)| PlatformError::io(&path, error))
    }

    fn first(&self) -> std::sync::MutexGuard<'_, Option<(PathBuf, io::Error)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
