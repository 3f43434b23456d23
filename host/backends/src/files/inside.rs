//! Opens a file below a folder so that nothing, not even what is put in its place meanwhile, leads out of it.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Component, Path};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat, openat, statat, unlinkat};

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
