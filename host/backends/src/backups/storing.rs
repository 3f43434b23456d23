//! Stores a backup as one snapshot of all files, and reads it back against the manifest before it counts.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use encargo_model::{ErrorCode, Timestamp, text};
use rustic_core::repofile::{SnapshotFile, SnapshotId};
use rustic_core::{BackupOptions, RusticError, SnapshotOptions, StringList};

use super::repository::{Opened, wrong};
use super::selection::short;
use super::source::{Item, Items, TOP};
use super::staging::no_room;
use super::stored::Stored;
use super::taking::{Taken, Taking};
use super::{COMPLETE, UNVERIFIED};
use crate::BackendError;

impl Taking {
    /// Stores everything that was added as one snapshot, and reads it back against the manifest. It counts from then
    /// on.
    ///
    /// # Errors
    /// `verification-failed` when what was stored is not what was read; what the system says. What
    /// was stored is no backup then, and goes with the next one.
    pub fn store(mut self) -> Result<Taken, BackendError> {
        let by_place = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        self.manifest.parts.sort_by_key(|part| by_place(&part.path));
        let Some(opened) = self.opened.take() else {
            let (id, snapshot, place, manifest) = (String::new(), String::new(), self.place, self.manifest);
            return Ok(Taken { id, snapshot, place, manifest, added: 0, reused: 0, new_key: None });
        };
        let manifest = self.staging.path.join("manifest.json");
        let text = serde_json::to_vec_pretty(&self.manifest).map_err(|error| internal(&error.to_string()))?;
        fs::write(&manifest, text).map_err(|error| no_room(&manifest, error))?;
        self.items.push(Item { path: "manifest.json".to_owned(), file: manifest, lasts: false });
        self.items.sort_by_key(|item| by_place(&item.path));

        let Self { new_key, interrupt, staging, manifest, items, .. } = self;
        let Opened { repository, faults, path } = opened;
        let wrong = |error: Box<RusticError>| wrong(&path, &faults, &error);
        let source = Items { items, faults: faults.clone(), interrupt: Arc::clone(&interrupt) };
        let tags = [UNVERIFIED, &format!("kind:{}", manifest.kind), &format!("run:{}", manifest.run)].join(",");
        let options = SnapshotOptions::default().host(manifest.installation.clone());
        let snapshot = options.add_tags(&tags).and_then(|options| options.to_snapshot()).map_err(wrong)?;
        let indexed = repository.to_indexed_ids().map_err(wrong)?;
        let options = BackupOptions::default().no_scan(true);
        let archived = indexed.archive(&options, &source, snapshot, &[PathBuf::from(TOP)]);
        // A failure below the library may have left a file or a pack out of a snapshot that it calls stored.
        if interrupt.is_raised() {
            return Err(crate::sqlite::cancelled());
        }
        let stored = archived.map_err(wrong)?;
        drop(staging);
        let opened = Opened { repository: indexed.drop_index(), faults: faults.clone(), path: path.clone() };
        opened.sound()?;
        let stored = Stored::of(opened, stored, manifest)?;
        stored.check(&interrupt)?;
        let (opened, stored, manifest) = stored.into_parts();
        let summary = stored.summary.clone().unwrap_or_default();
        let complete = finish(&opened, stored)?;
        let (id, snapshot) = (short(&complete), complete.to_hex().to_string());
        let reused = summary.total_bytes_processed.saturating_sub(summary.data_added_files);
        Ok(Taken { id, snapshot, place: path, manifest, added: summary.data_added_packed, reused, new_key })
    }
}

/// Marks a snapshot that was read back as complete, and answers its name: it is saved under that mark before the one
/// without it goes, so a kill in between leaves both, of which the next backup sweeps one.
fn finish(opened: &Opened, stored: SnapshotFile) -> Result<SnapshotId, BackendError> {
    let wrong = |error: Box<RusticError>| opened.wrong(&error);
    let (unverified, tree, time) = (stored.id, stored.tree, stored.time.clone());
    let mut complete = stored;
    let mark: StringList = UNVERIFIED.parse().map_err(|_| internal(UNVERIFIED))?;
    complete.remove_tags(&[mark]);
    complete.tags.add(COMPLETE.to_owned());
    opened.repository.save_snapshots(vec![complete]).map_err(wrong)?;
    opened.repository.delete_snapshots(&[unverified]).map_err(wrong)?;
    let all = opened.repository.get_all_snapshots().map_err(wrong)?;
    opened.sound()?;
    let own = all.into_iter().find(|one| one.id != unverified && one.tree == tree && one.time == time);
    own.map(|own| own.id).ok_or_else(|| internal("the snapshot is gone"))
}

/// What lies there unverified for longer is of a process that is gone.
const LEFT_FOR: i64 = 24 * 3_600 * 1_000_000;

/// Takes away what earlier backups of this installation left unverified; another one may be storing its own just now.
pub(super) fn sweep(opened: &Opened, installation: &str, now: Timestamp) -> Result<(), BackendError> {
    let wrong = |error: Box<RusticError>| opened.wrong(&error);
    let all = opened.repository.get_all_snapshots().map_err(wrong)?;
    let is_left = |one: &&SnapshotFile| {
        let is_own = one.hostname == installation && one.tags.contains(UNVERIFIED);
        is_own && one.time.timestamp().as_microsecond() < now.0 - LEFT_FOR
    };
    let left = all.iter().filter(is_left);
    let left: Vec<_> = left.map(|one| one.id).collect();
    opened.repository.delete_snapshots(&left).map_err(wrong)?;
    opened.sound()
}

fn internal(error: &str) -> BackendError {
    let message = text!("the backup cannot be described", "no se puede describir el respaldo");
    BackendError::new(ErrorCode::Internal, message).because(error)
}
