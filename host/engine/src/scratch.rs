//! A dry run's folder for copies of databases and for files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use encargo_backends::held::{HeldFolder, sweep_folders};
use encargo_model::RunId;

use crate::sweep::sweep;

/// Nothing else there stays unchanged for longer: the wall limit is 6 hours unless an operator raised it.
const LEFT_BEHIND: Duration = Duration::from_secs(7 * 86_400);

/// The folder of a dry run, held while the attempt lasts and removed when it is over; another run has none. Each run, when it
/// is over, removes those that killed ones left.
pub(crate) struct Scratch {
    all: PathBuf,
    own: PathBuf,
    held: Option<HeldFolder>,
}

impl Scratch {
    pub(crate) fn of(all: PathBuf, run: RunId, dry_run: bool) -> Self {
        let own = all.join(run.to_string());
        // Where it cannot be made, whoever needs it says so.
        let held = dry_run.then(|| HeldFolder::make(&own).ok()).flatten();
        Self { all, own, held }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.own
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.held.take().is_some() {
            // What cannot be removed now is swept by a later run.
            let _ = fs::remove_dir_all(&self.own);
        }
        sweep_folders(&self.all, |name| name.parse::<RunId>().is_ok());
        let _ = sweep(&self.all, LEFT_BEHIND);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_run_removes_its_own_folder_and_every_run_those_of_killed_ones_and_no_live_one() {
        let all = std::env::temp_dir().join(format!("encargo-scratch-{}", std::process::id()));
        let dry = |run| Scratch::of(all.clone(), RunId(run), true);
        let (mine, other) = (dry(1), dry(2));
        fs::create_dir_all(mine.path().join("databases")).unwrap();
        let killed = all.join(RunId(3).to_string());
        fs::create_dir_all(killed.join("databases")).unwrap();
        fs::create_dir_all(all.join("of another kind")).unwrap();
        let old = fs::File::create(all.join("old")).unwrap();
        let made_at = old.metadata().unwrap().modified().unwrap();
        let days = |days: u64| made_at - Duration::from_secs(days * 86_400);
        old.set_modified(days(8)).unwrap();
        let young = fs::File::create(all.join("young")).unwrap();
        young.set_modified(days(6)).unwrap();
        drop(mine);
        assert!(!all.join(RunId(1).to_string()).exists() && other.path().exists());
        assert!(!killed.exists() && !all.join("old").exists() && all.join("of another kind").exists());
        assert!(all.join("young").exists(), "a run may have it still");
        let real = Scratch::of(all.clone(), RunId(4), false);
        assert!(!real.path().exists());
        fs::create_dir_all(killed.join("databases")).unwrap();
        drop(real);
        assert!(!killed.exists() && other.path().exists());
        drop(other);
        fs::remove_dir_all(all).unwrap();
    }
}
