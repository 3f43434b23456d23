//! The storage under the data directory: whether it can be written, and how much of it is left.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use encargo_model::Lack;
use tempfile::NamedTempFile;

use super::ProbeStatus;
use crate::Platform;
use crate::data_dir::{lack_at, make_folder};

/// Below these shares of the disk, in percent, there is a warning, or it has failed.
const WARNING_BELOW: f64 = 10.0;
const FAILED_BELOW: f64 = 2.0;
const GIB: f64 = (1_u64 << 30) as f64;

/// Writes a file, syncs, reads and removes it, beside and not in the platform's files.
pub(super) fn storage(platform: &Platform) -> (ProbeStatus, String) {
    let folder = platform.data().scratch();
    let text = b"encargo";
    let tried = make_folder(&folder).and_then(|()| {
        let mut file = NamedTempFile::new_in(&folder)?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        let read = fs::read(file.path())?;
        file.close()?;
        Ok(read == text)
    });
    match tried {
        Ok(true) => (ProbeStatus::Ok, "a file was written, synced, read and removed".to_owned()),
        Ok(false) => (ProbeStatus::Failed, "a file reads back other than it was written".to_owned()),
        Err(error) => (ProbeStatus::Failed, format!("a file could not be written: {}", why(&error, &folder))),
    }
}

fn why(error: &io::Error, folder: &Path) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => lack_at(folder).unwrap_or(Lack::Space).to_string(),
        kind => kind.to_string(),
    }
}

/// How much of the disk is left.
pub(super) fn disk(platform: &Platform) -> (ProbeStatus, String) {
    let Ok(disk) = rustix::fs::statvfs(platform.data().root()) else {
        return (ProbeStatus::Failed, "the disk does not say how much is left".to_owned());
    };
    let (free, total) = (disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize);
    let share = if total == 0 { 100.0 } else { free as f64 * 100.0 / total as f64 };
    if Lack::of(free, 1, disk.f_files, disk.f_ffree) == Some(Lack::Inodes) {
        return (ProbeStatus::Failed, Lack::Inodes.to_string());
    }
    (judge(share), format!("{:.1} GiB free of {:.1} GiB ({share:.0} %)", free as f64 / GIB, total as f64 / GIB))
}

fn judge(share: f64) -> ProbeStatus {
    if share < FAILED_BELOW {
        ProbeStatus::Failed
    } else if share < WARNING_BELOW {
        ProbeStatus::Warning
    } else {
        ProbeStatus::Ok
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_space_warns_before_it_fails() {
        for (share, status) in [(50.0, ProbeStatus::Ok), (9.9, ProbeStatus::Warning), (1.9, ProbeStatus::Failed)] {
            assert_eq!(judge(share), status);
        }
    }
}
