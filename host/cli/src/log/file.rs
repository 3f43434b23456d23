//! The file of the host's own log, which many processes write at a time and none for ever.
//!
//! A line is one write behind the end of the file, so lines of two processes do not mix. Whoever finds the file full
//! gives it the next name, under a lock on that very file; the others notice at their next line that the name has
//! another file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{FlockOperation, OFlags, flock};

/// A file that has become as large as this is followed by another.
const LARGEST: u64 = 4 << 20;
/// How many full files are kept, `encargo.1.log` being the newest: 24 MiB at most with the one that is written.
const KEPT: u32 = 5;

/// The log in a folder; nothing is opened or made before its first line.
#[derive(Debug)]
pub(crate) struct LogFile {
    folder: PathBuf,
    largest: u64,
    open: Mutex<Option<File>>,
}

/// Why the log in a folder could not be written, where a line that came now could not. Nothing is made.
pub(crate) fn problem(folder: &Path) -> Option<io::Error> {
    match opened(&path(folder, 0), false) {
        Ok(_) => None,
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(error),
    }
}

impl LogFile {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), largest: LARGEST, open: Mutex::default() }
    }

    /// Adds a line.
    pub(crate) fn append(&self, line: &[u8]) -> io::Result<()> {
        let path = path(&self.folder, 0);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = match open.take() {
            Some(file) if is_at(&file, &path)? => file,
            _ => opened(&path, true)?,
        };
        if file.metadata()?.len() >= self.largest {
            self.turn(&file, &path)?;
            file = opened(&path, true)?;
        }
        // A second write for what the first left would come behind the line of another process.
        let written = file.write(line).map(drop);
        *open = Some(file);
        written
    }

    /// Gives a full file the next name, unless someone else is just doing that or has done it.
    #[expect(
        clippy::disallowed_methods,
        reason = "a log is not published, and one that is lost with the power is no loss"
    )]
    fn turn(&self, full: &File, path_of_it: &Path) -> io::Result<()> {
        if flock(full, FlockOperation::NonBlockingLockExclusive).is_err() || !is_at(full, path_of_it)? {
            return Ok(());
        }
        for number in (0..KEPT).rev() {
            match fs::rename(path(&self.folder, number), path(&self.folder, number + 1)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The file that is written (0), or one of the full ones.
fn path(folder: &Path, number: u32) -> PathBuf {
    match number {
        0 => folder.join("encargo.log"),
        number => folder.join(format!("encargo.{number}.log")),
    }
}

/// Opens a regular file to write behind its end. What else may lie there under this name is not waited for or followed.
fn opened(path: &Path, create: bool) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = OpenOptions::new().append(true).create(create).mode(0o600).custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(ErrorKind::InvalidInput.into()) }
}

/// Whether a path still names this file.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let own = file.metadata()?;
    Ok(fs::symlink_metadata(path).is_ok_and(|there| (there.dev(), there.ino()) == (own.dev(), own.ino())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::thread;

    use super::*;

    fn small(folder: &Path) -> LogFile {
        LogFile { largest: 2_000, ..LogFile::in_folder(folder) }
    }

    fn line(writer: u32, number: u32) -> String {
        format!("writer {writer} line {number:04} {}\n", "x".repeat(80))
    }

    /// The lines of every file that is there, the oldest first.
    fn kept(folder: &Path) -> Vec<Vec<String>> {
        let texts = (0..=KEPT + 1).rev().filter_map(|number| fs::read_to_string(path(folder, number)).ok());
        texts.map(|text| text.split_inclusive('\n').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_full_file_is_followed_by_another_and_the_oldest_go() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let log = small(folder.path());
        for number in 0..300 {
            log.append(line(0, number).as_bytes()).unwrap();
        }
        let kept = kept(folder.path());
        assert_eq!(kept.len(), 1 + KEPT as usize);
        assert!(kept[..KEPT as usize].iter().all(|file| file.len() == 20), "a file of 2,000 bytes is full");
        let last: Vec<_> = kept.concat();
        let first = 300 - u32::try_from(last.len()).unwrap();
        assert_eq!(last, (first..300).map(|number| line(0, number)).collect::<Vec<_>>());
        assert_eq!(fs::metadata(path(folder.path(), 0)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn lines_of_many_are_whole_and_none_is_there_twice() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let written: BTreeSet<_> = (0..4).flat_map(|writer| (0..200).map(move |number| line(writer, number))).collect();
        thread::scope(|scope| {
            for writer in 0..4 {
                let log = small(folder.path());
                scope.spawn(move || {
                    for number in 0..200 {
                        log.append(line(writer, number).as_bytes()).unwrap();
                    }
                });
            }
        });
        let kept = kept(folder.path());
        assert!((2..=1 + KEPT as usize).contains(&kept.len()), "{} files", kept.len());
        let lines: Vec<_> = kept.concat();
        let different: BTreeSet<_> = lines.iter().cloned().collect();
        assert_eq!(different.len(), lines.len());
        assert!(different.is_subset(&written));
    }

    #[test]
    fn a_file_that_was_taken_away_is_made_again() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let log = small(folder.path());
        for round in 0..2 {
            log.append(b"a line\n").unwrap();
            assert_eq!(fs::read(path(folder.path(), 0)).unwrap(), b"a line\n", "{round}");
            fs::remove_file(path(folder.path(), 0)).unwrap();
        }
    }

    #[test]
    fn what_is_no_file_is_left_alone_and_told() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        assert!(problem(folder.path()).is_none(), "it is made with its first line");
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "").unwrap();
        symlink(&elsewhere, path(folder.path(), 0)).unwrap();
        assert!(problem(folder.path()).is_some() && small(folder.path()).append(b"x").is_err());
        assert_eq!(fs::read(&elsewhere).unwrap(), b"");
        fs::remove_file(path(folder.path(), 0)).unwrap();
        fs::create_dir(path(folder.path(), 0)).unwrap();
        assert!(problem(folder.path()).is_some() && small(folder.path()).append(b"x").is_err());
    }
}
