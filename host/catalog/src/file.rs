//! The file of a placed component: opened once, and read as far as is needed.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::Path;

use encargo_model::FileIdentity;
use encargo_pack::Described;

/// The largest file that is taken for a component.
pub(crate) const MOST_BYTES: u64 = 64 << 20;

/// The open file of a component.
#[derive(Debug)]
pub(crate) struct ComponentFile {
    file: File,
    /// As it was when the file was opened.
    pub(crate) identity: FileIdentity,
}

impl ComponentFile {
    /// Opens a regular file. Anything else is refused before it is opened: a pipe would be waited for without end.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let check = |metadata: &fs::Metadata| match metadata.len() {
            _ if !metadata.is_file() => Err("it is not a regular file".to_owned()),
            length if length > MOST_BYTES => Err(format!("it has {length} bytes; at most {MOST_BYTES} are read")),
            _ => Ok(()),
        };
        let described = |error: std::io::Error| error.to_string();
        check(&fs::metadata(path).map_err(described)?)?;
        let file = File::open(path).map_err(described)?;
        let metadata = file.metadata().map_err(described)?;
        check(&metadata)?;
        Ok(Self { file, identity: FileIdentity::of(&metadata) })
    }

    /// Its description; nothing else is read.
    pub(crate) fn describe(&self) -> Result<Described, String> {
        encargo_pack::read(&self.file).map_err(|error| error.to_string())
    }

    /// All of it.
    pub(crate) fn read(&self) -> Result<Vec<u8>, String> {
        let read = || {
            let mut bytes = Vec::new();
            (&self.file).rewind()?;
            (&self.file).take(MOST_BYTES).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|error: std::io::Error| error.to_string())
    }

    /// Whether it is still what was opened.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| FileIdentity::of(&metadata) == self.identity)
    }
}
