//! Proof that whoever made a temporary file or folder is still there: a lock that the system takes back with the process,
//! on whichever machine that was. What nobody holds was left behind and can go.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;
use tempfile::{NamedTempFile, TempDir};

use crate::data_dir::make_folder;

/// How files in the making are named.
const PREFIX: &str = ".encargo-";
/// How folders are named that lie among the system's temporary files.
const FOLDER_PREFIX: &str = "encargo-";
const SUFFIX: &str = ".tmp";

/// Whether a name is that of a file in the making.
pub fn is_in_the_making(name: &str) -> bool {
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

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
///
/// # Errors
/// What the system says.
pub fn make_file(folder: &Path) -> io::Result<NamedTempFile> {
    make_held(folder, PREFIX)
}

fn make_held(folder: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    loop {
        let file = tempfile::Builder::new().prefix(prefix).suffix(SUFFIX).tempfile_in(folder)?;
        if is_held(file.as_file(), file.path()) {
            return Ok(file);
        }
    }
}

/// A file that tells whoever comes once its maker is gone. It stays when this is dropped, and is held no more.
#[derive(Debug)]
pub struct HeldFile {
    file: File,
    path: PathBuf,
}

impl HeldFile {
    /// Makes one in a folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(folder: &Path, prefix: &str) -> io::Result<Self> {
        let (file, path) = make_held(folder, prefix)?.keep()?;
        Ok(Self { file, path })
    }

    /// To write to.
    pub const fn as_file(&self) -> &File {
        &self.file
    }

    /// Nobody is to be told.
    pub fn remove(self) {
        // One that cannot be removed tells whoever comes what it has told so far.
        let _ = fs::remove_file(&self.path);
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
            if let Some(held) = Self::hold(path)? {
                return Ok(held);
            }
        }
    }

    /// Holds a folder that was just made; nothing when someone swept it before it was held.
    fn hold(path: &Path) -> io::Result<Option<Self>> {
        match open(path) {
            Ok(folder) => Ok(is_held(&folder, path).then_some(Self { _lock: folder })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A folder among the system's temporary files. It goes with this, and where its maker was killed with the next that is
/// made.
#[derive(Debug)]
pub struct TemporaryFolder {
    folder: TempDir,
    _held: HeldFolder,
}

impl TemporaryFolder {
    /// Makes it, and removes those of this user that killed processes left.
    ///
    /// # Errors
    /// What the system says.
    pub fn make() -> io::Result<Self> {
        Self::make_in(&tempfile::env::temp_dir())
    }

    /// The same in a folder of the caller's.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_in(all: &Path) -> io::Result<Self> {
        let user = rustix::process::geteuid().as_raw();
        let is_own = |name: &str| fs::symlink_metadata(all.join(name)).is_ok_and(|folder| folder.uid() == user);
        sweep_folders(all, |name| name.starts_with(FOLDER_PREFIX) && name.ends_with(SUFFIX) && is_own(name));
        loop {
            let folder = tempfile::Builder::new().prefix(FOLDER_PREFIX).suffix(SUFFIX).tempdir_in(all)?;
            if let Some(held) = HeldFolder::hold(folder.path())? {
                return Ok(Self { folder, _held: held });
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// What lies in a folder and is ours, whose makers are gone.
pub fn left_behind(folder: &Path, is_ours: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let is_left = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(&is_ours);
        is_ours && open(&entry.path()).is_ok_and(|file| lock(&file) == Lock::Taken)
    };
    let mut left: Vec<_> = entries.filter(is_left).map(|entry| entry.path()).collect();
    left.sort_unstable();
    left
}

/// Removes the files in the making whose makers are gone.
pub fn sweep_files(folder: &Path) {
    sweep(folder, is_in_the_making, fs::FileType::is_file, |path| fs::remove_file(path));
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
    fn a_temporary_folder_goes_with_its_value_and_what_killed_processes_left_with_the_next() {
        let all = TempDir::new().unwrap();
        let other = TemporaryFolder::make_in(all.path()).unwrap();
        fs::create_dir_all(all.path().join("encargo-left.tmp/inside")).unwrap();
        fs::create_dir(all.path().join("encargo-cache-7")).unwrap();
        let mine = TemporaryFolder::make_in(all.path()).unwrap();
        fs::write(mine.path().join("file"), "x").unwrap();
        assert!(other.path().is_dir() && mine.path() != other.path());
        assert_eq!(names(all.path()).len(), 3);
        drop((mine, other));
        assert_eq!(names(all.path()), ["encargo-cache-7"]);
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
