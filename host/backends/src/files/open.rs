//! How many files a run has open at a time.

use std::cell::Cell;
use std::rc::Rc;

use encargo_model::{ErrorCode, text};

use crate::BackendError;

/// Counts the sources and sinks of a run that are open.
pub(super) struct OpenFiles {
    now: Cell<u64>,
    peak: Cell<u64>,
    most: u64,
}

/// One of them, until this is dropped.
pub(super) struct OpenFile(Rc<OpenFiles>);

impl OpenFiles {
    pub(super) const fn new(most: u64) -> Self {
        Self { now: Cell::new(0), peak: Cell::new(0), most }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// `quota` when as many are open as there may be.
    pub(super) fn one_more(self: &Rc<Self>) -> Result<OpenFile, BackendError> {
        let Self { now, peak, most } = &**self;
        if now.get() >= *most {
            let message = text!(
                "the run has {most} files open, its limit `open_files`; close one first",
                "la ejecución tiene {most} archivos abiertos, su límite `open_files`; cierre uno antes"
            );
            return Err(BackendError::new(ErrorCode::Quota, message));
        }
        now.set(now.get() + 1);
        peak.set(peak.get().max(now.get()));
        Ok(OpenFile(Rc::clone(self)))
    }

    /// The most that were open at a time.
    pub(super) fn peak(&self) -> u64 {
        self.peak.get()
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        self.0.now.set(self.0.now.get() - 1);
    }
}
