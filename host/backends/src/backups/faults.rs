//! What really went wrong below the library, which logs some failures and goes on: a source that cannot be read, a pack
//! that cannot be written. The first one is kept, and whoever called looks here before it believes an answer.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use encargo_model::{Text, Worded as _, text};
use rustic_core::{ErrorKind, RusticError};

use crate::PlatformError;

/// The first failure, shared by all that touch files for one repository.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Arc<Mutex<Option<Fault>>>);

/// A failure: what is said of it, and what the system said.
#[derive(Debug)]
pub(super) struct Fault {
    /// To follow "the backups cannot be used: ".
    pub(super) why: Text,
    pub(super) cause: Box<dyn std::error::Error + Send + Sync>,
}

impl Fault {
    pub(super) fn of_file(path: &Path, error: io::Error) -> Self {
        let error = PlatformError::io(path, error);
        let why = match &error {
            PlatformError::DiskFull { lack, .. } => lack.text(),
            PlatformError::ReadOnly { .. } => text!("it cannot be written", "no se puede escribir"),
            other => Text::quoted(other.to_string()),
        };
        Self { why, cause: error.into() }
    }
}

impl Faults {
    /// Keeps a failure and makes of it what the library takes.
    pub(super) fn keep(&self, path: &Path, error: io::Error) -> Box<RusticError> {
        self.keep_fault(|| Fault::of_file(path, error))
    }

    /// The same for a reader.
    pub(super) fn keep_io(&self, path: &Path, error: io::Error) -> io::Error {
        let said = io::Error::new(error.kind(), error.to_string());
        self.first().get_or_insert_with(|| Fault::of_file(path, error));
        said
    }

    /// The same for a failure that is no file's.
    pub(super) fn keep_fault(&self, fault: impl FnOnce() -> Fault) -> Box<RusticError> {
        let mut first = self.first();
        let kept = first.get_or_insert_with(fault);
        RusticError::new(ErrorKind::InputOutput, kept.why.en.clone())
    }

    /// What failed first since it was last asked for.
    pub(super) fn take(&self) -> Option<Fault> {
        self.first().take()
    }

    fn first(&self) -> MutexGuard<'_, Option<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
