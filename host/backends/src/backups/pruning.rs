//! Which backups stay and why, and taking the others away.

use std::sync::Arc;

use rustic_core::jiff::{Span, Zoned};
use rustic_core::repofile::{SnapshotFile, SnapshotId};
use rustic_core::{KeepOptions, PruneOptions, RusticError};

use super::repository::{self, Opened};
use super::selection::{backup, complete};
use super::{Backup, Place};
use crate::{BackendError, Interrupt};

/// How many backups stay, of each kind (full, database, ..) for itself. What is not said keeps none by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    /// So many of the newest.
    pub last: Option<u32>,
    /// The newest of each of so many days.
    pub daily: Option<u32>,
    /// The newest of each of so many weeks.
    pub weekly: Option<u32>,
    /// The newest of each of so many months.
    pub monthly: Option<u32>,
    /// All that are at most so many days older than the newest.
    pub within_days: Option<u32>,
}

/// What becomes of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which.
    pub backup: Backup,
    /// Why it stays: `newest`, `last`, `daily`, `weekly`, `monthly`, `within`; none where it goes.
    pub reasons: Vec<String>,
}

impl Decision {
    /// Whether it stays.
    pub fn stays(&self) -> bool {
        !self.reasons.is_empty()
    }
}

impl Keep {
    /// Whether anything was said.
    pub const fn is_said(&self) -> bool {
        self.last.is_some()
            || self.daily.is_some()
            || self.weekly.is_some()
            || self.monthly.is_some()
            || self.within_days.is_some()
    }

    fn options(&self) -> KeepOptions {
        let count = |n: Option<u32>| n.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
        let mut options = KeepOptions::default();
        options.keep_last = count(self.last);
        options.keep_daily = count(self.daily);
        options.keep_weekly = count(self.weekly);
        options.keep_monthly = count(self.monthly);
        options.keep_within = self.within_days.map(|days| Span::new().days(days.min(100_000)));
        options
    }
}

/// What would become of each backup, the newest first. The newest of each kind always stays.
fn decide(mut all: Vec<SnapshotFile>, keep: &Keep) -> Result<Vec<(SnapshotId, Decision)>, Box<RusticError>> {
    all.sort_by(|a, b| b.time.cmp(&a.time));
    let mut kinds: Vec<(String, String)> = all.iter().map(group).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut decided = Vec::new();
    for kind in kinds {
        let of_kind: Vec<_> = all.iter().filter(|one| group(one) == kind).cloned().collect();
        for (at, one) in keep.options().apply(of_kind, &Zoned::now())?.into_iter().enumerate() {
            let mut reasons = if one.keep { one.reasons } else { Vec::new() };
            if at == 0 {
                reasons.insert(0, "newest".to_owned());
            }
            decided.push((one.snapshot.id, Decision { backup: backup(&one.snapshot), reasons }));
        }
    }
    decided.sort_by_key(|(_, one)| std::cmp::Reverse(one.backup.taken_at));
    Ok(decided)
}

/// Backups of the same installation and of the same kind are kept or dropped beside each other.
fn group(snapshot: &SnapshotFile) -> (String, String) {
    (snapshot.hostname.clone(), backup(snapshot).kind)
}

/// Takes away the backups that nothing keeps, and then what of the repository belongs to none: stored data is marked
/// first and goes with a later pruning, so that a backup that is being written keeps what it counts on. With `dry` it
/// only says what would become of each.
///
/// # Errors
/// `not-found` where there are no backups, `wrong-key`, `cancelled` before anything was removed; what the system says.
pub fn prune(place: &Place, keep: &Keep, dry: bool, interrupt: &Arc<Interrupt>) -> Result<Vec<Decision>, BackendError> {
    let opened = repository::open(&place.repository, &place.key_file)?;
    let all = complete(&opened)?;
    let decided = decide(all, keep).map_err(|error| opened.wrong(&error))?;
    if interrupt.is_raised() {
        return Err(crate::sqlite::cancelled());
    }
    if !dry {
        let gone: Vec<_> = decided.iter().filter(|(_, one)| !one.stays()).map(|(id, _)| *id).collect();
        remove(&opened, &gone)?;
    }
    Ok(decided.into_iter().map(|(_, decision)| decision).collect())
}

fn remove(opened: &Opened, gone: &[SnapshotId]) -> Result<(), BackendError> {
    let wrong = |error: Box<RusticError>| opened.wrong(&error);
    if !gone.is_empty() {
        opened.repository.delete_snapshots(gone).map_err(wrong)?;
        opened.sound()?;
    }
    let options = PruneOptions::default();
    let plan = opened.repository.prune_plan(&options).map_err(wrong)?;
    opened.sound()?;
    opened.repository.prune(&options, plan).map_err(wrong)?;
    opened.sound()
}
