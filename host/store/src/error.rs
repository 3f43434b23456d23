//! Why the engine store could not be opened, read or written.

use std::path::{Path, PathBuf};

use encargo_model::{Exit, RunId};

/// Why the engine store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no file.
    #[error("there is no engine store at `{}`; `encargo init_system` or `encargo migrate` makes one", path.display())]
    NotInitialised {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is of an older Encargo.
    #[error("the engine store `{}` is of an older version; `encargo migrate` brings it up to date", path.display())]
    NeedsMigrate {
        /// The file.
        path: PathBuf,
    },
    /// The file is of a newer Encargo.
    #[error("the engine store `{}` is of a newer version ({found}, this one knows {known}); use a newer `encargo`", path.display())]
    TooNew {
        /// The file.
        path: PathBuf,
        /// The newest migration in the file.
        found: u32,
        /// The newest migration of this binary.
        known: u32,
    },
    /// The file is not what it should be.
    #[error("the engine store `{}` is corrupt: {problem}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong, in the words of whoever found it.
        problem: String,
    },
    /// The file or its folder cannot be written.
    #[error("the engine store `{}` cannot be written; are its file and folder writable by this user?", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// No room.
    #[error("the engine store `{}` cannot grow: the disk is full", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Other processes hold the file longer than is waited for.
    #[error("the engine store `{}` is busy; other processes have been writing for more than five seconds", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// A run that another process has, or that nobody began.
    #[error("the run `{run}` is not this process's to write: another one took it over")]
    TakenOver {
        /// The run.
        run: RunId,
    },
    /// Anything else.
    #[error("the engine store `{}` cannot be used: {problem}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What is wrong, in the words of whoever found it.
        problem: String,
    },
}

impl StoreError {
    /// The exit code of a process that ends with this error.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Corrupt { .. } => Exit::Verification,
            Self::NotInitialised { .. } | Self::NeedsMigrate { .. } | Self::TooNew { .. } | Self::ReadOnly { .. } => {
                Exit::Usage
            }
            Self::Full { .. } | Self::Busy { .. } | Self::TakenOver { .. } | Self::Io { .. } => Exit::Failed,
        }
    }

    /// The error of this file that a driver's error stands for.
    pub(crate) fn of(path: &Path, error: sqlx::Error) -> Self {
        let path = path.to_owned();
        let problem = error.to_string();
        // The extended result codes of SQLite carry the primary code in their lowest byte.
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok()).unwrap_or(0) & 0xff;
        match (code, error) {
            (5 | 6, _) => Self::Busy { path },
            (8 | 14, _) => Self::ReadOnly { path },
            (11 | 26, _) => Self::Corrupt { path, problem },
            (13, _) => Self::Full { path },
            // A column that does not hold what this crate writes.
            (_, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => Self::Corrupt { path, problem },
            _ => Self::Io { path, problem },
        }
    }
}
