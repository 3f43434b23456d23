//! The digests of placed components, remembered by the identities of their files, so that a large one is read once.
//!
//! They lie in the folder of compiled components, to which no other user can write. What is remembered decides which compiled code runs, and
//! under which digest it is recorded, so the worst that a wrong identity can do (a clock that was set back, a file system
//! that lies) is to run what was there before, recorded as that: the description is read from the file each time, and an
//! entry counts for the description alone that it was made with.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use encargo_model::{Digest, FileIdentity};

/// As many files are remembered; the one that was added first goes first.
const MOST: usize = 1_000;
/// More than as many entries take.
const MOST_BYTES: u64 = 1 << 20;

/// Where digests are remembered; nowhere without a folder of this user's own.
#[derive(Debug, Clone)]
pub(crate) struct Digests(Option<PathBuf>);

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// Of all bytes.
    pub(crate) digest: Digest,
    /// Of the bytes that are compiled.
    pub(crate) code: Digest,
    /// Of the description's JSON.
    pub(crate) description: Digest,
}

type Entry = (FileIdentity, Known);

impl Digests {
    pub(crate) fn new(folder: Option<&Path>) -> Self {
        Self(folder.map(|folder| folder.join("digests")))
    }

    /// What is remembered of exactly this file.
    pub(crate) fn find(&self, identity: &FileIdentity) -> Option<Known> {
        self.entries().into_iter().rev().find(|(its, _)| its == identity).map(|(_, known)| known)
    }

    /// Remembers a file, or forgets it. What cannot be written costs time, nothing else; of two processes that write at
    /// once one may have to do so again.
    pub(crate) fn remember(&self, identity: &FileIdentity, known: Option<Known>) {
        let mut entries = self.entries();
        entries.retain(|(its, _)| !its.is_of_file(identity));
        entries.extend(known.map(|known| (*identity, known)));
        let _ = self.write(&entries[entries.len().saturating_sub(MOST)..]);
    }

    fn entries(&self) -> Vec<Entry> {
        let Some(file) = self.0.as_ref().and_then(|path| File::open(path).ok()) else { return Vec::new() };
        let mut text = String::new();
        match file.take(MOST_BYTES).read_to_string(&mut text) {
            Ok(_) => text.lines().filter_map(entry).collect(),
            Err(_) => Vec::new(),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a digest that is lost is found out again, so nothing needs to be synced"
    )]
    fn write(&self, entries: &[Entry]) -> io::Result<()> {
        let Some(path) = &self.0 else { return Ok(()) };
        let unfinished = path.with_extension(format!("{}.new", std::process::id()));
        let line = |(identity, Known { digest, code, description }): &Entry| {
            format!("{identity} {digest} {code} {description}\n")
        };
        fs::write(&unfinished, entries.iter().map(line).collect::<String>())?;
        fs::rename(&unfinished, path)
    }
}

/// A line; none where it is damaged.
fn entry(line: &str) -> Option<Entry> {
    let mut words = line.split(' ');
    let identity = words.next()?.parse().ok()?;
    let mut digest = || {
        let word = words.next()?;
        let is_one = word.len() == 64 && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_one.then(|| Digest(word.to_owned()))
    };
    Some((identity, Known { digest: digest()?, code: digest()?, description: digest()? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(inode: u64, changed: i64) -> FileIdentity {
        format!("1:{inode}:3:4:{changed}").parse().unwrap()
    }

    fn known(digit: &str) -> Known {
        let digest = || Digest(digit.repeat(64));
        Known { digest: digest(), code: digest(), description: digest() }
    }

    #[test]
    fn a_file_is_known_as_long_as_it_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let digests = Digests::new(Some(folder.path()));
        assert_eq!(digests.find(&identity(1, 1)), None);
        digests.remember(&identity(1, 1), Some(known("a")));
        Digests::new(Some(folder.path())).remember(&identity(2, 1), Some(known("b")));
        assert_eq!(digests.find(&identity(1, 1)), Some(known("a")));
        assert_eq!(digests.find(&identity(2, 1)), Some(known("b")));
        assert_eq!(digests.find(&identity(1, 2)), None);

        digests.remember(&identity(1, 2), Some(known("c")));
        assert_eq!((digests.find(&identity(1, 1)), digests.find(&identity(1, 2))), (None, Some(known("c"))));
        digests.remember(&identity(1, 2), None);
        assert_eq!(digests.find(&identity(1, 2)), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left behind");
    }

    #[test]
    fn damaged_lines_are_passed_over_and_the_newest_of_many_stay() {
        let folder = tempfile::tempdir().unwrap();
        let digests = Digests::new(Some(folder.path()));
        let line = |inode: usize| {
            let Known { digest, code, description } = known("a");
            format!("{} {digest} {code} {description}\n", identity(inode as u64, 1))
        };
        let many: String = (0..MOST).map(line).collect();
        let cut = &line(MOST)[..100];
        fs::write(folder.path().join("digests"), format!("{many}nonsense\n{cut}")).unwrap();
        assert_eq!(digests.find(&identity(MOST as u64, 1)), None);
        digests.remember(&identity(5_000, 1), Some(known("b")));
        assert_eq!((digests.find(&identity(0, 1)), digests.find(&identity(1, 1))), (None, Some(known("a"))));
        assert_eq!(digests.find(&identity(5_000, 1)), Some(known("b")));
    }

    #[test]
    fn without_a_folder_nothing_is_remembered() {
        let digests = Digests::new(None);
        digests.remember(&identity(1, 1), Some(known("a")));
        assert_eq!(digests.find(&identity(1, 1)), None);
    }
}
