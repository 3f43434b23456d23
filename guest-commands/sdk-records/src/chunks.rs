//! Where the files and their bytes come from: chunk by chunk, as the host hands them over.

use std::io::Read;

use encargo_sdk::error::Result;
use encargo_sdk::files::Source;

/// How many bytes a chunk of a reader has.
const CHUNK: usize = 256 << 10;

/// A file's bytes from its start.
pub trait Chunks {
    /// The next bytes; empty at the end.
    ///
    /// # Errors
    /// Whatever the source deserves.
    fn next_chunk(&mut self) -> Result<Vec<u8>>;
}

/// The files to import.
pub trait Sources {
    /// Their names, in order.
    fn names(&self) -> &[String];

    /// Opens one from its start. A strict import opens each twice.
    ///
    /// # Errors
    /// Whatever the file deserves.
    fn open(&self, index: usize) -> Result<Box<dyn Chunks>>;
}

/// A file that the host hands over.
impl Chunks for Source {
    fn next_chunk(&mut self) -> Result<Vec<u8>> {
        Source::next_chunk(self)
    }
}

/// The chunks of a reader, for native use.
#[derive(Debug)]
pub struct ReaderChunks<R>(pub R);

impl<R: Read> Chunks for ReaderChunks<R> {
    fn next_chunk(&mut self) -> Result<Vec<u8>> {
        let mut chunk = Vec::with_capacity(CHUNK);
        self.0.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)?;
        Ok(chunk)
    }
}

/// Bytes in pieces of one size, for tests of what is cut.
#[derive(Debug)]
pub struct Pieces(pub Vec<u8>, pub usize);

impl Chunks for Pieces {
    fn next_chunk(&mut self) -> Result<Vec<u8>> {
        let rest = self.0.split_off(self.1.min(self.0.len()));
        Ok(std::mem::replace(&mut self.0, rest))
    }
}
