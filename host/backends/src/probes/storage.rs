//! The storage under the data directory: whether it can be written, and how much of it is left.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use encargo_model::{Lack, Text, Worded, text};
use tempfile::NamedTempFile;

use super::{Answer, ProbeStatus};
use crate::Platform;
use crate::data_dir::{lack_at, make_folder};

/// Below these shares of the disk, in percent, there is a warning, or it has failed.
const WARNING_BELOW: f64 = 10.0;
const FAILED_BELOW: f64 = 2.0;
const GIB: f64 = (1_u64 << 30) as f64;

/// Writes a file, syncs, reads and removes it, beside and not in the platform's files.
pub(super) fn storage(platform: &Platform) -> Answer {
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
        Ok(true) => Answer::ok(text!(
            "a file was written, synced, read and removed",
            "se escribió, sincronizó, leyó y borró un archivo"
        )),
        Ok(false) => Answer::failed(text!(
            "a file reads back other than it was written",
            "un archivo no se lee como se escribió"
        )),
        Err(error) => Answer::failed(text!(
            "a file could not be written: {why}",
            "no se pudo escribir un archivo: {why}",
            why = why(&error, &folder)
        )),
    }
}

fn why(error: &io::Error, folder: &Path) -> Text {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => lack_at(folder).unwrap_or(Lack::Space).text(),
        io::ErrorKind::ReadOnlyFilesystem => {
            text!("the file system is read-only", "el sistema de archivos es de solo lectura")
        }
        io::ErrorKind::PermissionDenied => text!("this user may not write there", "este usuario no puede escribir ahí"),
        kind => Text::quoted(kind.to_string()),
    }
}

/// How much of the disk is left.
pub(super) fn disk(platform: &Platform) -> Answer {
    let Ok(disk) = rustix::fs::statvfs(platform.data().root()) else {
        return Answer::failed(text!("the disk does not say how much is left", "el disco no dice cuánto queda"));
    };
    let (free, total) = (disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize);
    let share = if total == 0 { 100.0 } else { free as f64 * 100.0 / total as f64 };
    if Lack::of(free, 1, disk.f_files, disk.f_ffree) == Some(Lack::Inodes) {
        return Answer::failed(Lack::Inodes.text());
    }
    let told = text!(
        "{:.1} GiB free of {:.1} GiB ({share:.0} %)",
        "{:.1} GiB libres de {:.1} GiB ({share:.0} %)";
        free as f64 / GIB, total as f64 / GIB
    );
    Answer::new(judge(share), told).with("free", free as f64, "bytes").with("free_share", share, "percent")
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
