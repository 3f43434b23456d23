//! Why reading or writing stopped although the system said nothing, on its way through readers and encoders.

use std::fmt;
use std::io;

use encargo_model::{ErrorCode, text};

use crate::BackendError;

/// Why it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The run has to end, or was asked to, while it waited.
    Ended,
    /// The run's outputs would have more than this many stored bytes.
    OutputBytes(u64),
}

impl Stop {
    /// The stop inside an error.
    pub(super) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// What a command is told.
    pub(super) fn said(self, name: &str) -> BackendError {
        match self {
            Self::Ended => BackendError::new(
                ErrorCode::Cancelled,
                text!(
                    "the run had to end while it waited for `{name}`",
                    "la ejecución tuvo que terminar mientras esperaba a `{name}`"
                ),
            ),
            Self::OutputBytes(most) => BackendError::new(
                ErrorCode::Quota,
                text!(
                    "the run's files would have more than {most} bytes, its limit `output_bytes`",
                    "los archivos de la ejecución tendrían más de {most} bytes, su límite `output_bytes`"
                ),
            ),
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Stop {}

impl From<Stop> for io::Error {
    fn from(stop: Stop) -> Self {
        Self::other(stop)
    }
}
