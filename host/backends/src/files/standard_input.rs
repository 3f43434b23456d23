//! Standard input, kept in a file so that it can be read more than once.

use std::io::{Read, Write};
use std::path::Path;

use encargo_model::{CommandError, ErrorCode};
use tempfile::NamedTempFile;

use super::error;
use crate::data_dir::make_folder;

/// What came from standard input. The file goes when this is dropped.
pub(super) struct Spool {
    file: NamedTempFile,
}

impl Spool {
    /// Reads a stream to its end.
    pub(super) fn fill(stream: impl Read, scratch: &Path, most: u64) -> Result<Self, CommandError> {
        let writing = |error| error::writing("standard input's copy", &error);
        make_folder(scratch).map_err(writing)?;
        let mut file = NamedTempFile::new_in(scratch).map_err(writing)?;
        let mut stream = stream.take(most.saturating_add(1));
        let mut buffer = vec![0; 256 << 10];
        let mut total = 0;
        loop {
            let length = match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error::reading("-", &error)),
            };
            total += length as u64;
            if total > most {
                let message = format!("standard input has more than {most} bytes");
                return Err(CommandError::new(ErrorCode::TooLarge, message));
            }
            file.write_all(&buffer[..length]).map_err(writing)?;
        }
        Ok(Self { file })
    }

    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }
}
