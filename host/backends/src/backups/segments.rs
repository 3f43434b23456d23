//! Reads a large file of a repository by several threads, a segment each at a time, and hands it over in its order.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use bytes::Bytes;
use rustic_core::repofile::Node;
use rustic_core::{IndexedFullStatus, Repository, RusticError, RusticResult};

/// How much a thread reads at a time.
const SEGMENT: usize = 1 << 20;
/// The most threads: what they read is decrypted and decompressed there, and hashed by the one that they hand it to.
const MOST_READERS: usize = 4;
/// How many segments each has ready.
const AHEAD: usize = 1;

/// Writes a file of a repository.
///
/// # Errors
/// What the library says, and what writing says; what was written is worth nothing then.
pub(super) fn write(repository: &Repository<IndexedFullStatus>, node: &Node, to: &mut dyn Write) -> Result<(), Failed> {
    let size = usize::try_from(node.meta.size).unwrap_or(usize::MAX);
    let segments = size.div_ceil(SEGMENT);
    let readers = thread::available_parallelism().map_or(1, usize::from).min(MOST_READERS).min(segments.max(1));
    let file = repository.open_file(node)?;
    thread::scope(|scope| {
        let reader = |first: usize| -> Receiver<RusticResult<Bytes>> {
            let (ready, taken) = sync_channel(AHEAD);
            let file = &file;
            scope.spawn(move || {
                for at in (first..segments).step_by(readers) {
                    let read = repository.read_file_at(file, at * SEGMENT, SEGMENT);
                    let is_last = read.is_err();
                    // Whoever takes them has ended where this cannot be sent.
                    if ready.send(read).is_err() || is_last {
                        return;
                    }
                }
            });
            taken
        };
        let taken: Vec<_> = (0..readers).map(reader).collect();
        for at in 0..segments {
            let segment = taken[at % readers].recv().map_err(io::Error::other)?;
            to.write_all(&segment?)?;
        }
        Ok(())
    })
}

/// What went wrong.
pub(super) enum Failed {
    /// Reading.
    Reading(Box<RusticError>),
    /// Writing.
    Writing(io::Error),
}

impl From<Box<RusticError>> for Failed {
    fn from(error: Box<RusticError>) -> Self {
        Self::Reading(error)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Writing(error)
    }
}
