//! The copies that a dry run works on.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use encargo_model::{ErrorCode, text};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::connection;
use crate::data_dir::{make_file, make_folder};
use crate::{BackendError, PlatformError, Replicas};

/// How often a snapshot is tried again while another process writes.
const TRIES: u32 = 3;

/// A folder with copies of database files, each made when it is first asked for.
pub(super) struct Overlay {
    scratch: PathBuf,
    replicas: Arc<Replicas>,
    /// Held while a copy is made, so that each is made once.
    copying: Mutex<()>,
}

impl Overlay {
    pub(super) const fn new(scratch: PathBuf, replicas: Arc<Replicas>) -> Self {
        Self { scratch, replicas, copying: Mutex::new(()) }
    }

    /// The folder, which whoever runs dry holds.
    pub(super) fn folder(&self) -> &Path {
        &self.scratch
    }

    /// Where the copy of a file lies, whether it is there or not.
    pub(super) fn place_of(&self, real: &Path) -> PathBuf {
        real.file_name().map_or_else(|| self.scratch.clone(), |name| self.scratch.join(name))
    }

    /// The copy of a file, made now if there is none. A file that is not there has no copy.
    pub(super) fn copy_of(&self, real: &Path) -> Result<PathBuf, BackendError> {
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        let copy = self.place_of(real);
        if !copy.exists() && real.exists() {
            let readable = self.replicas.readable(real);
            readable.and_then(|from| snapshot(&from.file, &copy)).map_err(error_of_copy)?;
        }
        Ok(copy)
    }
}

/// Copies a database file that others may be using. The copy is thrown away after a crash, so it needs no sync.
///
/// # Errors
/// When the file is damaged or the disk is full; no copy is left then.
pub(super) fn snapshot(real: &Path, copy: &Path) -> Result<(), PlatformError> {
    if let Some(folder) = copy.parent() {
        make_folder(folder).map_err(|error| PlatformError::io(folder, error))?;
    }
    make_file(copy).map_err(|error| PlatformError::io(copy, error))?;
    let done = copy_pages(real, copy);
    if done.is_err() {
        // What is left of a copy is of no use to anyone.
        let _ = std::fs::remove_file(copy);
    }
    done
}

fn copy_pages(real: &Path, copy: &Path) -> Result<(), PlatformError> {
    let from = connection::open(real)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let of_copy = |error| PlatformError::sqlite(copy, error);
    let mut to = Connection::open_with_flags(copy, flags).map_err(of_copy)?;
    to.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF").map_err(of_copy)?;
    let backup = Backup::new(&from, &mut to).map_err(of_copy)?;
    for _ in 0..TRIES {
        match backup.step(-1).map_err(|error| PlatformError::sqlite(real, error))? {
            StepResult::Done => return Ok(()),
            // The connection's own busy timeout has passed by then.
            _ => continue,
        }
    }
    Err(PlatformError::Busy { path: real.to_owned() })
}

pub(super) fn error_of_copy(error: PlatformError) -> BackendError {
    let told = match &error {
        PlatformError::DiskFull { lack, .. } => {
            let message = text!(
                "the rows cannot be copied, to read them: {lack}",
                "no se pueden copiar las filas para leerlas: {lack}",
                lack = lack
            );
            BackendError::new(ErrorCode::Unavailable, message)
        }
        PlatformError::Busy { .. } => BackendError::retryable(
            ErrorCode::Busy,
            text!(
                "another process is writing the rows that are copied",
                "otro proceso está escribiendo las filas que se copian"
            ),
        ),
        PlatformError::Corrupt { .. } => BackendError::new(
            ErrorCode::Internal,
            text!(
                "the rows are damaged; an operator restores them from a backup",
                "las filas están dañadas; un operador las restaura de un respaldo"
            ),
        ),
        _ => BackendError::new(
            ErrorCode::Unavailable,
            text!("the rows cannot be copied, to read them", "no se pueden copiar las filas para leerlas"),
        ),
    };
    told.because(error)
}
