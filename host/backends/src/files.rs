//! One run's files: the path arguments it was given, the tenant's named roots, and what it publishes.
//!
//! A command never sees a path; it names its arguments and roots, and this module alone turns these into paths.

mod decode;
mod error;
mod folder;
mod host;
mod inside;
mod moving;
mod names;
mod open;
mod output;
mod paths;
mod replace;
mod roots;
mod sink;
mod source;
mod standard_input;
mod stop;
mod waiting;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use encargo_model::{ArgumentKind, ErrorCode, FileRecord, PathValue, Permission, Timestamp, text};

pub use host::FilesHost;
pub use output::Destination;
pub use paths::{PathProblem, check_paths};
pub use sink::{Published, Sink};
pub use source::Source;
pub use standard_input::StandardInput;

use folder::Found;
use open::OpenFiles;
use sink::Outputs;
use waiting::Waiting;

use crate::{BackendError, Interrupt, MadeMedia};

/// What a run's files are made of.
pub struct FilesConfig {
    /// The path arguments that have a value, by the argument's name.
    pub paths: Vec<(String, PathValue)>,
    /// Where files go that have no output argument; made when the first one is.
    pub exports: PathBuf,
    /// The folders behind the named roots.
    pub roots: BTreeMap<String, PathBuf>,
    /// In a dry run, where outputs go instead; removals are then only remembered.
    pub overlay: Option<PathBuf>,
    /// The process's standard input.
    pub standard_input: Arc<StandardInput>,
    /// Where what comes from standard input is kept.
    pub scratch: PathBuf,
    /// How many bytes a decompressed file may have.
    pub input_bytes: u64,
    /// How many stored bytes the run's outputs may have together.
    pub output_bytes: u64,
    /// How many files the run may make, with those that it has begun.
    pub output_files: u64,
    /// How many files it may read and make at a time.
    pub open_files: u64,
    /// Whether a file in an output folder is replaced whoever wrote it.
    pub overwrite: bool,
    /// Ends what waits for a standard stream.
    pub interrupt: Arc<Interrupt>,
    /// What the run makes among its tenants' media.
    pub made: MadeMedia,
    /// The run around the files.
    pub host: Rc<dyn FilesHost>,
    /// The folder inside an output folder that a run of several tenants writes to.
    pub tenant_folder: Option<String>,
    /// What was requested and granted.
    pub permissions: BTreeSet<Permission>,
}

/// One file that may be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name without its folder; `-` for standard input.
    pub name: String,
    /// Its stored size in bytes; unknown for a stream.
    pub size: Option<u64>,
    /// When it was last changed; unknown for a stream.
    pub modified_at: Option<Timestamp>,
}

/// One run's files.
pub struct Files {
    config: FilesConfig,
    /// The files of the input arguments, listed once so that an index keeps its meaning.
    listed: RefCell<HashMap<String, Rc<Vec<Found>>>>,
    roots: RefCell<roots::Roots>,
    /// Stored bytes that the command is done with, of all its sources, which share it.
    read: Rc<Cell<u64>>,
    /// Shared with the sources and the sinks.
    open: Rc<OpenFiles>,
    /// Shared with the sinks.
    outputs: Rc<Outputs>,
}

impl Files {
    /// Takes the configuration; nothing is opened or made.
    pub fn new(config: FilesConfig) -> Self {
        let waiting = Waiting { host: Rc::clone(&config.host), interrupt: Arc::clone(&config.interrupt) };
        let outputs = Rc::new(Outputs::new(waiting, config.output_bytes, config.output_files));
        let open = Rc::new(OpenFiles::new(config.open_files));
        Self { config, listed: RefCell::default(), roots: RefCell::default(), read: Rc::default(), open, outputs }
    }

    /// The files that an input argument names: a file is one, a folder its regular files in the order of their names.
    ///
    /// # Errors
    /// `invalid` when the argument is not an input or was not given, `not-found`.
    pub fn entries(&self, argument: &str) -> Result<Vec<Entry>, BackendError> {
        Ok(self.list(argument)?.iter().map(Found::entry).collect())
    }

