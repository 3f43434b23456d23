//! What is done in a tenant, one step after the other.

use std::time::Instant as Clock;

use encargo_sdk::maintenance::DamageKind;
use encargo_sdk::prelude::*;
use encargo_sdk::upkeep::{self, Storage};

use crate::told::Told;

/// What was asked for; neither of the two is all that is worth doing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen {
    pub(crate) analyze: bool,
    pub(crate) reindex: bool,
    /// From how many percent of emptiness on the storage is written anew.
    pub(crate) free_percent: u64,
}

impl Chosen {
    pub(crate) const fn is_all(self) -> bool {
        !self.analyze && !self.reindex
    }
}

/// Puts a tenant's storage in order. What was done before an error is told with it.
pub(crate) fn keep_up(run: &Run, tenant: &str, chosen: Chosen, told: &mut Told) -> Result<()> {
    let begun = Clock::now();
    let before = upkeep::storage(tenant)?;
    told.before(tenant, before);
    let done = steps(run, tenant, chosen, &before, told);
    let after = if run.dry_run() { Ok(before) } else { upkeep::storage(tenant) };
    let after = match done {
        Ok(()) => after?,
        Err(error) => return Err(error),
    };
    told.after(after, begun.elapsed());
    Ok(())
}

fn steps(run: &Run, tenant: &str, chosen: Chosen, before: &Storage, told: &mut Told) -> Result<()> {
    if chosen.analyze {
        told.run("statistics", || upkeep::analyze(tenant, false))?;
    }
    if chosen.reindex {
        run.check()?;
        told.run("indexes", || upkeep::reindex(tenant, false))?;
    }
    if !chosen.is_all() {
        return Ok(());
    }
    if !is_sound(tenant, told)? {
        return Ok(());
    }
    run.check()?;
    let mut rewritten = 0;
    if is_worth_compacting(before, chosen.free_percent) {
        rewritten += told.run("storages", || upkeep::compact(tenant))?;
    }
    run.check()?;
    rewritten += told.run("indexes", || upkeep::reindex(tenant, true))?;
    run.check()?;
    let done = rewritten + told.run("statistics", || upkeep::analyze(tenant, true))?;
    run.check()?;
    // What is done is in the log first.
    let has_log = if run.dry_run() { before.log_bytes > 0 || done > 0 } else { upkeep::storage(tenant)?.log_bytes > 0 };
    if has_log {
        told.run("logs", || upkeep::flush_log(tenant))?;
    }
    if rewritten > 0 && !run.dry_run() {
        is_sound(tenant, told)?;
    }
    Ok(())
}

/// Whether the structure can be worked on. Every damage is told.
fn is_sound(tenant: &str, told: &mut Told) -> Result<bool> {
    let damage = upkeep::check_structure(tenant)?;
    let is_sound = damage.iter().all(|damage| damage.kind != DamageKind::Structure);
    told.damaged(tenant, damage, is_sound);
    Ok(is_sound)
}

/// Whether so much of it is empty. A few empty pages are filled by the next rows.
fn is_worth_compacting(storage: &Storage, percent: u64) -> bool {
    const LITTLE: u64 = 256 << 10;
    storage.free_bytes >= LITTLE && storage.free_bytes * 100 >= storage.bytes * percent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_little_or_below_the_threshold_is_not_worth_it() {
        for (bytes, free_bytes, percent, is) in [
            (1 << 30, 200 << 20, 20, false),
            (1 << 30, 205 << 20, 20, true),
            (300 << 10, 255 << 10, 20, false),
            (300 << 10, 256 << 10, 20, true),
            (1 << 20, 1 << 20, 100, true),
            (0, 0, 1, false),
        ] {
            let storage = Storage { bytes, free_bytes, ..Storage::default() };
            assert_eq!(is_worth_compacting(&storage, percent), is, "{free_bytes} of {bytes}");
        }
    }
}
