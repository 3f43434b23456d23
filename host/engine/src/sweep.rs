//! Removes what earlier processes left behind.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use encargo_backends::made;

/// Removes the files and folders in a folder that nobody has changed for this long.
///
/// # Errors
/// When the folder cannot be read; what cannot be removed stays for the next time.
pub(crate) fn sweep(folder: &Path, unchanged_for: Duration) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // What a killed run made waits for its tenant, however long.
        if entry.file_name().to_str().is_some_and(made::is_list) {
            continue;
        }
        let metadata = entry.metadata()?;
        let is_old = metadata.modified()?.elapsed().is_ok_and(|age| age > unchanged_for);
        let path = entry.path();
        let _ = match (is_old, metadata.is_dir()) {
            (false, _) => Ok(()),
            (true, true) => fs::remove_dir_all(path),
            (true, false) => fs::remove_file(path),
        };
    }
    Ok(())
}
