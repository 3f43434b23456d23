//! What a database file says of itself in its first hundred bytes, read without opening it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::ops::RangeInclusive;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::PlatformError;

/// What is at the place of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Missing,
    /// A file without bytes.
    Empty,
    Database(Head),
}

/// What the last checkpoint wrote; the log beside the file may say something newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// The schema version.
    pub(crate) version: u32,
    /// The mark of whoever the file belongs to (SQLite's `application_id`); 0 for none.
    pub(crate) mark: u32,
}

const BYTES: usize = 100;

/// Looks at a file.
///
/// # Errors
/// [`PlatformError::Corrupt`] when it is no database or is cut off.
pub(crate) fn look(path: &Path) -> Result<Look, PlatformError> {
    let look = || look_once(path).map_err(|error| PlatformError::io(path, error));
    // A second look at one that seems cut off: another process may have written between the parts of the first.
    let found = look()?.map_or_else(look, |found| Ok(Some(found)))?;
    found.ok_or_else(|| PlatformError::Corrupt { path: path.to_owned() })
}

/// Nothing for what is no database or seems cut off.
fn look_once(path: &Path) -> io::Result<Option<Look>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(Look::Missing)),
        opened => opened?,
    };
    let mut head = [0; BYTES];
    match file.read_exact_at(&mut head, 0) {
        Ok(()) if head.starts_with(b"SQLite format 3\0") && !is_cut(path, &file)? => {
            Ok(Some(Look::Database(Head { version: number(&head, 60), mark: number(&head, 68) })))
        }
        Ok(()) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Ok((file.metadata()?.len() == 0).then_some(Look::Empty))
        }
        Err(error) => Err(error),
    }
}

/// The log beside a database.
pub(crate) fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Whether a file has fewer pages than its first one says, and the log has not the others: a checkpoint writes the
/// first page before those that it adds.
fn is_cut(path: &Path, file: &File) -> io::Result<bool> {
    let mut head = [0; BYTES];
    file.read_exact_at(&mut head, 0)?;
    let page_bytes = match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        bytes => u64::from(bytes),
    };
    let pages = u64::from(number(&head, 28));
    // SQLite does not trust the number of pages either when the two counters differ.
    if page_bytes == 0 || number(&head, 24) != number(&head, 92) {
        return Ok(false);
    }
    let there = file.metadata()?.len() / page_bytes;
    Ok(there < pages && !log_has(&log_of(path), page_bytes, there + 1..=pages)?)
}

/// Whether a log holds all these pages.
fn log_has(log: &Path, page_bytes: u64, pages: RangeInclusive<u64>) -> io::Result<bool> {
    let file = match File::open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    let (mut head, mut frame) = ([0; 32], [0; 24]);
    if file.read_exact_at(&mut head, 0).is_err() {
        return Ok(false);
    }
    let (mut held, mut at) = (BTreeSet::new(), head.len() as u64);
    let all = pages.end() + 1 - pages.start();
    // Frames of an earlier log, which have another salt, lie behind those of this one.
    while (held.len() as u64) < all && file.read_exact_at(&mut frame, at).is_ok() && frame[8..16] == head[16..24] {
        held.extend(Some(u64::from(number(&frame, 0))).filter(|page| pages.contains(page)));
        at += frame.len() as u64 + page_bytes;
    }
    Ok(held.len() as u64 == all)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}
