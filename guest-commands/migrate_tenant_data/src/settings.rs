//! Settings, which have no id: their name is all that they are known by.

use encargo_sdk::journal::{Entry, kept};
use encargo_sdk::prelude::*;

use crate::copying::Copying;
use crate::rows::Setting;
use crate::sql;
use crate::told::{Copied, NAMED};
use crate::transfer::OnConflict;
use encargo_sdk::secrets::is_secret;

/// The relation, as journals and reports name it.
pub(crate) const RELATION: &str = "settings";

/// Where settings are written.
pub(crate) fn into() -> Writer {
    Writer::into(RELATION).key(["name"]).update()
}

/// Copies the settings. One of the same name is never copied under another one: nothing would read it.
pub(crate) fn copy(copying: &Copying<'_>, include_secrets: bool) -> Result<Copied> {
    let mut copied = Copied::of(RELATION);
    let mut after = String::new();
    loop {
        copying.run.check()?;
        let page: Vec<Setting> = copying.source.rows(sql::SETTINGS, &[&after])?;
        let Some(last) = page.last() else { return Ok(copied) };
        after.clone_from(&last.name);
        for setting in page {
            copied.source += 1;
            if is_secret(&setting.name) && !include_secrets {
                copied.secrets += 1;
                copied.skipped += 1;
                continue;
            }
            one(copying, setting, &mut copied)?;
        }
    }
}

fn one(copying: &Copying<'_>, mut wanted: Setting, copied: &mut Copied) -> Result<()> {
    let there: Option<Setting> = copying.target.row(sql::SETTING, &[&wanted.name])?;
    wanted.updated_at = copying.run.started_at();
    let entry = match &there {
        Some(there) if there.value == wanted.value => {
            copied.unchanged += 1;
            return Ok(());
        }
        Some(there) => match copying.on_conflict {
            OnConflict::Overwrite => {
                copied.overwritten += 1;
                Entry::updated(RELATION, &wanted.name, kept(there)?, wanted.state())
            }
            OnConflict::Skip | OnConflict::Rename => {
                copied.skipped += 1;
                return Ok(());
            }
            OnConflict::Fail => {
                if copied.conflicts.len() < NAMED {
                    copied.conflicts.push(wanted.name);
                }
                return Ok(());
            }
        },
        None => {
            copied.created += 1;
            Entry::created(RELATION, &wanted.name, wanted.state())
        }
    };
    copying.target.write_rows(&into(), [&wanted])?;
    copying.journal.note(copying.target, &[entry])?;
    copied.written.add(&wanted.state());
    if let Some(row) = copying.target.row::<Setting>(sql::SETTING, &[&wanted.name])? {
        copied.read_back.add(&row.state());
    }
    Ok(())
}
