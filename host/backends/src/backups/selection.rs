//! Which backup is meant: the newest of some kinds, one by the beginning of its id, or the last before a moment.

use encargo_model::{ErrorCode, Timestamp, text};
use rustic_core::repofile::{SnapshotFile, SnapshotId};

use super::repository::Opened;
use super::{Backup, COMPLETE};
use crate::BackendError;

/// The name of the newest backup.
const LATEST: &str = "latest";

/// The backup that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// `latest`, or the beginning of an id.
    pub name: &'a str,
    /// Of the newest: taken at this moment or before.
    pub until: Option<Timestamp>,
    /// Of the newest: of one of these kinds; of any where there are none.
    pub kinds: &'a [&'a str],
    /// Of the newest: of this installation; of any where there is none.
    pub installation: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    /// By name alone.
    pub const fn named(name: &'a str) -> Self {
        Self { name, until: None, kinds: &[], installation: None }
    }

    /// Whether a backup is one of those of which the newest is wanted, or has the name.
    fn is(&self, snapshot: &SnapshotFile, told: &Backup) -> bool {
        if self.name != LATEST {
            return snapshot.id.to_hex().starts_with(self.name);
        }
        self.until.is_none_or(|until| told.taken_at <= until.0)
            && (self.kinds.is_empty() || self.kinds.contains(&told.kind.as_str()))
            && self.installation.is_none_or(|own| told.installation == own)
    }
}

/// All backups, the newest first. What was never read back is none.
pub(super) fn complete(opened: &Opened) -> Result<Vec<SnapshotFile>, BackendError> {
    let all = opened.repository.get_all_snapshots().map_err(|error| opened.wrong(&error))?;
    opened.sound()?;
    let mut complete: Vec<_> = all.into_iter().filter(|one| one.tags.contains(COMPLETE)).collect();
    complete.sort_by(|a, b| b.time.cmp(&a.time));
    Ok(complete)
}

pub(super) fn backup(snapshot: &SnapshotFile) -> Backup {
    let tagged =
        |name: &str| snapshot.tags.iter().find_map(|tag| tag.strip_prefix(name)).unwrap_or_default().to_owned();
    let summary = snapshot.summary.as_ref();
    Backup {
        id: short(&snapshot.id),
        taken_at: snapshot.time.timestamp().as_microsecond(),
        kind: tagged("kind:"),
        run: tagged("run:"),
        installation: snapshot.hostname.clone(),
        bytes: summary.map_or(0, |summary| summary.total_bytes_processed),
        added: summary.map_or(0, |summary| summary.data_added_packed),
    }
}

/// The backup that is wanted.
pub(super) fn find(opened: &Opened, wanted: &Wanted<'_>) -> Result<SnapshotFile, BackendError> {
    let all = complete(opened)?;
    let known: Vec<_> = all.iter().take(5).map(|one| short(&one.id)).collect();
    let name = wanted.name;
    let mut found = all.into_iter().filter(|one| wanted.is(one, &backup(one)));
    let message = match (found.next(), found.next()) {
        (Some(one), other) if other.is_none() || name == LATEST => return Ok(one),
        (Some(_), _) => text!("several backups begin with `{name}`", "varios respaldos empiezan por `{name}`"),
        (None, _) if known.is_empty() => {
            text!("there is no backup at `{}`", "no hay ningún respaldo en `{}`"; opened.path)
        }
        (None, _) if name == LATEST => text!(
            "none of the backups at `{}` is of that time, that kind and this installation; `encargo backups list` shows them",
            "ninguno de los respaldos en `{}` es de ese momento, de ese tipo y de esta instalación; `encargo backups list` los muestra";
            opened.path
        ),
        (None, _) => {
            let known = known.join("`, `");
            text!(
                "there is no backup `{name}`; the newest are `{known}`",
                "no hay ningún respaldo `{name}`; los más recientes son `{known}`"
            )
        }
    };
    Err(BackendError::new(ErrorCode::NotFound, message))
}

/// The first digits of a snapshot's id, as restic shows it.
pub(super) fn short(id: &SnapshotId) -> String {
    id.to_hex()[..8].to_owned()
}
