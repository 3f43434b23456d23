//! Orphans of `encargo:maintenance`: what processes left behind or hold.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use encargo_backends::BackendError;
use encargo_backends::held::{is_in_the_making, left_behind, sweep_files, sweep_folders};
use encargo_model::{ErrorCode, Orphan, OrphanKind, Permission, RunId, Timestamp, text};

use super::optimizing::unavailable;
use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::bindings::encargo::types::types::Error;
use crate::state::State;

impl State {
    pub(super) fn all_orphans(&self) -> Result<Vec<wit::Orphan>, Error> {
        let found = self
            .may(&Permission::Check("orphans".to_owned()))
            .and_then(|()| self.may(&Permission::ListTenants))
            .and_then(|()| self.job.check_system(&text!("see what was left behind", "ver lo que quedó atrás")))
            .and_then(|()| {
                let data = self.platform.data();
                let tenants = self.platform.registry().tenants()?.into_iter();
                let files: Vec<(String, PathBuf)> = tenants
                    .filter(|tenant| self.job.reaches(&tenant.slug))
                    .map(|tenant| (tenant.slug, data.tenant_db(tenant.id)))
                    .collect();
                let recorded = self.host.upkeep().map_or(Ok(Vec::new()), |host| host.orphans(&files));
                let mut found = recorded.map_err(unavailable)?;
                found.extend(self.folders().iter().flat_map(|folder| left_in(data.root(), folder)));
                Ok(found)
            });
        let language = self.job.language;
        let told = |orphan: Orphan| wit::Orphan {
            kind: orphan.kind.word().to_owned(),
            name: orphan.name,
            holder: orphan.holder.get(language).to_owned(),
            since: orphan.since.map(|since| since.0),
            can_end: orphan.can_end,
            detail: orphan.detail.get(language).to_owned(),
        };
        self.answer(found.map(|found| found.into_iter().map(told).collect()))
    }

    pub(super) fn orphan_ended(&self, kind: &str, name: &str) -> Result<bool, Error> {
        let ended = self
            .may(&Permission::EndOrphans)
            .and_then(|()| self.job.check_system(&text!("end what was left behind", "terminar lo que quedó atrás")))
            .and_then(|()| match OrphanKind::from_word(kind) {
                Some(OrphanKind::Run | OrphanKind::Lock | OrphanKind::Files) if self.job.dry_run => Ok(false),
                Some(OrphanKind::Files) => Ok(self.remove_left(name)),
                Some(of @ (OrphanKind::Run | OrphanKind::Lock)) => {
                    self.host.upkeep().map_or(Ok(false), |host| host.end_orphan(of, name)).map_err(unavailable)
                }
                Some(OrphanKind::LostRun | OrphanKind::Transaction) | None => Err(BackendError::new(
                    ErrorCode::Invalid,
                    text!("nothing ends a `{kind}` from here", "nada termina un `{kind}` desde aquí"),
                )),
            });
        self.answer(ended)
    }

    /// Where files are made that may be left behind.
    fn folders(&self) -> [PathBuf; 1] {
        [self.platform.data().scratch()]
    }

    /// Removes what its maker left; whether it is gone. One that is held again meanwhile stays.
    fn remove_left(&self, name: &str) -> bool {
        let path = self.platform.data().root().join(name);
        let Some(folder) = self.folders().into_iter().find(|folder| path.parent() == Some(folder)) else {
            return false;
        };
        let is_it = |found: &str| is_ours(found) && path.file_name().is_some_and(|name| name == found);
        if !left_behind(&folder, is_it).contains(&path) {
            return false;
        }
        if path.is_dir() {
            sweep_folders(&folder, is_it);
        } else {
            sweep_files(&folder);
        }
        !path.exists()
    }
}

fn is_ours(name: &str) -> bool {
    is_in_the_making(name) || name.parse::<RunId>().is_ok()
}

/// What lies in a folder whose maker is gone.
fn left_in(root: &Path, folder: &Path) -> Vec<Orphan> {
    let left = |path: PathBuf| {
        let changed = fs::metadata(&path).and_then(|found| found.modified()).ok();
        let since = changed.and_then(|at| i64::try_from(at.duration_since(UNIX_EPOCH).ok()?.as_micros()).ok());
        Orphan {
            kind: OrphanKind::Files,
            name: path.strip_prefix(root).unwrap_or(&path).display().to_string(),
            holder: text!("nobody", "nadie"),
            since: since.map(Timestamp),
            can_end: true,
            detail: text!("a process that is gone was making it", "lo estaba haciendo un proceso que ya no está"),
        }
    };
    left_behind(folder, is_ours).into_iter().map(left).collect()
}
