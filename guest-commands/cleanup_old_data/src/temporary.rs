//! Old files of the tenant's temporary folder, by the time at which they were last written.

use encargo_sdk::prelude::*;

use crate::Job;
use crate::cleaned::{Cleaned, Reason};

/// How many names are looked at in one call.
const PAGE: u32 = 1_000;

/// Removes the tenant's old temporary files. One that cannot be removed does not stop the others.
pub(crate) fn clean(job: &Job<'_>, cleaned: &mut Cleaned) -> Result<()> {
    let root = files::root("temporary");
    let mut kept = job.run.take_up("files", String::new(), || Ok(cleaned.clone()))?;
    *cleaned = kept.totals().clone();
    let mut after = kept.after().cloned();
    // How many of the files are old is known once all were looked at.
    let removing = Phase::new(text!("removing", "eliminando"), text!("old files", "archivos antiguos"));
    job.run.progress(&removing, cleaned.deleted);
    while let Some(mut came_to) = after {
        let page = root.list(Some(came_to.as_str()).filter(|name| !name.is_empty()), PAGE)?;
        let before = cleaned.deleted;
        let walked: Result<()> = page.iter().try_for_each(|entry| {
            job.run.check()?;
            look_at(job, &root, entry, cleaned)?;
            came_to.clone_from(&entry.name);
            Ok(())
        });
        after = (!page.is_empty()).then_some(came_to);
        // What was removed is kept also when the run ends here; where nothing is old there is nothing to keep.
        if cleaned != kept.totals() || (after.is_none() && cleaned.matched > 0) {
            let done = cleaned.deleted - before;
            kept.save(job.database, Step { next: after.clone(), done }, cleaned.clone())?;
        }
        walked?;
        job.run.progress(&removing, cleaned.deleted);
    }
    Ok(())
}

/// Removes one file, if it is old.
fn look_at(job: &Job<'_>, root: &files::Root<'_>, entry: &files::Entry, cleaned: &mut Cleaned) -> Result<()> {
    let Some(modified_at) = entry.modified_at.map(Instant::from_micros) else {
        cleaned.matched += 1;
        match cleaned.kept.first_mut() {
            Some((_, unknown)) => *unknown += 1,
            None => cleaned.kept = vec![(Reason::UnknownAge, 1)],
        }
        return Ok(());
    };
    if modified_at >= job.cutoff {
        return Ok(());
    }
    match root.remove(&entry.name) {
        Ok(bytes) => {
            cleaned.matched += 1;
            cleaned.deleted += 1;
            cleaned.bytes += bytes;
            cleaned.age(modified_at);
        }
        // Somebody else was faster: it is gone, as it should be.
        Err(error) if error.code() == ErrorCode::NotFound => {}
        Err(error) if error.ends_run() => return Err(error),
        Err(error) => {
            let (name, message) = (&entry.name, error.message);
            warn!("could not remove `{name}`: {message}", name = name);
            cleaned.matched += 1;
            cleaned.failed += 1;
        }
    }
    Ok(())
}
