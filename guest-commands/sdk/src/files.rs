//! Files that the caller named, and the tenant's named roots.

use std::io;

use crate::bindings::encargo::files::files as wit;
use crate::error::{Error, ErrorCode, Result};
use crate::pages::pages;
use crate::text;

pub use wit::{Entry, Stored};

/// What an output argument stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A folder: any number of files.
    Folder,
    /// One file of this name.
    File(String),
    /// Standard output: one stream.
    StandardOutput,
}

/// How many bytes cross from the host at a time.
const CHUNK: u32 = 256 << 10;
/// How many names come at a time.
const PAGE: u32 = 1_000;

/// The files that an input argument names, a folder's in the order of their names.
///
/// # Errors
/// `not-found`, `invalid`, `denied`.
pub fn entries(argument: &str) -> Result<Vec<Entry>> {
    wit::entries(argument)
}

/// Opens a file of an input argument from its start; `.gz` and `.zst` are decompressed.
///
/// # Errors
/// `not-found`, `unavailable`.
pub fn read(argument: &str, index: u32) -> Result<Source> {
    wit::read(argument, index, wit::Decode::BySuffix).map(Source::new)
}

/// Opens a file of an input argument from its start, as it is stored.
///
/// # Errors
/// `not-found`, `unavailable`.
pub fn read_as_is(argument: &str, index: u32) -> Result<Source> {
    wit::read(argument, index, wit::Decode::AsIs).map(Source::new)
}

/// What an output argument stands for; the run's exports folder when it was not given.
///
/// # Errors
/// `invalid` for an argument that is not an output, `unavailable` for a kind of output that is newer than this SDK.
pub fn destination(argument: &str) -> Result<Destination> {
    let wit::Destination { kind, name } = wit::output(argument)?;
    match kind.as_str() {
        "folder" => Ok(Destination::Folder),
        "file" => Ok(Destination::File(name)),
        "standard-output" => Ok(Destination::StandardOutput),
        newer => {
            let message = text!(
                "this command does not know the kind of output `{newer}`",
                "este comando no conoce la clase de salida `{newer}`"
            );
            Err(Error::new(ErrorCode::Unavailable, message))
        }
    }
}

/// Begins a file of an output argument; `.gz` and `.zst` are compressed.
///
/// # Errors
/// `invalid` for a second file where one was named, `unavailable` when it cannot be made.
pub fn create(argument: &str, name: &str) -> Result<Sink> {
    wit::create(argument, name, wit::Encode::BySuffix).map(|inner| Sink { inner })
}

/// Begins a file beside the one file that an output argument names: its name with the suffix behind it, which begins with a
/// dot. It is stored as it is written.
///
/// # Errors
/// `invalid` where the argument is not one file, `already-exists` for a file that no earlier run of the command published.
pub fn create_beside(argument: &str, suffix: &str) -> Result<Sink> {
    wit::create_beside(argument, suffix, wit::Encode::AsIs).map(|inner| Sink { inner })
}

/// Moves a file of an input argument that is a folder into a folder inside it, which is made if need be, and answers where it
/// is then, as `done/faq.csv`. What has its name there is never replaced: it gets a number.
///
/// # Errors
/// `denied` without the permission `move-files:arguments`, `invalid` for a link and for a file that is another one than was last
/// opened, `refused` in a run of several tenants, `unavailable` where the file system does not take it.
pub fn move_entry(argument: &str, index: u32, folder: &str) -> Result<String> {
    wit::move_entry(argument, index, folder)
}

/// A named root of the run's tenant: `imports`, `media`, `temporary`; in system scope that of a tenant, as `acme/media`.
pub fn root(name: &str) -> Root<'_> {
    Root { name }
}

/// A named root of the tenant.
#[derive(Debug, Clone, Copy)]
pub struct Root<'a> {
    name: &'a str,
}

