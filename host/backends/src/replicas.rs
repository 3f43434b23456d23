//! Databases where nothing can be written: read as they lie, or by a copy.
//!
//! SQLite reads a file in WAL mode by an index beside it (`-shm`), which it makes where there is none. On a read-only
//! file system, in a folder of another user's and on a full disk it cannot. A file whose log (`-wal`) is empty is
//! then all there is, and is read as it lies. One with a log is copied with it to where an index can be made: without
//! its log it would be an older state of the rows.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use encargo_model::Lack;
use rusqlite::{Connection, OpenFlags};
use rustix::fs::{Access, access};

use crate::data_dir::{check_may_write, lack_of};
use crate::held::TemporaryFolder;
use crate::sqlite::layer;
use crate::{DataDir, PlatformError};

/// The index of a log is made with so many bytes.
const INDEX_BYTES: u64 = 32 << 10;
/// There is an index and the beginning of a log where so much is free.
const LITTLE: u64 = 64 << 10;
/// How often a copy is tried again of a file that changes meanwhile.
const TRIES: u32 = 3;

/// How a database file can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// As always.
    Write,
    /// For reading, by the index that is there.
    Share,
    /// For reading, without an index: it has no log.
    AsItLies,
    /// Not there: it has a log and no index can be made.
    Copy,
}

/// How a file that is there can be opened now.
pub(crate) fn way_of(path: &Path) -> Way {
    if check_may_write(path).is_err() {
        return way_to_read(path, true);
    }
    // Where nobody has the file open SQLite makes the index anew, in the room that the old one had. One that is there
    // without having its bytes on the disk is what is left of an attempt that failed.
    let index = fs::metadata(beside(path, "-shm"));
    if index.is_ok_and(|index| index.blocks() * 512 >= INDEX_BYTES) || lack_of(path, LITTLE).is_none() {
        Way::Write
    } else {
        way_to_read(path, false)
    }
}

/// An index that cannot be written is used as it is; one that could be is made anew, which fails on a full disk.
fn way_to_read(path: &Path, uses_index: bool) -> Way {
    let [log, index] = ["-wal", "-shm"].map(|end| beside(path, end));
    let may_read = |path: &Path| access(path, Access::READ_OK).is_ok();
    let has_index = fs::metadata(&index).is_ok_and(|index| index.len() >= INDEX_BYTES);
    let has_log = fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    match (uses_index && has_index && may_read(&log) && may_read(&index), has_log) {
        (true, _) => Way::Share,
        (false, true) => Way::Copy,
        (false, false) => Way::AsItLies,
    }
}

/// Opens a file as it can be opened.
pub(crate) fn open(path: &Path) -> rusqlite::Result<Connection> {
    open_by(path, way_of(path))
}

fn open_by(path: &Path, way: Way) -> rusqlite::Result<Connection> {
    let to_read = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let to_write = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let layer = layer()?;
    match way {
        Way::Write => Connection::open_with_flags_and_vfs(path, to_write, layer),
        Way::AsItLies => {
            Connection::open_with_flags_and_vfs(as_it_lies(path), to_read | OpenFlags::SQLITE_OPEN_URI, layer)
        }
        Way::Share | Way::Copy => Connection::open_with_flags_and_vfs(path, to_read, layer),
    }
}

/// SQLite's name for a file that has no log and does not change.
fn as_it_lies(path: &Path) -> String {
    let escaped = path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{escaped}?immutable=1")
}

/// Where a database is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    /// The file itself, or its copy.
    pub file: PathBuf,
    /// Whether it has no index and gets none.
    pub as_it_lies: bool,
}

/// The copies of one process, and its folder for what lives as long as it does.
pub struct Replicas {
    data: DataDir,
    /// Where nothing can be written under the data directory.
    elsewhere: OnceLock<TemporaryFolder>,
    copies: Mutex<HashMap<PathBuf, PathBuf>>,
}

impl Replicas {
    /// None yet.
    pub fn new(data: DataDir) -> Self {
        Self { data, elsewhere: OnceLock::new(), copies: Mutex::default() }
    }

    /// A folder for scratch: the data directory's own, or where that cannot be written one under the system's folder
    /// for temporary files, which goes with this.
    ///
    /// # Errors
    /// When neither can be had.
    pub fn scratch(&self) -> Result<PathBuf, PlatformError> {
        let own = self.data.scratch();
        let existing = if own.exists() { own.as_path() } else { self.data.root() };
        if access(existing, Access::WRITE_OK | Access::EXEC_OK).is_ok() && lack_of(existing, LITTLE).is_none() {
            return Ok(own);
        }
        self.elsewhere()
    }

    fn elsewhere(&self) -> Result<PathBuf, PlatformError> {
        if let Some(folder) = self.elsewhere.get() {
            return Ok(folder.path().to_owned());
        }
        let made = TemporaryFolder::make().map_err(|error| PlatformError::io(&tempfile::env::temp_dir(), error))?;
        Ok(self.elsewhere.get_or_init(|| made).path().to_owned())
    }

    /// Where a file is read: as a copy, which is made once, where it cannot be read in its place.
    ///
    /// # Errors
    /// When there is no room for a copy, or the file changes whenever it is copied.
    pub fn readable(&self, path: &Path) -> Result<Readable, PlatformError> {
        self.readable_by(path, way_of(path))
    }

    fn readable_by(&self, path: &Path, way: Way) -> Result<Readable, PlatformError> {
        if way != Way::Copy {
            return Ok(Readable { file: path.to_owned(), as_it_lies: way == Way::AsItLies });
        }
        let mut copies = self.copies.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match copies.get(path) {
            Some(copy) => copy.clone(),
            None => {
                let copy = self.elsewhere()?.join(format!("{}-of-{}", copies.len(), name_of(path)));
                copy_with_log(path, &copy)?;
                copies.insert(path.to_owned(), copy.clone());
                copy
            }
        };
        Ok(Readable { file, as_it_lies: false })
    }
}

/// Copies a file with its log, both of the same moment.
fn copy_with_log(path: &Path, copy: &Path) -> Result<(), PlatformError> {
    let log = beside(path, "-wal");
    for _ in 0..TRIES {
        let before = (state_of(path), state_of(&log));
        for (from, to) in [(path, copy), (&log, &beside(copy, "-wal"))] {
            copy_file(from, to).map_err(|(at, error)| PlatformError::io(at, error))?;
        }
        if before == (state_of(path), state_of(&log)) {
            return Ok(());
        }
    }
    Err(PlatformError::Busy { path: path.to_owned() })
}

/// The place that an error speaks of is the one that it happened at.
fn copy_file<'a>(from: &'a Path, to: &'a Path) -> Result<(), (&'a Path, io::Error)> {
    let mut source = fs::File::open(from).map_err(|error| (from, error))?;
    let mut target = fs::File::create(to).map_err(|error| (to, error))?;
    io::copy(&mut source, &mut target).map_err(|error| (to, error))?;
    Ok(())
}

fn state_of(path: &Path) -> Option<(u64, SystemTime)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Why a file that is there cannot be written.
///
/// # Errors
/// `DiskFull` or `ReadOnly`.
pub(crate) fn check_writable(path: &Path) -> Result<(), PlatformError> {
    check_may_write(path)?;
    match way_of(path) {
        Way::Write => Ok(()),
        _ => Err(PlatformError::DiskFull { lack: lack_of(path, LITTLE).unwrap_or(Lack::Space), path: path.to_owned() }),
    }
}

#[cfg(test)]
mod tests;
