//! Proof that whoever made a temporary file or folder is still there: a lock that the system takes back with the process,
//! on whichever machine that was. What nobody holds was left behind and can go.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;
use tempfile::NamedTempFile;

use crate::data_dir::make_folder;

/// How files in the making are named.
const PREFIX: &str = ".encargo-";
const SUFFIX: &str = ".tmp";

/// What became of an attempt to take a lock.
#[derive(PartialEq, Eq)]
enum Lock {
    Taken,
    Held,
    /// The file system has none: there nothing is ever taken for left behind.
    None,
}

fn lock(file: impl AsFd) -> Lock {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Lock::Taken,
        Err(Errno::WOULDBLOCK) => Lock::Held,
        Err(_) => Lock::None,
    }
}

/// Whether an open file or folder is still what lies at a path.
fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(open), Ok(there)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    (open.dev(), open.ino()) == (there.dev(), there.ino())
}

/// Whether it is held; not when someone swept it between its making and its lock.
fn is_held(file: &File, path: &Path) -> bool {
    match lock(file) {
        Lock::Taken => is_at(file, path),
        Lock::Held => false,
        Lock::None => true,
    }
}

/// Makes a file in a folder that is swept once its maker is gone. It goes with the value that is answered.
pub(crate) fn make_file(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder)?;
        if is_held(file.as_file(), file.path()) {
            return Ok(file);
        }
    }
}

/// A folder that is swept once its maker is gone.
#[derive(Debug)]
pub struct HeldFolder {
    _lock: File,
}

impl HeldFolder {
    /// Makes the folder and those above it, and holds it until this is dropped.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(path: &Path) -> io::Result<Self> {
        loop {
            make_folder(path)?;
            match open(path) {
                Ok(folder) if is_held(&folder, path) => return Ok(Self { _lock: folder }),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Removes the files in the making whose makers are gone.
pub(crate) fn sweep_files(folder: &Path) {
    let is_ours = |name: &str| name.starts_with(PREFIX) && name.ends_with(SUFFIX);
    sweep(folder, is_ours, fs::FileType::is_file, |path| fs::remove_file(path));
}

/// Removes the folders of these names whose makers are gone.
pub fn sweep_folders(folder: &Path, is_ours: impl Fn(&str) -> bool) {
    sweep(folder, is_ours, fs::FileType::is_dir, |path| fs::remove_dir_all(path));
}

/// What cannot be looked at or removed stays for the next time.
fn sweep(
    folder: &Path,
    is_ours: impl Fn(&str) -> bool,
    is_kind: impl Fn(&fs::FileType) -> bool,
    remove: impl Fn(&Path) -> io::Result<()>,
) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        if !name.to_str().is_some_and(&is_ours) || !entry.file_type().is_ok_and(|kind| is_kind(&kind)) {
            continue;
        }
        if let Ok(file) = open(&path)
            && lock(&file) == Lock::Taken
            && is_at(&file, &path)
        {
            let _ = remove(&path);
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_what_nobody_holds_is_swept() {
        let folder = TempDir::new().unwrap();
        let held = make_file(folder.path()).unwrap();
        let held_name = held.path().file_name().unwrap().to_str().unwrap().to_owned();
        for name in [".encargo-left.tmp", ".encargo-other", "left.tmp"] {
            fs::write(folder.path().join(name), b"x").unwrap();
        }
        fs::create_dir(folder.path().join(".encargo-folder.tmp")).unwrap();
        sweep_files(folder.path());
        let mut left = [&held_name, ".encargo-folder.tmp", ".encargo-other", "left.tmp"].map(str::to_owned);
        left.sort();
        assert_eq!(names(folder.path()), left);
        drop(held);
        assert!(!names(folder.path()).contains(&held_name));
    }

    #[test]
    fn a_held_folder_outlives_a_sweep_and_one_that_is_let_go_does_not() {
        let all = TempDir::new().unwrap();
        let mine = HeldFolder::make(&all.path().join("mine")).unwrap();
        fs::create_dir_all(all.path().join("left/inside")).unwrap();
        fs::create_dir(all.path().join("strange")).unwrap();
        let is_ours = |name: &str| name != "strange";
        sweep_folders(all.path(), is_ours);
        assert_eq!(names(all.path()), ["mine", "strange"]);
        drop(mine);
        sweep_folders(all.path(), is_ours);
        assert_eq!(names(all.path()), ["strange"]);
    }
}
