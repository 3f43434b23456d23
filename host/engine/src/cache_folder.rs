//! The folder of compiled components: this user's own, because what lies in it is run as native code.
//!
//! Nobody else may write to it or put another in its place. One that is not so is passed over for the next.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::Access;

use crate::error::CacheError;

/// The folder of this name in the first cache that is this user's own and can be written, and what is wrong with those
/// before it.
pub(crate) fn first_usable(caches: &[PathBuf], name: &str) -> (Option<PathBuf>, Vec<CacheError>) {
    let mut unusable = Vec::new();
    let folder = caches.iter().find_map(|cache| usable(cache, name).map_err(|error| unusable.push(error)).ok());
    (folder, unusable)
}

/// The folder of this name in a cache, made where there is none.
fn usable(cache: &Path, name: &str) -> Result<PathBuf, CacheError> {
    let folder = cache.join(name);
    let fails = |source| CacheError::Io { path: cache.to_owned(), source };
    check_above(cache)?;
    if !folder.is_dir() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(fails)?;
    }
    check_above(cache)?;
    for folder in [cache, &folder] {
        let (link, metadata) = (fs::symlink_metadata(folder).map_err(fails)?, fs::metadata(folder).map_err(fails)?);
        if [link.uid(), metadata.uid()].iter().any(|&owner| owner != this_user()) || metadata.mode() & 0o022 != 0 {
            return Err(CacheError::Foreign(folder.to_owned()));
        }
    }
    rustix::fs::access(&folder, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|error| fails(error.into()))?;
    Ok(folder)
}

/// Whoever may rename in the folder above can put a folder of their own in the place of one that was just looked at:
/// its owner, and others unless it is as `/tmp`, where each may rename only what is theirs.
fn check_above(cache: &Path) -> Result<(), CacheError> {
    const STICKY: u32 = 0o1000;
    let Some(metadata) = cache.ancestors().skip(1).find_map(|above| fs::metadata(above).ok()) else { return Ok(()) };
    let is_open = metadata.mode() & 0o002 != 0 && metadata.mode() & STICKY == 0;
    if is_open || ![0, this_user()].contains(&metadata.uid()) {
        return Err(CacheError::Foreign(cache.to_owned()));
    }
    Ok(())
}

fn this_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(folder: &Path, mode: u32) {
        fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn the_first_folder_of_this_users_own_is_taken_and_made_for_it_alone() {
        let all = std::env::temp_dir().join(format!("encargo-caches-{}", std::process::id()));
        fs::create_dir(&all).unwrap();
        mode(&all, 0o755);
        let [shared, open, linked, own] = ["shared", "open/cache", "linked", "own/of/mine"].map(|name| all.join(name));
        fs::create_dir(&shared).unwrap();
        mode(&shared, 0o777);
        fs::create_dir(all.join("open")).unwrap();
        mode(&all.join("open"), 0o777);
        symlink("/proc", &linked).unwrap();
        let nowhere = PathBuf::from("/proc/nothing/cache");

        let (folder, unusable) = first_usable(&[nowhere, shared, open.clone(), linked, own.clone()], "name");
        assert_eq!(folder, Some(own.join("name")));
        assert_eq!(unusable.len(), 4, "{unusable:?}");
        assert!(
            unusable[1..]
                .iter()
                .all(|error| matches!(error, CacheError::Foreign(_)) || error.to_string().contains("linked"))
        );
        assert_eq!(fs::metadata(&own).unwrap().mode() & 0o777, 0o700);
        assert!(!open.exists());
        let (again, unusable) = first_usable(std::slice::from_ref(&own), "name");
        assert_eq!((again, unusable.len()), (folder, 0));
        fs::remove_dir_all(all).unwrap();
    }
}
