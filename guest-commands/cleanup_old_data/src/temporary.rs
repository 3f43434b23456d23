//! Old files of the tenant's temporary folder, by the time at which they were last written.

use encargo_sdk::prelude::*;

use crate::Job;
use crate::cleaned::{Cleaned, Reason};

/// How many names are looked at in one call.
const PAGE: u32 = 1_000;

/// Removes the tenant's old temporary files. One that cannot be removed does not stop the others.
pub(crate) fn clean(job: &Job<'_>, cleaned: &mut Cleaned) -> Result<()> {
    let root = files::root("temporary");
    let (mut after, mut unknown) = (None::<String>, 0);
    loop {
        let page = root.list(after.as_deref(), PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(last.name.clone());
        for entry in page {
            job.run.check()?;
            let Some(modified_at) = entry.modified_at.map(Instant::from_micros) else {
                unknown += 1;
                continue;
            };
            if modified_at >= job.cutoff {
                continue;
            }
            let name = entry.name;
            match root.remove(&name) {
                Ok(bytes) => {
                    cleaned.matched += 1;
                    cleaned.deleted += 1;
                    cleaned.bytes += bytes;
                    cleaned.age(modified_at);
                }
                // Somebody else was faster: it is gone, as it should be.
                Err(error) if error.code == ErrorCode::NotFound => {}
                Err(error) if job.ends(&error) => return Err(error),
                Err(error) => {
                    let message = error.message;
                    warn!("could not remove `{name}`: {message}", name = name);
                    cleaned.matched += 1;
                    cleaned.failed += 1;
                }
            }
        }
        job.run.progress(cleaned.deleted, None, &text!("files", "archivos"));
    }
    cleaned.matched += unknown;
    cleaned.kept = vec![(Reason::UnknownAge, unknown)];
    Ok(())
}
