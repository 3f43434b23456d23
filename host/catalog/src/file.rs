//! The file of a placed component: opened once, and read as far as is needed.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;

use encargo_model::{FileIdentity, Text, Worded, text};
use encargo_pack::Described;

use crate::scan::said;

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
    pub(crate) fn open(path: &Path) -> Result<Self, Text> {
        let check = |metadata: &fs::Metadata| match metadata.len() {
            _ if !metadata.is_file() => Err(text!("it is not a regular file", "no es un archivo regular")),
            length if length > MOST_BYTES => Err(text!(
                "it has {length} bytes; at most {MOST_BYTES} are read",
                "tiene {length} bytes; se leen como máximo {MOST_BYTES}"
            )),
            _ => Ok(()),
        };
        check(&fs::metadata(path).map_err(|error| said(&error))?)?;
        let file = File::open(path).map_err(|error| said(&error))?;
        let metadata = file.metadata().map_err(|error| said(&error))?;
        check(&metadata)?;
        Ok(Self { file, identity: FileIdentity::of(&metadata) })
    }

    /// How large it was when it was opened.
    pub(crate) fn size(&self) -> u64 {
        self.file.metadata().map_or(0, |metadata| metadata.len())
    }

    /// Its description; nothing else is read.
    pub(crate) fn describe(&self) -> Result<Described, Text> {
        encargo_pack::read(&self.file).map_err(|error| error.text())
    }

    /// All of it.
    pub(crate) fn read(&self) -> Result<Vec<u8>, Text> {
        let read = || {
            let mut bytes = Vec::new();
            (&self.file).rewind()?;
            (&self.file).take(MOST_BYTES).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|error: io::Error| said(&error))
    }

    /// Whether it is still what was opened.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| FileIdentity::of(&metadata) == self.identity)
    }
}