impl Root<'_> {
    /// At most `max` files in the order of their names, after the name given.
    ///
    /// # Errors
    /// `denied` without the permission `list-files:<root>`.
    pub fn list(&self, after: Option<&str>, max: u32) -> Result<Vec<Entry>> {
        wit::list_root(self.name, after, max)
    }

    /// All files in the order of their names, a page at a time, after the name given.
    ///
    /// # Errors
    /// As `list`; an error is the last that comes.
    pub fn pages(&self, after: Option<String>) -> impl Iterator<Item = Result<Vec<Entry>>> {
        let root = *self;
        let read = move |after: Option<&String>| root.list(after.map(String::as_str), PAGE);
        pages(after, read, |entry: &Entry| entry.name.clone())
    }

    /// Opens a file; `.gz` and `.zst` are decompressed.
    ///
    /// # Errors
    /// `denied`, `not-found`.
    pub fn read(&self, file: &str) -> Result<Source> {
        wit::read_root(self.name, file, wit::Decode::BySuffix).map(Source::new)
    }

    /// Opens a file as it is stored.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_as_is(&self, file: &str) -> Result<Source> {
        wit::read_root(self.name, file, wit::Decode::AsIs).map(Source::new)
    }

    /// Begins a file, stored as it is written; what has the name already is never replaced.
    ///
    /// # Errors
    /// `denied` without the permission `create-files:<root>`, `already-exists`, `invalid` for a name that is none.
    pub fn create(&self, file: &str) -> Result<Sink> {
        wit::create_root(self.name, file, wit::Encode::AsIs).map(|inner| Sink { inner })
    }

    /// Moves a file into a folder inside the root, as [`move_entry`] does.
    ///
    /// # Errors
    /// As there; `denied` without the permission `move-files:<root>`.
    pub fn move_into(&self, file: &str, folder: &str) -> Result<String> {
        wit::move_root(self.name, file, folder)
    }

    /// Removes a file and answers its size in bytes.
    ///
    /// # Errors
    /// `denied` without the permission `remove-files:<root>`, `not-found`.
    pub fn remove(&self, file: &str) -> Result<u64> {
        wit::remove_root(self.name, file)
    }
}

/// Bytes to be read.
#[derive(Debug)]
pub struct Source {
    inner: wit::Source,
    chunk: Vec<u8>,
    at: usize,
}

impl Source {
    fn new(inner: wit::Source) -> Self {
        Self { inner, chunk: Vec::new(), at: 0 }
    }

    /// The next bytes as the host hands them over, empty at the end; without the copy that `Read` makes.
    ///
    /// # Errors
    /// `too-large` for a bomb, `invalid` for a broken archive, `unavailable`.
    pub fn next_chunk(&mut self) -> Result<Vec<u8>> {
        if self.at < self.chunk.len() {
            let rest = self.chunk.split_off(self.at);
            (self.chunk, self.at) = (Vec::new(), 0);
            return Ok(rest);
        }
        self.inner.read(CHUNK)
    }
}

impl io::Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() {
            (self.chunk, self.at) = (self.inner.read(CHUNK)?, 0);
        }
        let taken = buffer.len().min(self.chunk.len() - self.at);
        buffer[..taken].copy_from_slice(&self.chunk[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

/// A file in the making. Dropping it leaves nothing behind. Every write crosses to the host: buffer small ones.
#[derive(Debug)]
pub struct Sink {
    inner: wit::Sink,
}

impl Sink {
    /// Finishes the file, which then has its name at once and whole.
    ///
    /// # Errors
    /// `unavailable` when the disk is full or gone.
    pub fn publish(self) -> Result<()> {
        self.inner.publish()
    }

    /// Finishes the file as `publish` does, and says what was stored.
    ///
    /// # Errors
    /// As `publish`.
    pub fn published(self) -> Result<Stored> {
        self.finish()?.stored()
    }

    /// Finishes the file as `publish` does, so that it can be read back.
    ///
    /// # Errors
    /// As `publish`.
    pub fn finish(self) -> Result<Published> {
        self.inner.publish()?;
        Ok(Published { inner: self.inner })
    }
}

/// A file that was published; what a dry run wrote goes with it.
#[derive(Debug)]
pub struct Published {
    inner: wit::Sink,
}

impl Published {
    /// What was stored.
    ///
    /// # Errors
    /// Only when the host is gone.
    pub fn stored(&self) -> Result<Stored> {
        self.inner.stored()
    }

    /// Opens it from its start, from where it is stored; `.gz` and `.zst` are decompressed.
    ///
    /// # Errors
    /// `not-found`, `unavailable`; `invalid` for what went to standard output.
    pub fn read_back(&self) -> Result<Source> {
        self.inner.read_back(wit::Decode::BySuffix).map(Source::new)
    }

    /// Opens it from its start, as it is stored.
    ///
    /// # Errors
    /// As `read_back`.
    pub fn read_back_as_is(&self) -> Result<Source> {
        self.inner.read_back(wit::Decode::AsIs).map(Source::new)
    }
}

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
