//! Old files of the tenant's folders, by the time at which they were last written: temporary ones, and media that no row
//! speaks of. Media is put in place before its row, so only what is old is taken for left behind.

use std::collections::HashSet;

use encargo_sdk::prelude::*;
use encargo_sdk::sql::{HUNDRED, in_hundred};

use crate::Job;
use crate::cleaned::{Cleaned, Reason, Target};
use crate::pace::Due;
use crate::sql;

/// Removes the tenant's old temporary files or media. One that cannot be removed does not stop the others.
pub(crate) fn clean(job: &Job<'_>, cleaned: &mut Cleaned) -> Result<()> {
    let is_media = cleaned.target == Target::Media;
    let root = files::root(if is_media { "media" } else { "temporary" });
    let mut kept = job.run.take_up(cleaned.target.word(), String::new(), || Ok(cleaned.clone()))?;
    *cleaned = kept.totals().clone();
    let Some(mut came_to) = kept.after().cloned() else { return Ok(()) };
    // How many of the files are old is known once all were looked at.
    let removing = Phase::new(text!("removing", "eliminando"), text!("old files", "archivos antiguos"));
    job.run.progress(&removing, cleaned.deleted);
    for page in root.pages(Some(came_to.clone()).filter(|name| !name.is_empty())) {
        let (page, before) = (page?, cleaned.deleted);
        let used = if is_media { used(job, &page)? } else { HashSet::new() };
        let mut is_due = Due::GoOn;
        let walked: Result<()> = page.iter().try_for_each(|entry| {
            job.run.check()?;
            is_due = job.pace.due(cleaned.deleted);
            if is_due != Due::GoOn {
                return Ok(());
            }
            if !used.contains(&entry.name) {
                look_at(&root, entry, cleaned)?;
            }
            came_to.clone_from(&entry.name);
            Ok(())
        });
        // What was removed is kept also when the run ends here; where nothing is old there is nothing to keep.
        if cleaned != kept.totals() {
            let step = Step { next: Some(came_to.clone()), done: cleaned.deleted - before };
            kept.save(job.database, step, cleaned.clone())?;
        }
        walked?;
        job.run.progress(&removing, cleaned.deleted);
        if is_due != Due::GoOn {
            cleaned.is_cut_short = true;
            break;
        }
        job.pace.pause(job.run)?;
    }
    if cleaned.matched > 0 {
        kept.save(job.database, Step { next: None, done: 0 }, cleaned.clone())?;
    }
    Ok(())
}

/// The names of a page that rows speak of.
fn used(job: &Job<'_>, page: &[files::Entry]) -> Result<HashSet<String>> {
    let names: Vec<&str> = page.iter().map(|entry| entry.name.as_str()).collect();
    let mut used = HashSet::new();
    for names in names.chunks(HUNDRED) {
        let parameters = in_hundred(names).unwrap_or_default();
        used.extend(job.database.rows::<String>(sql::USED_MEDIA, &parameters)?);
    }
    Ok(used)
}

/// Removes one file, if it is old.
fn look_at(root: &files::Root<'_>, entry: &files::Entry, cleaned: &mut Cleaned) -> Result<()> {
    let Some(modified_at) = entry.modified_at.map(Instant::from_micros) else {
        cleaned.matched += 1;
        match cleaned.kept.first_mut() {
            Some((_, unknown)) => *unknown += 1,
            None => cleaned.kept = vec![(Reason::UnknownAge, 1)],
        }
        return Ok(());
    };
    if modified_at >= cleaned.cutoff {
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
