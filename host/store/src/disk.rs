//! What the system says about the store's file: whether there is room for it, who may write to it, who does.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use encargo_model::Lack;
use rustix::fs::{Access, access, major, minor, statvfs};

/// A transaction of the store needs less than that.
const LITTLE: u64 = 1 << 20;
/// The byte of a log's index (`-shm`) that a writer locks, and the first of those of the file itself, as SQLite has them.
const LOG_IS_WRITTEN: u64 = 120;
const FILE_IS_WRITTEN: u64 = 0x4000_0000;

/// Where the system tells of locks.
const LOCKS: &str = "/proc/locks";

/// What the disk lacks on which a file lies or would lie.
pub(crate) fn lack_of(path: &Path) -> Option<Lack> {
    let disk = statvfs(path).or_else(|_| statvfs(path.parent().unwrap_or(path))).ok()?;
    Lack::of(disk.f_bavail.saturating_mul(disk.f_frsize), LITTLE, disk.f_files, disk.f_ffree)
}

/// Whether this user may write to a file and to its folder, where SQLite puts the log.
pub(crate) fn is_writable(path: &Path) -> bool {
    let folder = path.parent().unwrap_or(path);
    access(path, Access::WRITE_OK).is_ok() && access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// The process that is writing to a database file, where the system tells: it may have ended by now, or be in another
/// container. The files are not opened for that, because closing them would give up this process's own locks.
pub fn holder_of(path: &Path) -> Option<u32> {
    holder_in(&fs::read_to_string(LOCKS).ok()?, path)
}

/// How many of these databases another process than one is writing to; the system is asked once. None where it does not
/// tell.
pub fn written_by_others(paths: &[PathBuf], than: u32) -> Option<usize> {
    let locks = fs::read_to_string(LOCKS).ok()?;
    let is_written = |path: &&PathBuf| holder_in(&locks, path).is_some_and(|process| process != than);
    Some(paths.iter().filter(is_written).count())
}

fn holder_in(locks: &str, path: &Path) -> Option<u32> {
    let index = PathBuf::from(format!("{}-shm", path.display()));
    [(index.as_path(), LOG_IS_WRITTEN), (path, FILE_IS_WRITTEN)].into_iter().find_map(|(path, byte)| {
        let metadata = fs::metadata(path).ok()?;
        let device = metadata.dev();
        let file = format!("{:02x}:{:02x}:{}", major(device), minor(device), metadata.ino());
        locks.lines().find_map(|line| writer_in(line, &file, byte))
    })
}

/// The process of a line such as `1: POSIX  ADVISORY  WRITE 4711 fd:01:131 120 120`, where it is the lock that is meant.
fn writer_in(line: &str, file: &str, byte: u64) -> Option<u32> {
    let words: Vec<_> = line.split_whitespace().collect();
    let [_, _, _, "WRITE", process, of_file, first, last] = words[..] else { return None };
    let first: u64 = first.parse().ok()?;
    let last: u64 = last.parse().unwrap_or(u64::MAX);
    (of_file == file && (first..=last).contains(&byte)).then(|| process.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_is_told_from_readers_and_from_those_who_wait() {
        for (line, writer) in [
            ("1: POSIX  ADVISORY  WRITE 4711 fd:01:131 120 120", Some(4711)),
            ("12: POSIX  ADVISORY  WRITE 4711 fd:01:131 118 EOF", Some(4711)),
            ("1: POSIX  ADVISORY  READ 4711 fd:01:131 120 120", None),
            ("1: -> POSIX  ADVISORY  WRITE 4711 fd:01:131 120 120", None),
            ("1: POSIX  ADVISORY  WRITE 4711 fd:01:132 120 120", None),
            ("1: POSIX  ADVISORY  WRITE 4711 fd:01:131 123 128", None),
            ("", None),
        ] {
            assert_eq!(writer_in(line, "fd:01:131", 120), writer, "{line}");
        }
    }

    #[test]
    fn a_missing_file_lies_where_it_would_be_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        assert_eq!(lack_of(&path), None);
        assert!(!is_writable(&path));
        fs::write(&path, "").unwrap();
        assert!(is_writable(&path) && holder_of(&path).is_none());
    }
}
