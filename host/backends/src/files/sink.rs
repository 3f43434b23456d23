//! A file in the making: written beside its place, synced, and renamed when it is whole.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use encargo_model::{Artefact, ErrorCode, FileChange, FileRecord, text};
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::decode::Compression;
use super::open::OpenFile;
use super::output::parent;
use super::replace::{self, Before};
use super::stop::Stop;
use super::waiting::Waiting;
use super::{error, inside};
use crate::data_dir::{make_folder, sync_folder_of};
use crate::held;
use crate::{BackendError, MadeMedia};

const BUFFER: usize = 256 << 10;
/// zstd's own default.
const ZSTD_LEVEL: i32 = 3;

/// A file in the making. Dropping it leaves nothing behind.
pub struct Sink {
    /// Where it will be; `-` for standard output.
    path: PathBuf,
    /// What is there now.
    before: Before,
    target: Target,
    list: List,
    encoder: Option<Encoder>,
    outputs: Rc<Outputs>,
    is_published: bool,
    /// Counts it as open.
    _open: OpenFile,
}

/// What all sinks of a run share.
pub(super) struct Outputs {
    /// What the run did to files.
    pub(super) records: RefCell<Vec<FileRecord>>,
    /// Stored bytes of all sinks.
    pub(super) bytes: Cell<u64>,
    /// The most of them.
    most: u64,
    /// The most files.
    most_files: u64,
    /// The most places that were taken at a time.
    files: Cell<u64>,
    pub(super) waiting: Waiting,
    /// Places that are being written or were published, by what they are where case does not count.
    taken: RefCell<BTreeMap<String, PathBuf>>,
    /// Folders that were written to.
    folders: RefCell<BTreeSet<PathBuf>>,
}

impl Outputs {
    pub(super) fn new(waiting: Waiting, most: u64, most_files: u64) -> Self {
        Self {
            records: RefCell::default(),
            bytes: Cell::new(0),
            most,
            most_files,
            files: Cell::new(0),
            waiting,
            taken: RefCell::default(),
            folders: RefCell::default(),
        }
    }

    /// Takes a place, unless it is taken: then by what.
    ///
    /// # Errors
    /// `quota` when the run has as many files as it may make.
    pub(super) fn take(&self, path: &Path) -> Result<Option<PathBuf>, BackendError> {
        let (mut taken, folded) = (self.taken.borrow_mut(), folded(path));
        if let Some(other) = taken.get(&folded) {
            return Ok(Some(other.clone()));
        }
        let (files, most) = (taken.len() as u64 + 1, self.most_files);
        if files > most {
            let message = text!(
                "the run has made {most} files, its limit `output_files`",
                "la ejecución ya hizo {most} archivos, su límite `output_files`"
            );
            return Err(BackendError::new(ErrorCode::Quota, message));
        }
        taken.insert(folded, path.to_owned());
        self.files.set(self.files.get().max(files));
        Ok(None)
    }

    /// The most places that were taken at a time.
    pub(super) fn files(&self) -> u64 {
        self.files.get()
    }

    pub(super) fn release(&self, path: &Path) {
        self.taken.borrow_mut().remove(&folded(path));
    }

    /// Whether nothing was written to a folder before.
    pub(super) fn is_first_in(&self, folder: &Path) -> bool {
        self.folders.borrow_mut().insert(folder.to_owned())
    }
}

fn folded(path: &Path) -> String {
    path.to_string_lossy().to_lowercase()
}

/// Where the bytes go meanwhile.
pub(super) enum Target {
    /// A new file in a folder that is made if need be; `discarded` in a dry run.
    File {
        folder: PathBuf,
        discarded: bool,
    },
    StandardOutput {
        discarded: bool,
    },
}

/// Who knows of a file before it has its name, so that a kill right behind that leaves none that nobody knows.
pub(super) enum List {
    /// The run, whose files later ones may replace.
    Outputs,
    /// The list of what was made among a tenant's media.
    Media(i64, MadeMedia),
    /// Nobody: what is there is seen by whoever lists the folder.
    None,
}

type Stored = BufWriter<Hashed>;

