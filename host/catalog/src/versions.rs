//! The files of versions: each is named by its digest, and is whole or not there.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use encargo_model::Digest;
use sha2::{Digest as _, Sha256};

use crate::component::written;

/// The folder of versions, in that of placed commands.
#[derive(Debug, Clone)]
pub(crate) struct Versions(PathBuf);

/// Holds the folder against others that add and remove.
#[derive(Debug)]
pub(crate) struct Held(File);

impl Versions {
    pub(crate) fn new(commands: &Path) -> Self {
        Self(commands.join("versions"))
    }

    pub(crate) fn path(&self, digest: &Digest) -> PathBuf {
        self.0.join(format!("{digest}.wasm"))
    }

    /// Whether any command was ever added.
    pub(crate) fn is_made(&self) -> bool {
        self.0.is_dir()
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// Makes the folder and waits until nobody else adds or removes; the system ends a hold with its process.
    pub(crate) fn hold(&self) -> io::Result<Held> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        let folder = File::open(&self.0)?;
        folder.lock()?;
        Ok(Held(folder))
    }

    /// Puts a whole file into its place; one that is there and is not what its name says is replaced.
    pub(crate) fn put(&self, held: &Held, digest: &Digest, bytes: &[u8]) -> io::Result<()> {
        self.sweep(held)?;
        let path = self.path(digest);
        let is_there = fs::read(&path).is_ok_and(|there| written(Sha256::new_with_prefix(there)) == *digest);
        if is_there {
            return Ok(());
        }
        let mut unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.0)?;
        unfinished.write_all(bytes)?;
        unfinished.as_file().sync_all()?;
        unfinished.persist(&path)?;
        held.0.sync_all()
    }

    /// Removes the file of a version that no command has any more.
    pub(crate) fn remove(&self, held: &Held, digest: &Digest) -> io::Result<()> {
        match fs::remove_file(self.path(digest)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.and_then(|()| held.0.sync_all()),
        }
    }

    /// What processes that were killed left behind: whoever holds the folder is the only one who has files in the making.
    fn sweep(&self, _held: &Held) -> io::Result<()> {
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// How files in the making are named.
const UNFINISHED: &str = ".unfinished-";

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(bytes: &[u8]) -> Digest {
        written(Sha256::new_with_prefix(bytes))
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_whole_under_its_digest_and_what_was_left_behind_goes() {
        let folder = tempfile::tempdir().unwrap();
        let versions = Versions::new(folder.path());
        assert!(!versions.is_made());
        let held = versions.hold().unwrap();
        fs::write(versions.folder().join(".unfinished-x"), "half").unwrap();
        let one = digest(b"one");
        for damage in ["", "on"] {
            fs::write(versions.path(&one), damage).unwrap();
            versions.put(&held, &one, b"one").unwrap();
            assert_eq!(fs::read(versions.path(&one)).unwrap(), b"one");
        }
        versions.put(&held, &one, b"one").unwrap();
        assert_eq!(names(versions.folder()), [format!("{one}.wasm")]);
        versions.remove(&held, &one).unwrap();
        versions.remove(&held, &one).unwrap();
        assert_eq!(names(versions.folder()), [""; 0]);
    }

    #[test]
    fn one_at_a_time_holds_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let versions = Versions::new(folder.path());
        let held = versions.hold().unwrap();
        let other = File::open(versions.folder()).unwrap();
        assert!(other.try_lock().is_err());
        drop(held);
        other.try_lock().unwrap();
    }
}
