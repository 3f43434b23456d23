//! A run's folder for copies of databases and spooled input.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use encargo_model::RunId;

use crate::sweep::sweep;

/// No run's folder stays unchanged for longer: the wall limit is 6 hours unless an operator raised it.
const LEFT_BEHIND: Duration = Duration::from_secs(7 * 86_400);

/// The folder; it is made by whoever first needs it, and removed when the attempt is over.
pub(crate) struct Scratch {
    all: PathBuf,
    own: PathBuf,
}

impl Scratch {
    pub(crate) fn of(all: PathBuf, run: RunId) -> Self {
        let own = all.join(run.to_string());
        Self { all, own }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.own
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Removing only fails where nothing was made; a run that made something sweeps what killed ones left.
        if fs::remove_dir_all(&self.own).is_ok() {
            let _ = sweep(&self.all, LEFT_BEHIND);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_removes_its_own_folder_and_no_young_one_of_another() {
        let all = std::env::temp_dir().join(format!("encargo-scratch-{}", std::process::id()));
        let (mine, other) = (Scratch::of(all.clone(), RunId(1)), Scratch::of(all.clone(), RunId(2)));
        fs::create_dir_all(mine.path().join("databases")).unwrap();
        fs::create_dir_all(other.path()).unwrap();
        let old = fs::File::create(all.join("old")).unwrap();
        old.set_modified(std::time::UNIX_EPOCH).unwrap();
        drop(mine);
        assert!(!all.join(RunId(1).to_string()).exists() && other.path().exists() && !all.join("old").exists());
        drop(other);
        fs::remove_dir_all(all).unwrap();
    }
}