    /// Opens a file of an input argument from its start. It may be opened again, standard input too.
    ///
    /// # Errors
    /// As [`Files::entries`], and `not-found` for an index that has no file.
    pub fn read(&self, argument: &str, index: u32, decode: bool) -> Result<Source, BackendError> {
        let list = self.list(argument)?;
        let found = found(&list, argument, index)?;
        self.source(|| found.open(), &found.name, decode)
    }

    /// Opens what the run published from its start; what a dry run wrote is read from where that was dropped.
    ///
    /// # Errors
    /// `invalid` for what went to standard output, `not-found` where it is not there any more; `quota` where too many are
    /// open.
    pub fn read_back(&self, published: &Published, decode: bool) -> Result<Source, BackendError> {
        let name = &published.artefact.name;
        let open = self.open.one_more()?;
        // What the run wrote itself is as large as it let it become.
        Source::open((published.open()?, open), name, decode.then_some(u64::MAX), &self.read)
    }

    /// Opens a file, where the run may have one more open.
    fn source(
        &self,
        file: impl FnOnce() -> io::Result<File>,
        name: &str,
        decode: bool,
    ) -> Result<Source, BackendError> {
        let open = self.open.one_more()?;
        Source::open((file(), open), name, decode.then_some(self.config.input_bytes), &self.read)
    }

    /// Stored bytes that the command has read and is done with, each as often as it was read. A source's newest bytes
    /// count once more are asked for: until then the command is at work on them.
    pub fn read_bytes(&self) -> u64 {
        self.read.get()
    }

    /// What the run wrote and removed, in the order in which it did.
    pub fn records(&self) -> Vec<FileRecord> {
        self.outputs.records.borrow().clone()
    }

    /// Stored bytes of the run's outputs, whether they were published or not.
    pub fn output_bytes(&self) -> u64 {
        self.outputs.bytes.get()
    }

    /// The most files that the run has made or begun at a time.
    pub fn output_files(&self) -> u64 {
        self.outputs.files()
    }

    /// The most files that the run had open at a time.
    pub fn open_files(&self) -> u64 {
        self.open.peak()
    }

    fn list(&self, argument: &str) -> Result<Rc<Vec<Found>>, BackendError> {
        if let Some(list) = self.listed.borrow().get(argument) {
            return Ok(Rc::clone(list));
        }
        let value = self.path_of(argument).ok_or_else(|| {
            BackendError::new(
                ErrorCode::Invalid,
                text!(
                    "`{argument}` is no path argument of the command, or was not given",
                    "`{argument}` no es un argumento de ruta del comando, o no se dio"
                ),
            )
        })?;
        let list = match value.kind {
            ArgumentKind::InputFile if value.path == "-" => vec![self.standard_input()?],
            ArgumentKind::InputFile => vec![folder::file(&PathBuf::from(&value.path))?],
            ArgumentKind::InputFolder => folder::files(&PathBuf::from(&value.path))?,
            _ => {
                let message = text!(
                    "`{argument}` is not an argument to read from",
                    "`{argument}` no es un argumento del que leer"
                );
                return Err(BackendError::new(ErrorCode::Invalid, message));
            }
        };
        let list = Rc::new(list);
        self.listed.borrow_mut().insert(argument.to_owned(), Rc::clone(&list));
        Ok(list)
    }

    fn standard_input(&self) -> Result<Found, BackendError> {
        let FilesConfig { standard_input, scratch, input_bytes, .. } = &self.config;
        Ok(Found::stream(standard_input.path(scratch, *input_bytes, &self.outputs.waiting)?))
    }

    fn path_of(&self, argument: &str) -> Option<&PathValue> {
        self.config.paths.iter().find(|(name, _)| name == argument).map(|(_, value)| value)
    }
}

/// The file of a list that an index names.
fn found<'a>(list: &'a [Found], argument: &str, index: u32) -> Result<&'a Found, BackendError> {
    list.get(index as usize).ok_or_else(|| {
        let message = text!(
            "`{argument}` has {} files and none with the index {index}",
            "`{argument}` tiene {} archivos y ninguno con el índice {index}";
            list.len()
        );
        BackendError::new(ErrorCode::NotFound, message)
    })
}

/// Bytes as pairs of hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
