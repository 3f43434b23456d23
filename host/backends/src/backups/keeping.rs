//! The rows of a tenant as a run found them, kept as a backup of its own before the run changes them.

use std::sync::Arc;

use encargo_model::Tenant;

use super::selection::{backup, complete};
use super::{NewKey, Place, What};
use crate::{BackendError, Interrupt, Platform};

/// The word by which such backups are known.
pub(super) const COPY: &str = "copy";

impl Platform {
    /// Keeps a tenant's rows as they are now in a backup, and answers its name and a key that was made for it. A run has
    /// one of them: where it is there already, it stays. In a dry run none is made, and it has no name.
    ///
    /// # Errors
    /// As of any backup.
    pub fn keep_rows(
        &self,
        place: &Place,
        what: &What<'_>,
        tenant: &Tenant,
        interrupt: &Arc<Interrupt>,
    ) -> Result<(String, Option<NewKey>), BackendError> {
        let what = What { kind: COPY, ..*what };
        let mut taking = self.begin_backup(place, &what, interrupt)?;
        let run = what.run.to_string();
        if let Some(opened) = &taking.opened {
            let kept = complete(opened)?.iter().map(backup).find(|one| one.kind == COPY && one.run == run);
            if let Some(kept) = kept {
                return Ok((kept.id, None));
            }
        }
        self.back_up_rows(&mut taking, tenant)?;
        let taken = taking.store()?;
        Ok((taken.id, taken.new_key))
    }
}
