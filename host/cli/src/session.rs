//! What every verb has at hand.

use std::path::PathBuf;
use std::sync::Arc;

use encargo_model::Language;

use crate::arguments::{General, RunFlags};
use crate::config::{Configuration, Environment};
use crate::output::Output;

/// One call of the binary.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) environment: Environment,
    pub(crate) configuration: Configuration,
    pub(crate) general: General,
    /// Flags of commands that a verb may take, too.
    pub(crate) run_flags: RunFlags,
    /// Where the process was started.
    pub(crate) folder: PathBuf,
    pub(crate) output: Arc<Output>,
}

impl Session {
    /// The language that the caller is spoken to in.
    pub(crate) fn language(&self) -> Language {
        self.output.language
    }
}
