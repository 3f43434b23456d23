//! One run's files: the path arguments it was given, the tenant's named roots, and what it publishes.
//!
//! A command never sees a path; it names its arguments and roots, and this module alone turns these into paths.

mod decode;
mod error;
mod folder;
mod names;
mod output;
mod paths;
mod roots;
mod sink;
mod source;
mod standard_input;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::rc::Rc;

use encargo_model::{ArgumentKind, CommandError, ErrorCode, FileRecord, PathValue, Permission, Timestamp};

pub use output::Destination;
pub use paths::{PathProblem, check_paths};
pub use sink::Sink;
pub use source::Source;

use folder::Found;

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
    /// Where standard input is kept while the run lasts.
    pub scratch: PathBuf,
    /// How many bytes a decompressed file may have.
    pub input_bytes: u64,
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
    standard_input: RefCell<Option<standard_input::Spool>>,
    /// Shared with the sinks, which add to it when they are published.
    published: Rc<RefCell<Published>>,
}

/// What the run did to files.
#[derive(Default)]
struct Published {
    records: Vec<FileRecord>,
    /// Targets that are being written or were published.
    taken: BTreeSet<PathBuf>,
}

impl Files {
    /// Takes the configuration; nothing is opened or made.
    pub fn new(config: FilesConfig) -> Self {
        Self {
            config,
            listed: RefCell::default(),
            roots: RefCell::default(),
            standard_input: RefCell::default(),
            published: Rc::default(),
        }
    }

    /// The files that an input argument names: a file is one, a folder its regular files in the order of their names.
    ///
    /// # Errors
    /// `invalid` when the argument is not an input or was not given, `not-found`.
    pub fn entries(&self, argument: &str) -> Result<Vec<Entry>, CommandError> {
        Ok(self.list(argument)?.iter().map(Found::entry).collect())
    }

    /// Opens a file of an input argument from its start. It may be opened again, standard input too.
    ///
    /// # Errors
    /// As [`Files::entries`], and `not-found` for an index that has no file.
    pub fn read(&self, argument: &str, index: u32, decode: bool) -> Result<Source, CommandError> {
        let list = self.list(argument)?;
        let found = list.get(index as usize).ok_or_else(|| {
            let message = format!("`{argument}` has {} files and none with the index {index}", list.len());
            CommandError::new(ErrorCode::NotFound, message)
        })?;
        Source::open(&found.path, &found.name, decode.then_some(self.config.input_bytes))
    }

    /// What the run wrote and removed, in the order in which it did.
    pub fn records(&self) -> Vec<FileRecord> {
        self.published.borrow().records.clone()
    }

    fn list(&self, argument: &str) -> Result<Rc<Vec<Found>>, CommandError> {
        if let Some(list) = self.listed.borrow().get(argument) {
            return Ok(Rc::clone(list));
        }
        let value = self.path_of(argument).ok_or_else(|| {
            CommandError::new(
                ErrorCode::Invalid,
                format!("`{argument}` is no path argument of the command, or was not given"),
            )
        })?;
        let list = match value.kind {
            ArgumentKind::InputFile if value.path == "-" => vec![self.standard_input()?],
            ArgumentKind::InputFile => vec![folder::file(&PathBuf::from(&value.path))?],
            ArgumentKind::InputFolder => folder::files(&PathBuf::from(&value.path))?,
            _ => {
                let message = format!("`{argument}` is not an argument to read from");
                return Err(CommandError::new(ErrorCode::Invalid, message));
            }
        };
        let list = Rc::new(list);
        self.listed.borrow_mut().insert(argument.to_owned(), Rc::clone(&list));
        Ok(list)
    }

    fn standard_input(&self) -> Result<Found, CommandError> {
        let mut spool = self.standard_input.borrow_mut();
        if spool.is_none() {
            let stream = std::io::stdin().lock();
            *spool = Some(standard_input::Spool::fill(stream, &self.config.scratch, self.config.input_bytes)?);
        }
        Ok(Found {
            name: "-".to_owned(),
            path: spool.as_ref().map(|spool| spool.path().to_owned()).unwrap_or_default(),
            size: None,
            modified_at: None,
        })
    }

    fn path_of(&self, argument: &str) -> Option<&PathValue> {
        self.config.paths.iter().find(|(name, _)| name == argument).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests;
