//! How bad an issue is.

use encargo_sdk::prelude::*;

/// From what is only worth knowing to what loses data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub(crate) enum Severity {
    /// Of interest to whoever looks for something.
    Debug,
    /// Worth knowing.
    Info,
    /// Probably wrong; nothing breaks by it.
    Warning,
    /// Wrong: something that reads it goes wrong.
    Error,
    /// Data is or will be lost.
    Critical,
}

impl Severity {
    /// The letter before the number of an id.
    #[cfg(test)]
    pub(crate) const fn letter(self) -> char {
        match self {
            Self::Debug => 'D',
            Self::Info => 'I',
            Self::Warning => 'W',
            Self::Error => 'E',
            Self::Critical => 'C',
        }
    }

    /// The word that people read.
    pub(crate) fn spoken(self) -> String {
        match self {
            Self::Debug => text!("debug", "depuración"),
            Self::Info => text!("information", "información"),
            Self::Warning => text!("warning", "aviso"),
            Self::Error => text!("error", "error"),
            Self::Critical => text!("critical", "crítico"),
        }
    }
}
