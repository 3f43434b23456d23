//! Why the engine store could not be opened, read or written.

use std::io;
use std::path::{Path, PathBuf};

use encargo_model::{Exit, Lack, RunId, Text, Worded, english_display, text};

use crate::disk::{holder_of, is_writable, lack_of};

/// Why the engine store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no file.
    NotInitialised {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is of an older Encargo.
    NeedsMigrate {
        /// The file.
        path: PathBuf,
    },
    /// The file is of a newer Encargo.
    TooNew {
        /// The file.
        path: PathBuf,
        /// The newest migration in the file.
        found: u32,
        /// The newest migration of this binary.
        known: u32,
    },
    /// The file is not what it should be.
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong, in the words of whoever found it.
        problem: String,
    },
    /// The file is another installation's.
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A new store is asked for, and there is one.
    There {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder cannot be written.
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// No room.
    Full {
        /// The file.
        path: PathBuf,
        /// What there is none of.
        lack: Lack,
    },
    /// Another process holds the file longer than is waited for.
    Busy {
        /// The file.
        path: PathBuf,
        /// The process, where the system tells.
        holder: Option<u32>,
    },
    /// A run that another process has, or that nobody began.
    TakenOver {
        /// The run.
        run: RunId,
    },
    /// Anything else.
    Io {
        /// The file.
        path: PathBuf,
        /// What is wrong, in the words of whoever found it.
        problem: String,
    },
}

impl Worded for StoreError {
    fn text(&self) -> Text {
        match self {
            Self::NotInitialised { path } => text!(
                "there is no engine store at `{}`; `encargo init_system` or `encargo migrate` makes one",
                "no hay almacén del motor en `{}`; `encargo init_system` o `encargo migrate` crea uno";
                path.display()
            ),
            Self::NeedsMigrate { path } => text!(
                "the engine store `{}` is of an older version; `encargo migrate` brings it up to date",
                "el almacén del motor `{}` es de una versión anterior; `encargo migrate` lo pone al día";
                path.display()
            ),
            Self::TooNew { path, found, known } => text!(
                "the engine store `{}` is of a newer version ({found}, this one knows {known}); use a newer `encargo`",
                "el almacén del motor `{}` es de una versión más nueva ({found}, este conoce la {known}); use un `encargo` más nuevo";
                path.display()
            ),
            Self::Corrupt { path, problem } => text!(
                "the engine store `{}` is corrupt: {problem}",
                "el almacén del motor `{}` está dañado: {problem}";
                path.display()
            ),
            Self::Foreign { path } => text!(
                "the engine store `{}` is another installation's; put back this one's",
                "el almacén del motor `{}` es de otra instalación; reponga el de esta";
                path.display()
            ),
            Self::There { path } => text!(
                "the engine store `{}` is there, so no new one is made; move it away first if it is not the right one",
                "el almacén del motor `{}` está ahí, así que no se crea uno nuevo; apártelo antes si no es el correcto";
                path.display()
            ),
            Self::ReadOnly { path } => text!(
                "the engine store `{}` cannot be written; are its file and folder writable by this user?",
                "no se puede escribir el almacén del motor `{}`; ¿puede este usuario escribir su archivo y su carpeta?";
                path.display()
            ),
            Self::Full { path, lack } => text!(
                "the engine store `{}` cannot grow: {lack}; remove what is not needed there and try again",
                "el almacén del motor `{}` no puede crecer: {lack}; borre lo que no haga falta ahí e inténtelo de nuevo",
                lack = lack;
                path.display()
            ),
            Self::Busy { path, holder } => text!(
                "the engine store `{}` is held by {holder}, which has been writing for longer than is waited for; try again when it is done",
                "el almacén del motor `{}` lo tiene {holder}, que lleva escribiendo más de lo que se espera; inténtelo de nuevo cuando termine",
                holder = match holder {
                    Some(pid) => text!("the process {pid}", "el proceso {pid}"),
                    None => text!("another process", "otro proceso"),
                };
                path.display()
            ),
            Self::TakenOver { run } => text!(
                "the run `{run}` is not this process's to write: another one took it over",
                "no le toca a este proceso escribir la ejecución `{run}`: otro se hizo cargo de ella"
            ),
            Self::Io { path, problem } => text!(
                "the engine store `{}` cannot be used: {problem}",
                "no se puede usar el almacén del motor `{}`: {problem}";
                path.display()
            ),
        }
    }
}

english_display!(StoreError);

