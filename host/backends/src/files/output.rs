//! Where outputs go.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use encargo_model::{ArgumentKind, ErrorCode, Text, text};

use super::decode::Compression;
use super::replace::{self, Before};
use super::sink::{List, Sink, Target};
use super::{Files, error, names};
use crate::BackendError;
use crate::held::sweep_files;

/// What an output argument stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Any number of files may be created in it.
    Folder,
    /// One file, by its name; one sink may be created, and its name is not used.
    File(String),
    /// One sink may be created, and nothing is renamed.
    StandardOutput,
}

/// The same with its path.
enum Place {
    Folder(PathBuf),
    File(PathBuf),
    StandardOutput,
}

impl Files {
    /// What the output argument stands for; the run's own exports when it was not given.
    ///
    /// # Errors
    /// `invalid` when the argument is not an output, or one file is given to a run of several tenants.
    pub fn destination(&self, argument: &str) -> Result<Destination, BackendError> {
        Ok(match self.place(argument)? {
            Place::Folder(_) => Destination::Folder,
            Place::File(path) => Destination::File(error::name_of(&path)),
            Place::StandardOutput => Destination::StandardOutput,
        })
    }

    /// Begins a file of an output argument. Without the argument it goes to the run's exports.
    ///
    /// # Errors
    /// As [`Files::destination`]; `invalid` for a name that is none and for a second sink where there is one file;
    /// `already-exists` for a name that this run has used, and for a file in a folder that must not be replaced.
    pub fn create(&self, argument: &str, name: &str, encode: bool) -> Result<Sink, BackendError> {
        let (path, single) = match self.place(argument)? {
            Place::StandardOutput => (PathBuf::from("-"), true),
            Place::File(path) => (path, true),
            Place::Folder(folder) => {
                names::check_new(name)?;
                (folder.join(name), false)
            }
        };
        self.take_and_begin(argument, &path, single, encode)
    }

    /// Begins a file beside the one file of an output argument: its name with the suffix behind it.
    ///
    /// # Errors
    /// `invalid` for a suffix that is none and where the argument is not one file; as in a folder otherwise.
    pub fn create_beside(&self, argument: &str, suffix: &str, encode: bool) -> Result<Sink, BackendError> {
        let Place::File(path) = self.place(argument)? else {
            let message = text!(
                "`{argument}` is not one file, so there is nothing beside it",
                "`{argument}` no es un solo archivo, así que no hay nada a su lado"
            );
            return Err(BackendError::new(ErrorCode::Invalid, message));
        };
        if !suffix.starts_with('.') {
            let suffix = suffix.escape_debug();
            let message = text!(
                "the suffix `{suffix}` does not begin with a dot",
                "el sufijo `{suffix}` no empieza por un punto"
            );
            return Err(BackendError::new(ErrorCode::Invalid, message));
        }
        let name = format!("{}{suffix}", error::name_of(&path));
        names::check_new(&name)?;
        self.take_and_begin(argument, &path.with_file_name(name), false, encode)
    }

    /// Begins a file of an output argument at its place; `single` is the one that the caller named.
    fn take_and_begin(&self, argument: &str, path: &Path, single: bool, encode: bool) -> Result<Sink, BackendError> {
        let before = || match single || self.config.overwrite {
            // A file that the caller named is to be written, whatever it is now.
            true => Ok(Before::Anything),
            false => replace::look(path, || self.config.host.published_before(&path.to_string_lossy())),
        };
        self.take(argument, path, single)?;
        self.begin(path, before, List::Outputs, encode)
    }

    /// Begins a file at a place of a named root, where nothing must be.
    pub(super) fn create_at(&self, root: &str, path: &Path, list: List, encode: bool) -> Result<Sink, BackendError> {
        self.take(root, path, false)?;
        self.begin(path, || Ok(Before::Nothing), list, encode)
    }

    /// Begins a file at a place that was taken for it.
    fn begin(
        &self,
        path: &Path,
        before: impl FnOnce() -> Result<Before, BackendError>,
        list: List,
        encode: bool,
    ) -> Result<Sink, BackendError> {
        let begun = before().and_then(|before| self.begin_in_place_of((path.to_owned(), before, list), encode));
        if begun.is_err() {
            self.outputs.release(path);
        }
        begun
    }

    /// Takes a place for one sink. Names that differ in case alone are one where case does not count.
    fn take(&self, argument: &str, path: &Path, single: bool) -> Result<(), BackendError> {
        let Some(other) = self.outputs.take(path)? else { return Ok(()) };
        let (name, other) = (error::name_of(path), error::name_of(&other));
        Err(if single {
            BackendError::new(
                ErrorCode::Invalid,
                text!("`{argument}` takes one file and has one", "`{argument}` admite un solo archivo y ya lo tiene"),
            )
        } else if name == other {
            BackendError::new(
                ErrorCode::AlreadyExists,
                text!("the run has a file `{name}` already", "la ejecución ya tiene un archivo `{name}`"),
            )
        } else {
            let message = text!(
                "the run has a file `{other}`, and `{name}` is the same where case does not count",
                "la ejecución tiene un archivo `{other}`, y `{name}` es el mismo donde no se distinguen mayúsculas"
            );
            BackendError::new(ErrorCode::AlreadyExists, message)
        })
    }

    fn begin_in_place_of(&self, place: (PathBuf, Before, List), encode: bool) -> Result<Sink, BackendError> {
        let path = &place.0;
        let target = match (path == Path::new("-"), &self.config.overlay) {
            (true, overlay) => Target::StandardOutput { discarded: overlay.is_some() },
            (false, None) => Target::File { folder: parent(path), discarded: false },
            (false, Some(overlay)) => Target::File { folder: overlay.clone(), discarded: true },
        };
        if let Target::File { folder, discarded: false } = &target
            && self.outputs.is_first_in(folder)
        {
            sweep_files(folder);
        }
        let compression = if encode { Compression::by_suffix(&error::name_of(path)) } else { Compression::None };
        let shared = (Rc::clone(&self.outputs), self.open.one_more()?);
        Sink::begin(place, target, compression, shared)
    }

    fn place(&self, argument: &str) -> Result<Place, BackendError> {
        let Some(value) = self.path_of(argument) else { return Ok(Place::Folder(self.config.exports.clone())) };
        let invalid = |message: Text| Err(BackendError::new(ErrorCode::Invalid, message));
        if value.kind != ArgumentKind::Output {
            return invalid(text!(
                "`{argument}` is not an argument to write to",
                "`{argument}` no es un argumento en el que escribir"
            ));
        }
        match (Place::of(&value.path), &self.config.tenant_folder) {
            (place, None) => Ok(place),
            (Place::Folder(folder), Some(tenant)) => Ok(Place::Folder(folder.join(tenant))),
            _ => invalid(text!(
                "`{argument}` is one file and the run is of several tenants; name a folder",
                "`{argument}` es un solo archivo y la ejecución es de varios inquilinos; indique una carpeta"
            )),
        }
    }
}

impl Place {
    /// A path that is not there and has no suffix is a folder to be made.
    fn of(path: &str) -> Self {
        let written = Path::new(path);
        if path == "-" {
            Self::StandardOutput
        } else if written.is_dir() || path.ends_with('/') || (!written.exists() && written.extension().is_none()) {
            Self::Folder(written.to_owned())
        } else {
            Self::File(written.to_owned())
        }
    }
}

/// The folder that a path names a file in.
pub(super) fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
