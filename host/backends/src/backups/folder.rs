//! A repository in a folder of this machine, laid out as restic lays it out. What has a name there is whole and on the
//! disk: it is written beside its place, synced, named, and its folder synced.
//!
//! <https://restic.readthedocs.io/en/stable/100_references.html#repository-layout>

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use rustic_core::{BytesList, FileType, Id, ReadBackend, RusticResult, WriteBackend};

use super::faults::Faults;
use crate::data_dir::{make_folder, sync_folder_of};
use crate::held;

/// The folder, and what went wrong in it.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    path: PathBuf,
    faults: Faults,
}

impl Folder {
    pub(super) const fn new(path: PathBuf, faults: Faults) -> Self {
        Self { path, faults }
    }

    fn folder_of(&self, kind: FileType, id: &Id) -> PathBuf {
        match kind {
            FileType::Config => self.path.clone(),
            FileType::Pack => self.path.join("data").join(&id.to_hex()[..2]),
            _ => self.path.join(kind.dirname()),
        }
    }

    fn path_of(&self, kind: FileType, id: &Id) -> PathBuf {
        match kind {
            FileType::Config => self.path.join("config"),
            _ => self.folder_of(kind, id).join(id.to_hex().as_str()),
        }
    }

    fn write(&self, kind: FileType, id: &Id, content: BytesList) -> io::Result<()> {
        let folder = self.folder_of(kind, id);
        make_folder(&folder)?;
        let mut making = held::make_file(&folder)?;
        for piece in content.into_vec() {
            making.as_file_mut().write_all(&piece)?;
        }
        making.as_file().sync_all()?;
        let place = self.path_of(kind, id);
        making.persist(&place)?;
        sync_folder_of(&place)
    }

    /// The files of a kind; what another tool left there under other names is none.
    fn files(&self, kind: FileType) -> io::Result<Vec<(Id, u32)>> {
        let folders = match kind {
            FileType::Pack => subfolders(&self.path.join("data"))?,
            _ => vec![self.path.join(kind.dirname())],
        };
        let mut files = Vec::new();
        for folder in folders {
            let Some(entries) = entries(&folder)? else { continue };
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name();
                let Some(id) = name.to_str().and_then(|name| Id::parse_some(name, kind)) else { continue };
                let metadata = entry.metadata()?;
                if metadata.is_file() {
                    files.push((id, u32::try_from(metadata.len()).map_err(io::Error::other)?));
                }
            }
        }
        Ok(files)
    }

    fn sizes(&self, kind: FileType) -> io::Result<Vec<(Id, u32)>> {
        if kind != FileType::Config {
            return self.files(kind);
        }
        match fs::metadata(self.path.join("config")) {
            Ok(metadata) => Ok(vec![(Id::default(), u32::try_from(metadata.len()).map_err(io::Error::other)?)]),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

fn entries(folder: &Path) -> io::Result<Option<fs::ReadDir>> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(Some(entries)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn subfolders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(entries) = entries(folder)? else { return Ok(Vec::new()) };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}

impl ReadBackend for Folder {
    fn location(&self) -> String {
        self.path.display().to_string()
    }

    fn list_with_size(&self, kind: FileType) -> RusticResult<Vec<(Id, u32)>> {
        self.sizes(kind).map_err(|error| self.faults.keep(&self.path, error))
    }

    fn read_full(&self, kind: FileType, id: &Id) -> RusticResult<Bytes> {
        let path = self.path_of(kind, id);
        fs::read(&path).map(Bytes::from).map_err(|error| self.faults.keep(&path, error))
    }

    fn read_partial(&self, kind: FileType, id: &Id, _: bool, offset: u32, length: u32) -> RusticResult<Bytes> {
        let path = self.path_of(kind, id);
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(offset.into()))?;
            let mut bytes = vec![0; length as usize];
            file.read_exact(&mut bytes)?;
            Ok(bytes)
        };
        read().map(Bytes::from).map_err(|error| self.faults.keep(&path, error))
    }

    fn warmup_path(&self, kind: FileType, id: &Id) -> String {
        self.path_of(kind, id).display().to_string()
    }
}

impl WriteBackend for Folder {
    fn create(&self) -> RusticResult<()> {
        make_folder(&self.path).map_err(|error| self.faults.keep(&self.path, error))
    }

    fn write_bytes(&self, kind: FileType, id: &Id, _: bool, content: BytesList) -> RusticResult<()> {
        self.write(kind, id, content).map_err(|error| self.faults.keep(&self.path_of(kind, id), error))
    }

    fn remove(&self, kind: FileType, id: &Id, _: bool) -> RusticResult<()> {
        let path = self.path_of(kind, id);
        fs::remove_file(&path).map_err(|error| self.faults.keep(&path, error))
    }
}