impl StoreError {
    /// The exit code of a process that ends with this error.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Corrupt { .. } | Self::Foreign { .. } => Exit::Verification,
            Self::NotInitialised { .. }
            | Self::NeedsMigrate { .. }
            | Self::TooNew { .. }
            | Self::There { .. }
            | Self::ReadOnly { .. } => Exit::Usage,
            Self::Busy { .. } => Exit::LockHeld,
            Self::Full { .. } | Self::TakenOver { .. } | Self::Io { .. } => Exit::Failed,
        }
    }

    /// Whether nothing can be written there, so that what only reads goes on without.
    pub const fn is_unwritable(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::ReadOnly { .. })
    }

    /// The error of this file that an error of the operating system stands for.
    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        let lack = || lack_of(path).unwrap_or(Lack::Space);
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path: path.to_owned() }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::Full { path: path.to_owned(), lack: lack() }
            }
            _ => Self::Io { path: path.to_owned(), problem: error.to_string() },
        }
    }

    /// The error of this file that a driver's error stands for.
    pub(crate) fn of(path: &Path, error: &sqlx::Error) -> Self {
        let problem = error.to_string();
        let code = error.as_database_error().and_then(|error| error.code()?.parse().ok()).unwrap_or(0);
        match error {
            // A column that does not hold what this crate writes.
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                Self::Corrupt { path: path.to_owned(), problem }
            }
            _ => Self::of_code(path, code, problem),
        }
    }

    /// The same for an extended result code of SQLite, which carries the primary one in its lowest byte.
    ///
    /// SQLite has many codes for one full disk: that a log's index cannot be made (4874) or its file opened (14), that
    /// a page or a sync failed (778, 1034). So the disk itself is asked; it is not for what failed at reading.
    fn of_code(path: &Path, code: u32, problem: String) -> Self {
        const FAILED_AT_READING: [u32; 5] = [266, 522, 1802, 8202, 8458];
        let lack = || lack_of(path).filter(|_| !FAILED_AT_READING.contains(&code));
        let path = path.to_owned();
        match code & 0xff {
            5 | 6 => Self::Busy { holder: holder_of(&path), path },
            8 | 14 if !is_writable(&path) => Self::ReadOnly { path },
            11 | 26 => Self::Corrupt { path, problem },
            13 => Self::Full { lack: lack().unwrap_or(Lack::Space), path },
            primary @ (8 | 10 | 14) => match lack() {
                Some(lack) => Self::Full { path, lack },
                None if primary == 8 => Self::ReadOnly { path },
                None => Self::Io { path, problem },
            },
            _ => Self::Io { path, problem },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_sqlite_has_an_error_and_an_exit_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        std::fs::write(&path, "").unwrap();
        for (code, exit, words) in [
            (5, Exit::LockHeld, "is held by another process"),
            (517, Exit::LockHeld, "is held by another process"),
            (8, Exit::Usage, "cannot be written"),
            (1288, Exit::Usage, "cannot be written"),
            (11, Exit::Verification, "is corrupt: it"),
            (13, Exit::Failed, "the disk is full"),
            // Nothing is said about the disk while there is room on it, nor about who may write.
            (14, Exit::Failed, "cannot be used: it"),
            (4874, Exit::Failed, "cannot be used: it"),
            (0, Exit::Failed, "cannot be used: it"),
        ] {
            let error = StoreError::of_code(&path, code, "it".to_owned());
            assert!(error.to_string().contains(words) && error.exit() == exit, "{code}: {error}");
        }
    }

    #[test]
    fn a_column_that_does_not_hold_what_is_written_there_is_corrupt_and_another_error_is_not() {
        let decode = |problem: &str| sqlx::Error::Decode(problem.into());
        let column = sqlx::Error::ColumnDecode { index: "status".to_owned(), source: "of another kind".into() };
        for (error, is_corrupt) in [(decode("it"), true), (column, true), (sqlx::Error::RowNotFound, false)] {
            let of_store = StoreError::of(Path::new("/engine.db"), &error);
            assert_eq!(matches!(of_store, StoreError::Corrupt { .. }), is_corrupt, "{of_store}");
            assert_eq!(matches!(of_store, StoreError::Io { .. }), !is_corrupt, "{of_store}");
        }
    }

    #[test]
    fn a_full_disk_is_named_whatever_code_sqlite_has_for_it() {
        // A file system with a size of its own that has no room and may be written to.
        let path = Path::new("/proc/self/status");
        assert_eq!(lack_of(path), Some(Lack::Space));
        for code in [8, 10, 13, 778, 1034, 1546, 4618, 4874] {
            let error = StoreError::of_code(path, code, "it".to_owned());
            let refused = !is_writable(path) && code & 0xff == 8;
            assert_eq!(matches!(error, StoreError::Full { lack: Lack::Space, .. }), !refused, "{code}: {error}");
        }
        assert!(matches!(StoreError::of_code(path, 266, "it".to_owned()), StoreError::Io { .. }));
    }

    #[test]
    fn what_the_system_says_is_told_apart() {
        let path = Path::new("/nowhere/engine.db");
        for (kind, exit) in [
            (io::ErrorKind::StorageFull, Exit::Failed),
            (io::ErrorKind::QuotaExceeded, Exit::Failed),
            (io::ErrorKind::ReadOnlyFilesystem, Exit::Usage),
            (io::ErrorKind::PermissionDenied, Exit::Usage),
            (io::ErrorKind::NotFound, Exit::Failed),
        ] {
            let error = StoreError::io(path, &kind.into());
            assert_eq!((error.exit(), error.is_unwritable()), (exit, kind != io::ErrorKind::NotFound), "{error}");
        }
    }
}
