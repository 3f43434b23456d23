//! A file in the making: written beside its place, synced, and renamed when it is whole.

use std::cell::RefCell;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::rc::Rc;

use encargo_model::{Artefact, CommandError, FileChange, FileRecord};
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::decode::Compression;
use super::{Published, error};
use crate::data_dir::{make_folder, sync_folder_of};

const BUFFER: usize = 256 << 10;
/// zstd's own default.
const ZSTD_LEVEL: i32 = 3;

/// A file in the making. Dropping it leaves nothing behind.
pub struct Sink {
    /// Where it will be; `-` for standard output.
    path: PathBuf,
    target: Target,
    encoder: Option<Encoder>,
    published: Rc<RefCell<Published>>,
    is_published: bool,
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
}

enum To {
    File(NamedTempFile),
    StandardOutput,
    Nowhere,
}

impl Sink {
    pub(super) fn begin(
        path: PathBuf,
        target: Target,
        compression: Compression,
        published: Rc<RefCell<Published>>,
    ) -> Result<Self, CommandError> {
        let name = error::name_of(&path);
        let begin = || -> io::Result<Encoder> {
            let to = match &target {
                Target::StandardOutput { discarded: true } => To::Nowhere,
                Target::StandardOutput { discarded: false } => To::StandardOutput,
                Target::File { folder, .. } => {
                    make_folder(folder)?;
                    To::File(tempfile::Builder::new().prefix(".encargo-").suffix(".tmp").tempfile_in(folder)?)
                }
            };
            let stored = BufWriter::with_capacity(BUFFER, Hashed { to, hash: Sha256::new(), bytes: 0 });
            Ok(match compression {
                Compression::None => Encoder::Plain(stored),
                Compression::Gzip => Encoder::Gzip(GzEncoder::new(stored, flate2::Compression::default())),
                Compression::Zstd => Encoder::Zstd(zstd::stream::write::Encoder::new(stored, ZSTD_LEVEL)?),
            })
        };
        let encoder = begin().map_err(|error| error::writing(&name, &error))?;
        Ok(Self { path, target, encoder: Some(encoder), published, is_published: false })
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// `unavailable` when the disk is full or the stream's reader is gone.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), CommandError> {
        let written = match &mut self.encoder {
            Some(Encoder::Plain(writer)) => writer.write_all(bytes),
            Some(Encoder::Gzip(writer)) => writer.write_all(bytes),
            Some(Encoder::Zstd(writer)) => writer.write_all(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        written.map_err(|error| error::writing(&error::name_of(&self.path), &error))
    }

    /// Finishes the file: what was written is on the disk, and the file has its name at once and whole.
    ///
    /// # Errors
    /// `unavailable`; nothing is left then.
    pub fn publish(mut self) -> Result<Artefact, CommandError> {
        let finished = self.encoder.take().map_or_else(|| Err(io::ErrorKind::BrokenPipe.into()), Encoder::finish);
        let name = error::name_of(&self.path);
        let writing = |error: io::Error| error::writing(&name, &error);
        let stored = finished.map_err(writing)?;
        match (stored.to, &self.target) {
            (To::File(file), Target::File { discarded: false, .. }) => {
                file.as_file().sync_all().map_err(writing)?;
                file.persist(&self.path).map_err(|error| writing(error.error))?;
                sync_folder_of(&self.path).map_err(writing)?;
            }
            (To::StandardOutput, _) => io::stdout().flush().map_err(writing)?,
            // A dry run's file goes with its handle.
            (To::File(_) | To::Nowhere, _) => {}
        }
        let sha256: String = stored.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let artefact = Artefact { name, path: self.path.to_string_lossy().into_owned(), bytes: stored.bytes, sha256 };
        self.published.borrow_mut().records.push(FileRecord {
            change: FileChange::Written,
            path: artefact.path.clone(),
            bytes: artefact.bytes,
            sha256: Some(artefact.sha256.clone()),
        });
        self.is_published = true;
        Ok(artefact)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if !self.is_published {
            self.published.borrow_mut().taken.remove(&self.path);
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
        let length = match &mut self.to {
            To::File(file) => file.write(bytes)?,
            To::StandardOutput => io::stdout().write(bytes)?,
            To::Nowhere => bytes.len(),
        };
        self.hash.update(&bytes[..length]);
        self.bytes += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::File(file) => file.flush(),
            To::StandardOutput => io::stdout().flush(),
            To::Nowhere => Ok(()),
        }
    }
}
