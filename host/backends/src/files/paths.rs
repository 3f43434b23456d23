//! Checks the path arguments before a run starts.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use encargo_model::{ArgumentKind, Exit, PathValue, Text, Worded, english_display, text};
use sha2::{Digest as _, Sha256};

use super::folder::{self, FolderProblem, Found};

/// How much of both ends of a file goes into the digest.
const ENDS: u64 = 64 << 10;

/// Why a path argument cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PathProblem {
    /// There is nothing at the path.
    NotFound {
        /// The argument.
        argument: String,
        /// The path, or the folder that a new file would be in.
        path: PathBuf,
    },
    /// A folder stands where a file is wanted.
    Folder {
        /// The argument.
        argument: String,
        /// The path.
        path: PathBuf,
    },
    /// A file stands where a folder is wanted.
    NotAFolder {
        /// The argument.
        argument: String,
        /// The path.
        path: PathBuf,
    },
    /// A pipe, a device or a socket.
    NotRegular {
        /// The argument.
        argument: String,
        /// The path.
        path: PathBuf,
    },
    /// A link in a folder leads out of it.
    LinkLeaves {
        /// The argument.
        argument: String,
        /// The folder.
        path: PathBuf,
        /// The link's name.
        link: String,
    },
    /// It is there and this user may not read it.
    Unreadable {
        /// The argument.
        argument: String,
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Worded for PathProblem {
    fn text(&self) -> Text {
        match self {
            Self::NotFound { argument, path } => {
                text!("`--{argument}`: there is nothing at `{}`", "`--{argument}`: no hay nada en `{}`"; path.display())
            }
            Self::Folder { argument, path } => text!(
                "`--{argument}`: `{}` is a folder and not a file",
                "`--{argument}`: `{}` es una carpeta y no un archivo";
                path.display()
            ),
            Self::NotAFolder { argument, path } => text!(
                "`--{argument}`: `{}` is a file and not a folder",
                "`--{argument}`: `{}` es un archivo y no una carpeta";
                path.display()
            ),
            Self::NotRegular { argument, path } => text!(
                "`--{argument}`: `{}` is not a regular file; write `-` for standard input or output",
                "`--{argument}`: `{}` no es un archivo regular; escriba `-` para la entrada o la salida estándar";
                path.display()
            ),
            Self::LinkLeaves { argument, path, link } => text!(
                "`--{argument}`: the link `{link}` leads out of `{}`",
                "`--{argument}`: el enlace `{link}` lleva fuera de `{}`";
                path.display()
            ),
            Self::Unreadable { argument, path, source } => text!(
                "`--{argument}`: `{}` cannot be read: {source}",
                "`--{argument}`: no se puede leer `{}`: {source}";
                path.display()
            ),
        }
    }
}

english_display!(PathProblem);

impl PathProblem {
    /// The exit code: what is not there is not found, all else is a bad argument.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::NotFound { .. } => Exit::NotFound,
            _ => Exit::Usage,
        }
    }
}

/// Checks the path arguments, and answers a digest of the inputs for the resume key: names, sizes, times of change, and
/// both ends of each file. Standard input counts by its name only, since it is read once.
///
/// # Errors
/// The first argument that cannot be used.
pub fn check_paths(paths: &[(String, PathValue)]) -> Result<String, PathProblem> {
    let mut digest = Sha256::new();
    for (argument, value) in paths {
        let path = Path::new(&value.path);
        match value.kind {
            _ if value.path == "-" && matches!(value.kind, ArgumentKind::InputFile | ArgumentKind::Output) => {}
            ArgumentKind::InputFile => add(&mut digest, argument, &[file(argument, path)?])?,
            ArgumentKind::InputFolder => add(&mut digest, argument, &files(argument, path)?)?,
            ArgumentKind::PasswordFile => drop(file(argument, path)?),
            ArgumentKind::Output => output(argument, path)?,
            _ => {}
        }
    }
    Ok(super::hexadecimal(&digest.finalize()))
}

fn file(argument: &str, path: &Path) -> Result<Found, PathProblem> {
    let (argument, path) = (argument.to_owned(), path.to_owned());
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => Err(PathProblem::Folder { argument, path }),
        Ok(metadata) if !metadata.is_file() => Err(PathProblem::NotRegular { argument, path }),
        Ok(_) => folder::file(&path).map_err(|_| PathProblem::NotFound { argument, path }),
        Err(error) => Err(unreadable(&argument, &path, error)),
    }
}

fn files(argument: &str, path: &Path) -> Result<Vec<Found>, PathProblem> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(argument, path, error))?;
    let (argument, path) = (argument.to_owned(), path.to_owned());
    if !metadata.is_dir() {
        return Err(PathProblem::NotAFolder { argument, path });
    }
    folder::list(&path).map_err(|problem| match problem {
        FolderProblem::Io(error) => unreadable(&argument, &path, error),
        FolderProblem::LinkLeaves(link) => PathProblem::LinkLeaves { argument, path, link },
    })
}

fn output(argument: &str, path: &Path) -> Result<(), PathProblem> {
    let (argument, written) = (argument.to_owned(), path.to_owned());
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() || metadata.is_file() => return Ok(()),
        Ok(_) => return Err(PathProblem::NotRegular { argument, path: written }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
        Err(error) => return Err(unreadable(&argument, path, error)),
    }
    // A file's folder is made as a folder is, with those above it.
    let above = path.ancestors().skip(1).find(|above| *above == Path::new("") || above.exists());
    match above {
        Some(above) if above != Path::new("") && !above.is_dir() => {
            Err(PathProblem::NotAFolder { argument, path: above.to_owned() })
        }

        _ => Ok(()),
    }
}

fn unreadable(argument: &str, path: &Path, source: io::Error) -> PathProblem {
    let (argument, path) = (argument.to_owned(), path.to_owned());
    match source.kind() {
        io::ErrorKind::NotFound => PathProblem::NotFound { argument, path },
        _ => PathProblem::Unreadable { argument, path, source },
    }
}

fn add(digest: &mut Sha256, argument: &str, files: &[Found]) -> Result<(), PathProblem> {
    digest.update(format!("{argument}\0{}\0", files.len()));
    for file in files {
        let size = file.size.unwrap_or(0);
        let modified_at = file.modified_at.unwrap_or_default().0;
        digest.update(format!("{}\0{size}\0{modified_at}\0", file.name));
        let ends = file.open().and_then(|opened| add_ends(digest, opened, size));
        ends.map_err(|error| unreadable(argument, Path::new(&file.name), error))?;
    }
    Ok(())
}

fn add_ends(digest: &mut Sha256, mut file: File, size: u64) -> io::Result<()> {
    for start in [0, size.saturating_sub(ENDS)] {
        file.seek(SeekFrom::Start(start))?;
        let mut end = Vec::new();
        (&mut file).take(ENDS).read_to_end(&mut end)?;
        digest.update(&end);
    }
    Ok(())
}
