//! Opens, moves and removes files below a folder so that nothing, not even what is put in its place meanwhile, leads out
//! of it.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path};

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, RenameFlags, Stat, linkat, mkdirat, openat, renameat_with, statat, unlinkat,
};
use rustix::io::Errno;

/// What tells a file from another one, and from itself before somebody wrote to it.
pub(super) type Identity = (u64, u64, u64, i64, i64);

/// A file's identity, as it is now.
pub(super) fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino(), metadata.len(), metadata.mtime(), metadata.mtime_nsec())
}

/// A folder, held open: whatever is put at its path later is not this one.
pub(super) fn folder(path: &Path) -> io::Result<OwnedFd> {
    Ok(openat(CWD, path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?)
}

/// A regular file below the folder. No part of the path may be a link; opening a pipe that nobody writes to would never
/// return, so nothing is waited for.
pub(super) fn open(folder: &impl AsFd, path: &Path) -> io::Result<File> {
    let mut parts = path.components().peekable();
    let mut below: Option<OwnedFd> = None;
    while let Some(part) = parts.next() {
        let Component::Normal(name) = part else { return Err(io::ErrorKind::InvalidInput.into()) };
        let kind = if parts.peek().is_some() { OFlags::DIRECTORY } else { OFlags::NONBLOCK };
        let flags = kind | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let from: BorrowedFd<'_> = below.as_ref().map_or_else(|| folder.as_fd(), AsFd::as_fd);
        below = Some(openat(from, name, flags, Mode::empty())?);
    }
    let file = File::from(below.ok_or(io::ErrorKind::InvalidInput)?);
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// What lies in the folder under this name, where it is a regular file.
pub(super) fn regular(folder: &impl AsFd, name: &OsStr) -> Option<Stat> {
    let stat = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    (FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile).then_some(stat)
}

/// What has this name in the folder, whoever may read it; a link is looked at itself.
pub(super) fn look(folder: &impl AsFd, name: &OsStr) -> io::Result<Metadata> {
    File::from(openat(folder, name, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?).metadata()
}

/// A folder inside the folder, held open; a link is none.
pub(super) fn folder_in(folder: &impl AsFd, name: &OsStr) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(folder, name, flags, Mode::empty())?)
}

/// The same, made where it is not there, with what the process lets others do.
pub(super) fn make_folder_in(folder: &impl AsFd, name: &OsStr) -> io::Result<OwnedFd> {
    match mkdirat(folder, name, Mode::from_raw_mode(0o777)) {
        Ok(()) | Err(Errno::EXIST) => folder_in(folder, name),
        Err(error) => Err(error.into()),
    }
}

/// Moves a file from one folder to another of the same file system; what has the name there is never replaced.
pub(super) fn rename(from: &impl AsFd, name: &OsStr, to: &impl AsFd, new: &OsStr) -> io::Result<()> {
    match renameat_with(from, name, to, new, RenameFlags::NOREPLACE) {
        // This file system knows no such way to rename; a second name never replaces one either.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            linkat(from, name, to, new, AtFlags::empty())?;
            Ok(unlinkat(from, name, AtFlags::empty())?)
        }
        renamed => Ok(renamed?),
    }
}

/// Removes a name from the folder.
pub(super) fn remove(folder: &impl AsFd, name: &OsStr) -> io::Result<()> {
    Ok(unlinkat(folder, name, AtFlags::empty())?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn no_part_of_the_way_may_be_a_link() {
        let place = TempDir::new().unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::create_dir_all(at("in/below")).unwrap();
        std::fs::write(at("in/below/a"), b"a").unwrap();
        std::fs::write(at("secret"), b"s").unwrap();
        symlink("below", at("in/way")).unwrap();
        symlink("../secret", at("in/leak")).unwrap();
        let folder = folder(&at("in")).unwrap();
        assert!(open(&folder, Path::new("below/a")).is_ok());
        for path in ["way/a", "leak", "../secret", "below", "/etc/passwd", "", "below/../../secret"] {
            assert!(open(&folder, Path::new(path)).is_err(), "{path}");
        }
        // Another folder at the same path is not the one that was opened.
        rustix::fs::rename(at("in"), at("old")).unwrap();
        std::fs::create_dir_all(at("in/below")).unwrap();
        std::fs::write(at("in/below/b"), b"b").unwrap();
        assert!(open(&folder, Path::new("below/b")).is_err() && open(&folder, Path::new("below/a")).is_ok());
    }
}
