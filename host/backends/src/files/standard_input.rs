//! Standard input: read once in a process, and kept so that every run and every tenant can read all of it.

use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Duration;

use encargo_model::{ErrorCode, text};

use super::error;
use super::stop::Stop;
use super::waiting::Waiting;
use crate::BackendError;
use crate::data_dir::make_folder;

/// How often a run whose neighbour is reading sees whether it has to end.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The process's standard input. What came from it is in a file without a name, which goes with the process.
pub struct StandardInput {
    stream: Box<dyn AsFd + Send + Sync>,
    kept: Mutex<Kept>,
}

/// What came so far.
#[derive(Default)]
struct Kept {
    file: Option<File>,
    bytes: u64,
    is_whole: bool,
    /// Something of it is lost, and why.
    failed: Option<BackendError>,
}

impl Default for StandardInput {
    fn default() -> Self {
        Self::of(std::io::stdin())
    }
}

impl StandardInput {
    /// This stream in its place.
    pub fn of(stream: impl AsFd + Send + Sync + 'static) -> Self {
        Self { stream: Box::new(stream), kept: Mutex::default() }
    }

    /// Where all of it can be read, once it has come. A run that had to end meanwhile leaves what came to the next one.
    pub(super) fn path(&self, scratch: &Path, most: u64, waiting: &Waiting) -> Result<PathBuf, BackendError> {
        let mut kept = self.kept(waiting)?;
        if !kept.is_whole {
            kept.fill(self.stream.as_fd(), scratch, most, waiting)?;
        }
        if kept.bytes > most {
            return Err(too_large(most));
        }
        let file = kept.file.as_ref().map_or(-1, AsRawFd::as_raw_fd);
        Ok(PathBuf::from(format!("/proc/self/fd/{file}")))
    }

    fn kept(&self, waiting: &Waiting) -> Result<MutexGuard<'_, Kept>, BackendError> {
        loop {
            match self.kept.try_lock() {
                Ok(kept) => return Ok(kept),
                Err(TryLockError::Poisoned(kept)) => return Ok(kept.into_inner()),
                Err(TryLockError::WouldBlock) if waiting.is_over() => return Err(Stop::Ended.said("-")),
                Err(TryLockError::WouldBlock) => {
                    let _ = waiting.interrupt.wait(LOOK_EVERY);
                }
            }
        }
    }
}

impl Kept {
    fn fill(
        &mut self,
        stream: BorrowedFd<'_>,
        scratch: &Path,
        most: u64,
        waiting: &Waiting,
    ) -> Result<(), BackendError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let writing =
            |error| error::writing_to(&text!("the copy of standard input", "la copia de la entrada estándar"), &error);
        if self.file.is_none() {
            make_folder(scratch).map_err(writing)?;
            self.file = Some(tempfile::tempfile_in(scratch).map_err(writing)?);
        }
        let mut buffer = vec![0; 256 << 10];
        while self.bytes <= most {
            let read = waiting.read(stream, &mut buffer);
            let length = read
                .map_err(|error| Stop::of(&error).map_or_else(|| error::reading("-", &error), |stop| stop.said("-")))?;
            if length == 0 {
                self.is_whole = true;
                return Ok(());
            }
            self.bytes += length as u64;
            let written = self.file.as_mut().map_or(Ok(()), |file| file.write_all(&buffer[..length]));
            if let Err(error) = written.map_err(writing) {
                self.failed = Some(error.clone());
                return Err(error);
            }
            if waiting.is_over() {
                return Err(Stop::Ended.said("-"));
            }
        }
        Err(too_large(most))
    }
}

fn too_large(most: u64) -> BackendError {
    BackendError::new(
        ErrorCode::TooLarge,
        text!("standard input has more than {most} bytes", "la entrada estándar tiene más de {most} bytes"),
    )
}
