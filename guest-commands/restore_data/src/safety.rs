//! The present state, backed up before it is replaced.

use encargo_sdk::maintenance::{self, Taken};
use encargo_sdk::prelude::*;

use crate::told::Told;

/// The word by which such backups are known.
const KIND: &str = "safety";

/// What was backed up.
pub(crate) struct Safety {
    /// None where nothing could be read.
    pub(crate) taken: Option<Taken>,
    /// Tenants whose rows or media cannot be read any more, and why.
    pub(crate) left_out: Vec<(String, String)>,
}

impl Safety {
    /// Backs up what is about to be replaced. What cannot be read is what a restore is for, so it is told and left out.
    ///
    /// # Errors
    /// When nothing can be stored: then nothing is replaced either.
    pub(crate) fn take((repository, key): (&str, Option<&str>), tenants: &[String], told: &Told) -> Result<Self> {
        let backup = maintenance::begin_backup(repository, key, KIND, true)?;
        let (mut left_out, mut added) = (Vec::new(), 0);
        let mut add = |tenant: &String, part: Result<()>| {
            match part {
                Ok(()) => added += 1,
                Err(error) if error.ends_run() => return Err(error),
                Err(error) => left_out.push((tenant.clone(), error.message)),
            }
            Ok(())
        };
        for tenant in tenants {
            if told.has_rows() {
                add(tenant, backup.rows(tenant).map(drop))?;
            }
            if told.has_media() {
                add(tenant, backup.media(tenant).map(drop))?;
            }
        }
        if told.has_people() {
            backup.platform()?;
            added += 1;
        }
        let taken = (added > 0).then(|| backup.store()).transpose().context(text!(
            "the present state could not be backed up first (`--no-safety-backup` does without)",
            "no se pudo respaldar antes el estado actual (`--no-safety-backup` prescinde de ello)"
        ))?;
        Ok(Self { taken, left_out })
    }
}
