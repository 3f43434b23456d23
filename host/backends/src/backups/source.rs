//! The files of a backup as the library reads them: from the places where they lie, under the paths of the manifest.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustic_core::jiff::Timestamp;
use rustic_core::repofile::{Metadata, Node, NodeType};
use rustic_core::{ReadSource, ReadSourceEntry, ReadSourceOpen, RusticResult};

use super::faults::Faults;
use crate::Interrupt;

/// The folder that all paths of a backup begin with.
pub(super) const TOP: &str = "/encargo";

/// A file to be stored.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Its path in the backup.
    pub(super) path: String,
    /// Where it lies.
    pub(super) file: PathBuf,
    /// Whether it may be known from the backup before by its time and size alone. A copy that was made for this backup
    /// is always read.
    pub(super) lasts: bool,
}

/// All files of a backup, in the order of their paths.
pub(super) struct Items {
    pub(super) items: Vec<Item>,
    pub(super) faults: Faults,
    pub(super) interrupt: Arc<Interrupt>,
}

/// A file that is opened when its turn comes.
pub(super) struct Unopened {
    file: PathBuf,
    faults: Faults,
    interrupt: Arc<Interrupt>,
}

/// An open file; what goes wrong while it is read is kept.
pub(super) struct Reading {
    file: File,
    path: PathBuf,
    faults: Faults,
    interrupt: Arc<Interrupt>,
}

impl ReadSourceOpen for Unopened {
    type Reader = Reading;

    fn open(self) -> RusticResult<Reading> {
        let Self { file: path, faults, interrupt } = self;
        match File::open(&path) {
            Ok(file) => Ok(Reading { file, path, faults, interrupt }),
            Err(error) => Err(faults.keep(&path, error)),
        }
    }
}

impl Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.interrupt.is_raised() {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the run is to end"));
        }
        self.file.read(buffer).map_err(|error| self.faults.keep_io(&self.path, error))
    }
}

impl ReadSource for Items {
    type Open = Unopened;
    type Iter = std::vec::IntoIter<RusticResult<ReadSourceEntry<Unopened>>>;

    fn size(&self) -> RusticResult<Option<u64>> {
        Ok(None)
    }

    fn entries(&self) -> Self::Iter {
        let entries: Vec<_> = self.items.iter().map(|item| self.entry(item)).collect();
        entries.into_iter()
    }
}

impl Items {
    fn entry(&self, item: &Item) -> RusticResult<ReadSourceEntry<Unopened>> {
        let metadata = fs::metadata(&item.file).map_err(|error| self.faults.keep(&item.file, error))?;
        let path = Path::new(TOP).join(&item.path);
        let name = path.file_name().unwrap_or_default().to_owned();
        let mut meta = Metadata { mode: Some(0o600), size: metadata.len(), links: 1, ..Metadata::default() };
        let nanoseconds = i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
        meta.mtime = Timestamp::from_nanosecond(nanoseconds).ok();
        if item.lasts {
            meta.ctime = Timestamp::new(metadata.ctime(), i32::try_from(metadata.ctime_nsec()).unwrap_or(0)).ok();
            meta.inode = metadata.ino();
        }
        let node = Node::new_node(&name, NodeType::File, meta);
        let (faults, interrupt) = (self.faults.clone(), Arc::clone(&self.interrupt));
        Ok(ReadSourceEntry { path, node, open: Some(Unopened { file: item.file.clone(), faults, interrupt }) })
    }
}