enum Encoder {
    Plain(Stored),
    Gzip(GzEncoder<Stored>),
    Zstd(zstd::stream::write::Encoder<'static, Stored>),
}

/// Counts and hashes what is stored.
struct Hashed {
    to: To,
    hash: Sha256,
    bytes: u64,
    outputs: Rc<Outputs>,
}

enum To {
    File(NamedTempFile),
    StandardOutput,
    Nowhere,
}

impl Sink {
    pub(super) fn begin(
        (path, before, list): (PathBuf, Before, List),
        target: Target,
        compression: Compression,
        (outputs, open): (Rc<Outputs>, OpenFile),
    ) -> Result<Self, BackendError> {
        let name = error::name_of(&path);
        let begin = || -> io::Result<Encoder> {
            let to = match &target {
                Target::StandardOutput { discarded: true } => To::Nowhere,
                Target::StandardOutput { discarded: false } => To::StandardOutput,
                Target::File { folder, .. } => {
                    make_folder(folder)?;
                    if let List::Media(tenant, made) = &list {
                        made.begin(*tenant)?;
                    }
                    To::File(held::make_file(folder)?)
                }
            };
            let hashed = Hashed { to, hash: Sha256::new(), bytes: 0, outputs: Rc::clone(&outputs) };
            let stored = BufWriter::with_capacity(BUFFER, hashed);
            Ok(match compression {
                Compression::None => Encoder::Plain(stored),
                Compression::Gzip => Encoder::Gzip(GzEncoder::new(stored, flate2::Compression::default())),
                Compression::Zstd => Encoder::Zstd(zstd::stream::write::Encoder::new(stored, ZSTD_LEVEL)?),
            })
        };
        let encoder = begin().map_err(|error| error::writing(&name, &error))?;
        Ok(Self { path, before, target, list, encoder: Some(encoder), outputs, is_published: false, _open: open })
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// `unavailable` when the disk is full or the stream's reader is gone, `quota` past the limit of the run's outputs,
    /// `cancelled` when the run has to end while the stream's reader does not read.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BackendError> {
        let written = match &mut self.encoder {
            Some(Encoder::Plain(writer)) => writer.write_all(bytes),
            Some(Encoder::Gzip(writer)) => writer.write_all(bytes),
            Some(Encoder::Zstd(writer)) => writer.write_all(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        written.map_err(|error| failed(&error::name_of(&self.path), &error))
    }

    /// Finishes the file: what was written is on the disk, and the file has its name at once and whole.
    ///
    /// # Errors
    /// Those of [`Sink::write`]; `already-exists` where something has come meanwhile. Nothing is left then.
    pub fn publish(mut self) -> Result<Published, BackendError> {
        let finished = self.encoder.take().map_or_else(|| Err(io::ErrorKind::BrokenPipe.into()), Encoder::finish);
        let name = error::name_of(&self.path);
        let writing = |error: io::Error| failed(&name, &error);
        let stored = finished.map_err(writing)?;
        let sha256 = super::hexadecimal(&stored.hash.finalize());
        let bytes = match (stored.to, &self.target) {
            (To::File(file), Target::File { discarded: false, .. }) => {
                file.as_file().sync_all().map_err(writing)?;
                match &self.list {
                    List::Outputs => self.outputs.waiting.host.publishing(&self.path.to_string_lossy(), &sha256),
                    List::Media(tenant, made) => made.add(*tenant, file.as_file(), &name).map_err(writing)?,
                    List::None => {}
                }
                replace::publish(file, &self.path, &self.before)?;
                sync_folder_of(&self.path).map_err(writing)?;
                Bytes::InPlace
            }
            // A dry run's file goes with its handle.
            (To::File(file), _) => Bytes::Nameless(file.into_file()),
            (To::StandardOutput | To::Nowhere, _) => Bytes::Gone,
        };
        let artefact = Artefact { name, path: self.path.to_string_lossy().into_owned(), bytes: stored.bytes, sha256 };
        self.outputs.records.borrow_mut().push(FileRecord {
            change: FileChange::Written,
            path: artefact.path.clone(),
            bytes: artefact.bytes,
            sha256: Some(artefact.sha256.clone()),
        });
        self.is_published = true;
        Ok(Published { artefact, bytes })
    }
}

/// A file that was published.
#[derive(Debug)]
pub struct Published {
    /// What the run shows of it.
    pub artefact: Artefact,
    bytes: Bytes,
}

/// Where the bytes of a published file are.
#[derive(Debug)]
enum Bytes {
    /// At the artefact's path.
    InPlace,
    /// In a file without a name, as a dry run has them.
    Nameless(File),
    /// With whoever read them.
    Gone,
}

impl Published {
    /// Opens it from its start, from where it was put; a link that took its place is not followed.
    pub(super) fn open(&self) -> Result<io::Result<File>, BackendError> {
        match &self.bytes {
            Bytes::InPlace => {
                let path = Path::new(&self.artefact.path);
                let folder = inside::folder(&parent(path));
                Ok(folder.and_then(|folder| inside::open(&folder, path.file_name().unwrap_or_default().as_ref())))
            }
            Bytes::Nameless(file) => Ok(file.try_clone().and_then(|mut file| file.rewind().map(|()| file))),
            Bytes::Gone => {
                let message = text!(
                    "what went to standard output cannot be read back",
                    "lo que fue a la salida estándar no se puede volver a leer"
                );
                Err(BackendError::new(ErrorCode::Invalid, message))
            }
        }
    }
}

fn failed(name: &str, error: &io::Error) -> BackendError {
    Stop::of(error).map_or_else(|| error::writing(name, error), |stop| stop.said(name))
}

impl Drop for Sink {
    fn drop(&mut self) {
        if !self.is_published {
            self.outputs.release(&self.path);
        }
        // A buffer would write what it holds when it is dropped, to a file that nobody wants any more.
        match self.encoder.take() {
            Some(Encoder::Plain(writer)) => drop(writer.into_parts()),
            Some(Encoder::Gzip(_) | Encoder::Zstd(_)) | None => {}
        }
    }
}

impl Encoder {
    fn finish(self) -> io::Result<Hashed> {
        let stored = match self {
            Self::Plain(writer) => writer,
            Self::Gzip(writer) => writer.finish()?,
            Self::Zstd(writer) => writer.finish()?,
        };
        stored.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Outputs { bytes: used, most, waiting, .. } = &*self.outputs;
        if bytes.len() as u64 > most.saturating_sub(used.get()) {
            return Err(Stop::OutputBytes(*most).into());
        }
        let length = match &mut self.to {
            To::File(file) => file.write(bytes)?,
            To::StandardOutput => waiting.write(io::stdout().as_fd(), bytes)?,
            To::Nowhere => bytes.len(),
        };
        self.hash.update(&bytes[..length]);
        self.bytes += length as u64;
        used.set(used.get() + length as u64);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::File(file) => file.flush(),
            To::StandardOutput | To::Nowhere => Ok(()),
        }
    }
}
